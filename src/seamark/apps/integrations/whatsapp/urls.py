"""Addresses of the integration."""

from __future__ import annotations

from django.urls import path

from seamark.apps.integrations.whatsapp import views

app_name = "whatsapp"
urlpatterns = [path("<slug:source>", views.webhook, name="webhook")]

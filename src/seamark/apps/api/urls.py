"""Addresses of the settings of other systems."""

from django.urls import path

from seamark.apps.api import pages

app_name = "connections"
urlpatterns = [
    path("keys/", pages.keys, name="keys"),
    path("keys/<int:id>/revoke/", pages.revoke, name="revoke"),
    path("webhooks/", pages.webhooks, name="webhooks"),
    path("webhooks/<int:id>/", pages.webhook, name="webhook"),
]

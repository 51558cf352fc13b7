"""The addresses of the inbox's settings, below those of all settings."""

from __future__ import annotations

from django.urls import path

from seamark.apps.inbox import views

app_name = "inbox"
urlpatterns = [
    path("", views.words, name="words"),
    path("<int:id>/", views.words, name="change-words"),
    path("<int:id>/remove/", views.remove_words, name="remove-words"),
]

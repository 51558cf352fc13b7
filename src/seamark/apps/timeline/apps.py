"""The app's entry in Django's registry."""

from django.apps import AppConfig


class Timeline(AppConfig):
    name = "seamark.apps.timeline"
    label = "timeline"

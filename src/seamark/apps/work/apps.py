"""The app's entry in Django's registry."""

from django.apps import AppConfig


class WorkApp(AppConfig):
    name = "seamark.apps.work"
    label = "work"

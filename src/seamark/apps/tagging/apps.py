"""The app's entry in Django's registry."""

from django.apps import AppConfig


class Tagging(AppConfig):
    name = "seamark.apps.tagging"
    label = "tagging"

"""The app's entry in Django's registry."""

from django.apps import AppConfig


class Seas(AppConfig):
    name = "seamark.apps.seas"
    label = "seas"

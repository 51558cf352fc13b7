"""The app's entry in Django's registry."""

from django.apps import AppConfig


class Channels(AppConfig):
    name = "seamark.apps.channels"
    label = "channels"

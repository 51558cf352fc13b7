"""The app's entry in Django's registry."""

from django.apps import AppConfig


class Api(AppConfig):
    name = "seamark.apps.api"
    label = "api"

"""The app's entry in Django's registry."""

from django.apps import AppConfig


class Desk(AppConfig):
    name = "seamark.apps.desk"
    label = "desk"

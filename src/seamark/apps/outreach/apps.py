"""The app's entry in Django's registry."""

from django.apps import AppConfig


class Outreach(AppConfig):
    name = "seamark.apps.outreach"
    label = "outreach"

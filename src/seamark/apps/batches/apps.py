"""The app's entry in Django's registry."""

from django.apps import AppConfig


class Batches(AppConfig):
    name = "seamark.apps.batches"
    label = "batches"

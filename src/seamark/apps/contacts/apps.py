"""The app's entry in Django's registry."""

from django.apps import AppConfig


class Contacts(AppConfig):
    name = "seamark.apps.contacts"
    label = "contacts"

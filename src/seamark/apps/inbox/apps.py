"""The app's entry in Django's registry."""

from django.apps import AppConfig


class Inbox(AppConfig):
    name = "seamark.apps.inbox"
    label = "inbox"

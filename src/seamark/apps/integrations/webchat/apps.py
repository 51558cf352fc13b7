"""The integration's entry in Django's registry, for its pages and files."""

from django.apps import AppConfig


class WebChat(AppConfig):
    name = "seamark.apps.integrations.webchat"
    label = "webchat"

"""The app's entry in Django's registry."""

from django.apps import AppConfig


class Accounts(AppConfig):
    name = "seamark.apps.accounts"
    label = "accounts"

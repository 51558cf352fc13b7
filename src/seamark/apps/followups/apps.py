"""The app's entry in Django's registry."""

from django.apps import AppConfig


class FollowUps(AppConfig):
    name = "seamark.apps.followups"
    label = "followups"

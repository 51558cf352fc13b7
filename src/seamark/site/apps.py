"""The site as a Django app, so that its commands, templates and template tags are found."""

from django.apps import AppConfig


class Site(AppConfig):
    """Pages and parts of pages that all apps share."""

    name = "seamark.site"
    label = "site"

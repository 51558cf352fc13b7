"""The addresses of the desk."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from seamark.apps.desk import contact_list

app_name = "desk"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="desk:contacts"), name="home"),
    path("contacts/", contact_list.contacts, name="contacts"),
    path("contacts/amount/", contact_list.contacts_amount, name="contacts-amount"),
]

"""The addresses that the frame of a page leads to, without the pages."""

from django.http import HttpResponse
from django.urls import include, path

NOTICES = [
    path("notices/", lambda request: HttpResponse(), name="notices"),
    path("notices/count/", lambda request: HttpResponse(), name="notices-count"),
]
urlpatterns = [
    path("", lambda request: HttpResponse(), name="today"),
    path("contacts/", lambda request: HttpResponse(), name="contacts"),
    path("settings/", include((NOTICES, "accounts"))),
    path("work/", include(([path("", lambda request: HttpResponse(), name="works")], "work"))),
    path("logout/", lambda request: HttpResponse(), name="account_logout"),
    path("language/", include("django.conf.urls.i18n")),
]

"""Every address of the site."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from seamark.apps.accounts.views import switch_language
from seamark.apps.api.routes import api
from seamark.site import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("hooks/whatsapp/", include("seamark.apps.integrations.whatsapp.urls")),
    path("api/v1/", api.urls),
    path("settings/", include("seamark.apps.accounts.urls")),
    path("account/", include("allauth.urls")),
    path("language/", switch_language, name="set_language"),
    path("", include("seamark.apps.desk.urls")),
]

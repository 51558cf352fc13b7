"""Every address of the site."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import TemplateView

from seamark.apps.accounts.views import switch_language
from seamark.apps.api.routes import api
from seamark.apps.channels.views import follow
from seamark.site import health


class NoMail(TemplateView):
    """Stands where a new password would be asked for by mail."""

    template_name = "account/no_mail.html"


urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("l/<slug:token>", follow, name="short-link"),
    path("chat/", include("seamark.apps.integrations.webchat.urls")),
    path("hooks/whatsapp/", include("seamark.apps.integrations.whatsapp.urls")),
    path("api/v1/", api.urls),
    path("work/", include("seamark.apps.work.urls")),
    path("batches/", include("seamark.apps.batches.urls")),
    path("settings/words/", include("seamark.apps.inbox.urls")),
    path("settings/channels/", include("seamark.apps.channels.urls")),
    path("settings/connections/", include("seamark.apps.api.urls")),
    path("settings/", include("seamark.apps.accounts.urls")),
    *([] if settings.CAN_MAIL else [path("account/password/reset/", NoMail.as_view())]),
    path("account/", include("allauth.urls")),
    path("language/", switch_language, name="set_language"),
    path("", include("seamark.apps.tagging.urls")),
    path("", include("seamark.apps.desk.urls")),
]

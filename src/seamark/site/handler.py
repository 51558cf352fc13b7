"""How the web process goes through a request."""

from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from granian.utils.proxies import wrap_asgi_with_proxy_headers
from servestatic.middleware import ServeStaticMiddleware

from seamark.site.middleware import Answer


class Handler(ASGIHandler):
    """Static files are served at once; for all else one thread goes through all middleware and the view.

    Django by itself goes over to another thread and back wherever middleware that is async stands beside one that is
    not: that took half of the time of a request.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)
        below: Answer = self._middleware_chain  # type: ignore[has-type]
        self._middleware_chain = ServeStaticMiddleware(sync_to_async(below))


def behind_proxies(handler: Handler) -> Any:
    """The handler, which takes a proxy's word (`SEAMARK_PROXIES`) for where a browser comes from, and nobody else's."""
    return wrap_asgi_with_proxy_headers(handler, settings.PROXIES)

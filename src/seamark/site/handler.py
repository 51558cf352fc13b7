"""How the web process goes through a request."""

import atexit
import gc
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.urls import get_resolver
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


def load_for_good() -> None:
    """Load what pages are made by, and leave all that is loaded out of the search for garbage.

    That search goes through whatever has lived for long, again and again: a page in ten would wait for it, 0.15 s each.
    """
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # libraries complain of what they find left over in the end

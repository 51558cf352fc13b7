"""Who may open a page at all: members only, unless its address is open, and those with a right where one is asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from seamark.apps.accounts.access import may
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action

OPEN = ("/account/", "/api/", "/chat/", "/health/", "/hooks/", "/l/", "/language/", "/metrics", "/static/")
"""Whatever lies below these looks after itself: it signs in, has a key or a signature, or is for everybody."""

Answer = Callable[[HttpRequest], HttpResponse]
View = Callable[Concatenate[HttpRequest, ...], HttpResponse]


def members_only(get_response: Answer) -> Answer:
    """Everybody else is sent to sign in; a part of a page that htmx asks for makes the whole page go there."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated or request.path.startswith(OPEN):
            return get_response(request)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return redirect_to_login(request.get_full_path())

    return answer


def needs(action: Action) -> Callable[[View], View]:
    """The view is for members who may do this; others get 403."""

    def guarded(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(member_of(request), action):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return guarded


def member_of(request: HttpRequest) -> Member:
    """The member who asks."""
    if not isinstance(request.user, Member):
        raise PermissionDenied
    return request.user

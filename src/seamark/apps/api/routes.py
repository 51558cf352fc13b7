"""`/api/v1`: events in; contacts, their tags, why and then out. A key reaches what its member reaches."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header, NinjaAPI, Status
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.security import HttpBearer
from ninja.throttling import AuthRateThrottle
from pydantic import AwareDatetime

from seamark import __version__
from seamark.apps.accounts.access import reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.roles import Action
from seamark.apps.api.keys import key_of
from seamark.apps.api.models import Key
from seamark.apps.api.schemas import (
    Accepted,
    ContactOut,
    EventIn,
    EventsIn,
    EvidenceOut,
    HandIn,
    HeldOut,
    IdempotencyKey,
    PartOut,
    Problem,
    TagOut,
    ThenOut,
    WhyOut,
)
from seamark.apps.contacts.access import contact_for
from seamark.apps.contacts.masks import masks_of
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging import actions, queries
from seamark.apps.tagging.rulebooks import live_rulebook
from seamark.apps.timeline import intake
from seamark.engine.moments import as_datetime
from seamark.engine.why import Part
from seamark.engine.write import write

RATE = f"{settings.API_REQUESTS_A_MINUTE}/min"


class Bearer(HttpBearer):
    """`Authorization: Bearer <key>`."""

    def authenticate(self, request: HttpRequest, token: str) -> Key | None:
        key = key_of(token)
        if key and (key.used_at is None or (timezone.now() - key.used_at).total_seconds() > 60):
            Key.objects.filter(pk=key.pk).update(used_at=timezone.now())
        return key


class KeyThrottle(AuthRateThrottle):
    """Counts the requests of each key."""

    def get_cache_key(self, request: HttpRequest) -> str:
        return f"api-{request.auth.pk}"  # type: ignore[attr-defined]


api = NinjaAPI(
    title="Seamark",
    version=__version__,
    description="Events in, tags out. Every time is ISO 8601; every error is `{code, message, details}`.",
    auth=Bearer(),
    throttle=[KeyThrottle(RATE)],
    docs_url=None,
    urls_namespace="api",
)
WRONG = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 422: Problem, 429: Problem}


class Forbidden(Exception):
    """The key lacks a scope."""


def _key(request: HttpRequest, scope: Key.Scope) -> Key:
    key: Key = request.auth  # type: ignore[attr-defined]
    if scope not in key.scopes:
        raise Forbidden(scope)
    return key


def _contact(request: HttpRequest, id: int, scope: Key.Scope = Key.Scope.CONTACTS) -> Contact:
    key = _key(request, scope)
    action = Action.EDIT if scope == Key.Scope.TAGS else Action.VIEW
    return contact_for(key.member, id, action)


# --- In ---


@api.post("/events", response={202: Accepted, **WRONG}, summary="Tell of events")
def tell_events(
    request: HttpRequest,
    told: EventsIn,
    idempotency_key: IdempotencyKey | None = Header(None, alias="Idempotency-Key"),  # type: ignore[type-arg]
) -> Status[Accepted]:
    """Stored before this answers, and read in moments.

    Sent again with the same Idempotency-Key, or without one and with the same body, nothing happens.
    """
    key = _key(request, Key.Scope.EVENTS)
    marked = f"key {idempotency_key}" if idempotency_key else f"body {hashlib.sha256(request.body).hexdigest()}"
    body = b'{"events":[' + b",".join(_stored(event, marked, place) for place, event in enumerate(told.events)) + b"]}"
    new = intake.accept(source=key.source_id, channel_kind="api", source_key=marked, body=body)
    return Status(202, Accepted(accepted=len(told.events), repeated=not new))


def _stored(event: EventIn, marked: str, place: int) -> bytes:
    """An event without an id gets one of the request it came in."""
    named = event if event.id is not None else event.model_copy(update={"id": f"{marked}#{place}"})
    return named.model_dump_json().encode()


# --- Out ---


@api.get("/tags", response={200: list[TagOut], **WRONG}, summary="The tags of the live rulebook")
def tags(request: HttpRequest) -> list[TagOut]:
    """With how many of the contacts that the key reaches hold each."""
    key = _key(request, Key.Scope.CONTACTS)
    live = live_rulebook()
    if live is None:
        return []
    counted = queries.counts(reach(key.member, Action.VIEW))
    return [
        TagOut(
            tag=tag.name,
            title=tag.title["en"],
            color=tag.color,
            by_hand=tag.by_hand,
            contacts=counted.get(tag.name, 0),
        )
        for tag in live.rulebook.tags.values()
        if not tag.unlisted
    ]


@api.get("/contacts/{id}", response={200: ContactOut, **WRONG}, summary="A contact and its tags")
def contact(request: HttpRequest, id: int) -> ContactOut:
    """404 also for a contact that the key does not reach."""
    found = _contact(request, id)
    return ContactOut(
        id=found.pk,
        name=masks_of(request.auth.member).known_name(found),  # type: ignore[attr-defined]
        owner=found.owner.name if found.owner else None,
        team=found.team.name,
        last_event_at=found.standing.last_event_at,
        tags=_held(queries.held_by([found.pk]).get(found.pk, [])),
    )


@api.get("/contacts/{id}/then", response={200: ThenOut, **WRONG}, summary="The tags held at a moment")
def then(request: HttpRequest, id: int, at: AwareDatetime) -> ThenOut:
    """As the live rulebook sees it, with what is known today."""
    found = _contact(request, id)
    _not_ahead(at)
    return ThenOut(at=at, tags=_held(_asked(lambda: queries.held_then(found, at))))


@api.get("/contacts/{id}/why", response={200: WhyOut, **WRONG}, summary="Why a tag is held, or not")
def why(request: HttpRequest, id: int, tag: str, at: AwareDatetime | None = None) -> WhyOut:
    """Each part of the condition, the events behind it, since when, and what will change it."""
    found = _contact(request, id)
    if at:
        _not_ahead(at)
    account, masks = _asked(lambda: queries.why_of(found, tag, at)), masks_of(_key(request, Key.Scope.CONTACTS).member)
    return WhyOut(
        tag=tag,
        at=_time(account.moment),
        held=account.held,
        decided_by=account.decided_by,
        since=None if account.since is None else _time(account.since),
        condition=account.account and _part(account.account, partial(masks.props, found)),
        changes_at=None if account.changes_at is None else _time(account.changes_at),
        changes_to=list(account.changes_to),
    )


@api.post("/contacts/{id}/tags", response={200: ContactOut, **WRONG}, summary="Set, clear or lift a tag by hand")
def hand(request: HttpRequest, id: int, told: HandIn) -> ContactOut:
    """The hand wins over what the tag computes to, until it ends or is lifted."""
    found = _contact(request, id, Key.Scope.TAGS)
    member = _key(request, Key.Scope.TAGS).member
    if told.do == "lift":
        actions.lift_hand(contact=found, tag=told.tag, by=member)
    else:
        act = actions.set_tag if told.do == "set" else actions.clear_tag
        act(contact=found, tag=told.tag, by=member, until=told.until)
    return contact(request, id)


def _held(held: list[queries.HeldTag]) -> list[HeldOut]:
    return [
        HeldOut(tag=each.tag.name, title=each.tag.title["en"], color=each.tag.color, since=each.since) for each in held
    ]


def _part(part: Part, hide: Callable[[Mapping[str, Any]], dict[str, Any]]) -> PartOut:
    return PartOut(
        says=write(part.condition),
        true=part.true,
        evidence=[
            EvidenceOut(occurred_at=_time(event.occurred_at), kind=event.kind, props=hide(event.props))
            for event in part.evidence
        ],
        parts=[_part(each, hide) for each in part.parts],
    )


def _time(moment: int) -> datetime:
    return as_datetime(moment).astimezone(UTC)


def _not_ahead(at: datetime) -> None:
    if at > timezone.now():
        raise ActionRefused("ahead", "Nobody knows yet what will be held then.")


def _asked(question: Callable[[], Any]) -> Any:
    try:
        return question()
    except LookupError:
        raise Http404 from None


# --- Errors, all of one shape ---


def _problem(request: HttpRequest, status: int, code: str, message: str, details: Any = ()) -> HttpResponse:
    told = {"code": code, "message": message, "details": list(details)}
    return api.create_response(request, told, status=status)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    details = [{"where": list(map(str, each["loc"])), "what": each["msg"]} for each in error.errors]
    return _problem(request, 422, "invalid", "The request does not have the expected shape.", details)


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _problem(request, error.status_code, "unreadable", str(error))


@api.exception_handler(ActionRefused)
def _refused(request: HttpRequest, error: ActionRefused) -> HttpResponse:
    return _problem(request, 400, error.code, str(error.message))


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _problem(request, 401, "unauthorised", "Send `Authorization: Bearer` with a key that is active.")


@api.exception_handler(Forbidden)
def _forbidden(request: HttpRequest, error: Forbidden) -> HttpResponse:
    return _problem(request, 403, "scope-missing", f"The key lacks the scope {error}.")


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return _problem(request, 404, "not-found", "There is nothing here that this key may see.")


@api.exception_handler(Throttled)
def _throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
    response = _problem(request, 429, "too-many-requests", f"At most {RATE} with one key; wait and send it again.")
    response["Retry-After"] = str(int(error.wait or 1))
    return response

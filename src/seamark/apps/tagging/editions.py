"""A rulebook's text wherever it is kept, a version or a draft, and what stands in it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from django.http import Http404

from seamark.apps.tagging.models import Draft, Version
from seamark.apps.tagging.rulebooks import rulebook_of
from seamark.engine.errors import Problem, RuleError
from seamark.engine.rulebook import Rulebook

Edition = Version | Draft
DRAFT = "draft-"


class Read(NamedTuple):
    """A text that was read: a rulebook, or what is wrong with it."""

    rulebook: Rulebook | None
    problems: tuple[Problem, ...]
    """Errors where there is no rulebook, else warnings."""


def read(edition: Edition, text: str | None = None) -> Read:
    """The rulebook of an edition, or of another text in its place."""
    included = tuple(sorted(edition.included.items()))
    params = tuple(sorted((name, str(value)) for name, value in edition.params.items()))
    return _read(edition.text if text is None else text, included, params)


@lru_cache(maxsize=8)
def _read(text: str, included: tuple[tuple[str, str], ...], params: tuple[tuple[str, str], ...]) -> Read:
    try:
        rulebook = rulebook_of(text, dict(included), dict(params))
    except RuleError as error:
        return Read(None, tuple(error.problems))
    return Read(rulebook, rulebook.warnings)


def key_of(edition: Edition) -> str:
    """What it is called in addresses."""
    return f"{DRAFT}{edition.pk}" if isinstance(edition, Draft) else str(edition.number)


def edition_of(key: str) -> Edition:
    """The edition of that key. Raises 404 where there is none."""
    number = key.removeprefix(DRAFT)
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise Http404
    found: Edition | None
    if key.startswith(DRAFT):
        found = Draft.objects.select_related("base", "changed_by").filter(pk=int(number)).first()
    else:
        found = Version.objects.select_related("published_by").filter(number=int(number)).first()
    if found is None:
        raise Http404
    return found


def live_version() -> Version | None:
    """The version that is live."""
    return Version.objects.select_related("published_by").filter(state=Version.State.LIVE).first()


def latest_versions(most: int) -> list[Version]:
    """The latest versions, newest first, without their texts."""
    return list(Version.objects.select_related("published_by").defer("text", "included").order_by("-number")[:most])


def open_drafts() -> list[Draft]:
    """Every draft, the last changed first."""
    return list(Draft.objects.select_related("base", "changed_by").order_by("-changed_at"))

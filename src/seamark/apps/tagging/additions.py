"""Conditions beside the live rulebook, such as segments: judged with it, and held as tags that are not listed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.models import Overlay, Tag, Version
from seamark.apps.tagging.rulebooks import ADDITIONS, GROUP, with_additions
from seamark.engine import tree
from seamark.engine.errors import Problem, RuleError
from seamark.engine.parse import parse

Additions = Mapping[str, Mapping[str, str]]
"""As `Overlay.additions` has them."""


class Fitted(NamedTuple):
    """What became of additions beside a rulebook."""

    names: frozenset[str]
    """Those that it can take."""
    broken: Mapping[str, str]
    """Why it cannot take the others."""


def one_at_a_time() -> None:
    """Whoever changes what is live at the same moment waits until this transaction is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('tagging.publish'))")


def latest_overlay() -> Overlay:
    """The one that counts; an empty one that is not kept where there is none yet."""
    return Overlay.objects.order_by("-pk").first() or Overlay()


@transaction.atomic
def put_addition(*, name: str, title: str, when: str) -> None:
    """Judge a condition beside the live rulebook, under this name; every contact is judged by it from now on.

    Raises `RuleError` for one that does not fit, and changes nothing then.
    """
    one_at_a_time()
    additions = {**latest_overlay().additions, name: {"title": title, "when": when}}
    live = Version.objects.filter(state=Version.State.LIVE).first()
    if live:
        fitted = fit(live.text, live.included, live.params, additions, sure={name})
        _keep(additions, fitted)
        _judge_all(live)
    else:
        _keep(additions, Fitted(frozenset(), {each: _("No rulebook is live yet.") for each in additions}))


@transaction.atomic
def drop_addition(*, name: str) -> None:
    """Judge it no more; whoever holds the tag leaves it."""
    one_at_a_time()
    overlay = latest_overlay()
    additions = {each: told for each, told in overlay.additions.items() if each != name}
    broken = {each: why for each, why in overlay.broken.items() if each != name}
    _keep(additions, Fitted(frozenset(additions) - frozenset(broken), broken))
    if live := Version.objects.filter(state=Version.State.LIVE).first():
        _judge_all(live)


def refit(text: str, included: Mapping[str, str], params: Mapping[str, object]) -> dict[str, str]:
    """Fit what stands beside to another rulebook, which is going live; returns the titles of those it newly breaks."""
    overlay = latest_overlay()
    if not overlay.additions:
        return {}
    fitted = fit(text, included, params, overlay.additions)
    if fitted.broken != overlay.broken:
        _keep(overlay.additions, fitted)
    return {name: overlay.additions[name]["title"] for name in fitted.broken if name not in overlay.broken}


def fit(
    text: str,
    included: Mapping[str, str],
    params: Mapping[str, object],
    additions: Additions,
    sure: Collection[str] = (),
) -> Fitted:
    """As many of the additions as a rulebook can take together.

    Raises `RuleError` where one of those that are `sure` is not among them.
    """
    broken: dict[str, str] = {}
    for name in sure:
        _check_alone(additions[name]["when"])
    while True:
        fitting = {name: each for name, each in additions.items() if name not in broken}
        if not fitting:
            return Fitted(frozenset(), broken)
        try:
            with_additions(text, included, params, fitting)
        except RuleError as error:
            found = _blamed(error, fitting, sure)
            if not found or found.keys() & set(sure):
                raise
            broken |= found
        else:
            return Fitted(frozenset(fitting), broken)


def _check_alone(when: str) -> None:
    """Additions stand on the rulebook, never on one another: any of them can be dropped."""
    for node in parse(when).walk():
        if isinstance(node, tree.Tagged) and node.tag.startswith(f"{GROUP}/"):
            told = _("A segment cannot stand on another segment.")
            raise RuleError(Problem("segment", told))


def _blamed(error: RuleError, fitting: Additions, sure: Collection[str]) -> dict[str, str]:
    """Of the additions those where the problems stand; the latest one where they stand in the rulebook itself."""
    blamed: dict[str, str] = {}
    for problem in error.problems:
        steps = problem.place.path.split(".")
        if problem.place.file == ADDITIONS and len(steps) > 3:
            blamed.setdefault(f"{GROUP}/{steps[3]}", problem.message)
    if not blamed:
        latest = next((name for name in reversed(list(fitting)) if name not in sure), "")
        return {latest: error.problems[0].message} if latest else {}
    return blamed


def _keep(additions: Additions, fitted: Fitted) -> None:
    known = set(Tag.objects.filter(name__in=additions).values_list("name", flat=True))
    Tag.objects.bulk_create([Tag(name=name) for name in additions if name not in known])
    Overlay.objects.create(additions=additions, broken=dict(fitted.broken), changed_at=timezone.now())


def _judge_all(live: Version) -> None:
    """Look through all contacts again."""
    Version.objects.filter(pk=live.pk).update(
        judged_to=0, contacts_done=0, contacts_total=Contact.objects.count(), settled_at=None
    )
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY published")

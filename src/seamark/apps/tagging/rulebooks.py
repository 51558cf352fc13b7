"""The live rulebook, ready to be asked: compiled once a process for each version that goes live."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Subquery

from seamark.apps.tagging.models import Overlay, Tag, Version
from seamark.engine.online import Online
from seamark.engine.plan import Plan, plan_rulebook
from seamark.engine.rulebook import Rulebook, load_rulebook
from seamark.histories.annotation import Reader, reader_for
from seamark.rulebooks import bundled, fetch

ORGANISATION_ZONE = ZoneInfo(settings.ORGANISATION_ZONE)
FILE = "rulebook.yaml"
"""What a rulebook's own text is called, in the places of its problems."""
ADDITIONS = "additions.yaml"
"""What stands beside it is called so."""
GROUP = "segment"
"""The tag group of additions; no rulebook may have one of that name."""


@dataclass(frozen=True)
class Live:
    """A published rulebook and everything made from it."""

    version_id: int
    number: int
    since: datetime
    """When it went live, or the overlay with it."""
    rulebook: Rulebook
    """As it was published."""
    whole: Rulebook
    """With what is judged beside it (`Overlay`); plan and evaluator are of this one."""
    plan: Plan
    online: Online
    tag_ids: Mapping[str, int]

    @cached_property
    def tag_names(self) -> dict[int, str]:
        return {id: name for name, id in self.tag_ids.items()}

    @cached_property
    def reader(self) -> Reader | None:
        """What reads texts for it; None where it looks at none."""
        return reader_for(self.whole)


def live_rulebook() -> Live | None:
    """The live version now, with the latest overlay; None before the first is published."""
    latest = Overlay.objects.order_by("-pk").values("pk")[:1]
    live = Version.objects.filter(state=Version.State.LIVE).annotate(overlay=Subquery(latest))
    found = live.values_list("pk", "overlay").first()
    return compiled(*found) if found else None


@lru_cache(maxsize=4)
def compiled(version_id: int, overlay_id: int | None = None) -> Live:
    """A version, compiled. What was published was checked, so this does not fail."""
    version = Version.objects.get(pk=version_id)
    rulebook = rulebook_of(version.text, version.included, version.params)
    overlay = Overlay.objects.get(pk=overlay_id) if overlay_id else Overlay()
    fitting = {name: each for name, each in overlay.additions.items() if name not in overlay.broken}
    whole = with_additions(version.text, version.included, version.params, fitting) if fitting else rulebook
    plan = plan_rulebook(whole)
    ids = dict(Tag.objects.filter(name__in=plan.tags).values_list("name", "pk"))
    since = max(version.published_at, overlay.changed_at or version.published_at)
    return Live(version.pk, version.number, since, rulebook, whole, plan, Online(plan, ORGANISATION_ZONE), ids)


def with_additions(
    text: str, included: Mapping[str, str], params: Mapping[str, object], additions: Mapping[str, Mapping[str, str]]
) -> Rulebook:
    """The rulebook of a text with additions beside it (`Overlay.additions`).

    Raises `RuleError` where they do not fit together; problems of an addition stand in the file `ADDITIONS`.
    """
    tags = {
        name.partition("/")[2]: {
            "title": {"en": each["title"], "zh": each["title"]},
            "when": each["when"],
            "unlisted": True,
        }
        for name, each in additions.items()
    }
    beside = {
        "rulebook": "with-additions",
        "include": [FILE],
        "groups": {GROUP: {"title": {"en": "Segments", "zh": "客群"}, "kind": "set", "tags": tags}},
    }

    def find(name: str, beside: str) -> tuple[str, str]:
        return (text, FILE) if name == FILE else (included_text(name, included), f"{name}.yaml")

    whole = load_rulebook(json.dumps(beside, ensure_ascii=False), ADDITIONS, find)
    return _with_figures(whole, params)


def rulebook_of(text: str, included: Mapping[str, str], params: Mapping[str, object]) -> Rulebook:
    """The rulebook of a text. Raises `RuleError` for one that cannot work.

    `included` holds texts kept with it, by the name they are included under; of `params` those count that it has.
    """

    def find(name: str, beside: str) -> tuple[str, str]:
        return included_text(name, included), f"{name}.yaml"

    return _with_figures(load_rulebook(text, FILE, find), params)


def _with_figures(rulebook: Rulebook, params: Mapping[str, object]) -> Rulebook:
    known = {name: value for name, value in params.items() if name in rulebook.params}
    return rulebook.with_params(known) if known else rulebook


def included_text(name: str, included: Mapping[str, str]) -> str:
    """What a rulebook includes under this name: as it was kept with it, or else the bundled one.

    Whoever writes rulebooks in the desk reads no other file of the machine.
    """
    if name in included:
        return included[name]
    if name not in bundled():
        raise LookupError(f"There is no bundled rulebook {name!r}; bundled are {', '.join(bundled())}")
    return fetch(name, "")[0]

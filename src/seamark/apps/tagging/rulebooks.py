"""The live rulebook, ready to be asked: compiled once a process for each version that goes live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings

from seamark.apps.tagging.models import Tag, Version
from seamark.engine.online import Online
from seamark.engine.plan import Plan, plan_rulebook
from seamark.engine.rulebook import Rulebook, load_rulebook
from seamark.histories.annotation import Reader, reader_for
from seamark.rulebooks import bundled, fetch

ORGANISATION_ZONE = ZoneInfo(settings.ORGANISATION_ZONE)
FILE = "rulebook.yaml"
"""What a rulebook's own text is called, in the places of its problems."""


@dataclass(frozen=True)
class Live:
    """A published rulebook and everything made from it."""

    version_id: int
    number: int
    rulebook: Rulebook
    plan: Plan
    online: Online
    tag_ids: Mapping[str, int]

    @cached_property
    def tag_names(self) -> dict[int, str]:
        return {id: name for name, id in self.tag_ids.items()}

    @cached_property
    def reader(self) -> Reader | None:
        """What reads texts for it; None where it looks at none."""
        return reader_for(self.rulebook)


def live_rulebook() -> Live | None:
    """The live version now; None before the first is published."""
    id = Version.objects.filter(state=Version.State.LIVE).values_list("pk", flat=True).first()
    return compiled(id) if id else None


@lru_cache(maxsize=4)
def compiled(version_id: int) -> Live:
    """A version, compiled. What was published was checked, so this does not fail."""
    version = Version.objects.get(pk=version_id)
    rulebook = rulebook_of(version.text, version.included, version.params)
    plan = plan_rulebook(rulebook)
    ids = dict(Tag.objects.filter(name__in=plan.tags).values_list("name", "pk"))
    return Live(version.pk, version.number, rulebook, plan, Online(plan, ORGANISATION_ZONE), ids)


def rulebook_of(text: str, included: Mapping[str, str], params: Mapping[str, object]) -> Rulebook:
    """The rulebook of a text. Raises `RuleError` for one that cannot work.

    `included` holds texts kept with it, by the name they are included under; of `params` those count that it has.
    """

    def find(name: str, beside: str) -> tuple[str, str]:
        return included_text(name, included), f"{name}.yaml"

    rulebook = load_rulebook(text, FILE, find)
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

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
from seamark.rulebooks import fetch

ORGANISATION_ZONE = ZoneInfo(settings.ORGANISATION_ZONE)


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
    """The rulebook of a published text. Raises `RuleError` for one that cannot work."""

    def find(name: str, beside: str) -> tuple[str, str]:
        return (included[name], f"{name}.yaml") if name in included else fetch(name, "")

    rulebook = load_rulebook(text, "rulebook.yaml", find)
    return rulebook.with_params(params) if params else rulebook

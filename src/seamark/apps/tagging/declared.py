"""The fields of contacts that rulebooks declare, as the catalogue would have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst

from seamark.apps.accounts.money import Money
from seamark.apps.accounts.organisation import setting
from seamark.apps.contacts.models import Field
from seamark.apps.tagging.rulebooks import live_rulebook
from seamark.apps.timeline.editing import OWN
from seamark.engine.rulebook import Rulebook


def missing_fields() -> list[Field]:
    """Those that the catalogue lacks, not saved; what every contact has of its own is in none."""
    live = live_rulebook()
    known = {*OWN, *Field.objects.values_list("name", flat=True)}
    return [field for field in fields_of(live.rulebook) if field.name not in known] if live else []


def fields_of(rulebook: Rulebook) -> list[Field]:
    """Those that the rulebook and what it includes declare, not saved."""
    declared: dict[str, Any] = {}
    for source in rulebook.sources:
        declared |= source.value.get("fields", {})
    home = setting(Money).home
    return [_field(name, value, home) for name, value in declared.items()]


def _field(name: str, declared: object, home: str) -> Field:
    """As the rulebook declares it; amounts are in the organisation's currency, `home`."""
    told: Mapping[str, Any] = declared if isinstance(declared, Mapping) else {"type": declared}
    title = told.get("title", name)
    titles = title if isinstance(title, Mapping) else {"en": title, "zh": title}
    spoken = next(iter(titles.values()))
    type_ = str(told["type"])
    return Field(
        name=name,
        title_en=capfirst(str(titles.get("en", spoken)))[:100],
        title_zh=str(titles.get("zh", spoken))[:100],
        type=type_ if type_ in Field.Type else Field.Type.TEXT,
        choices=[str(each) for each in told.get("choices", ())],
        currency=home if "money" in (type_, told.get("of")) else "",
    )

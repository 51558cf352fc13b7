"""The fields of contacts that the live rulebook declares, as the catalogue would have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seamark.apps.contacts.models import Field
from seamark.apps.tagging.rulebooks import live_rulebook


def missing_fields() -> list[Field]:
    """Those that the catalogue lacks, not saved; money has no currency yet."""
    live = live_rulebook()
    if live is None:
        return []
    known = set(Field.objects.values_list("name", flat=True))
    declared: dict[str, Any] = {}
    for source in live.rulebook.sources:
        declared |= source.value.get("fields", {})
    return [_field(name, value) for name, value in declared.items() if name not in known]


def _field(name: str, declared: object) -> Field:
    told: Mapping[str, Any] = declared if isinstance(declared, Mapping) else {"type": declared}
    title = told.get("title", name)
    titles = title if isinstance(title, Mapping) else {"en": title, "zh": title}
    spoken = next(iter(titles.values()))
    type_ = str(told["type"])
    return Field(
        name=name,
        title_en=str(titles.get("en", spoken))[:100],
        title_zh=str(titles.get("zh", spoken))[:100],
        type=type_ if type_ in Field.Type else Field.Type.TEXT,
        choices=[str(each) for each in told.get("choices", ())],
    )

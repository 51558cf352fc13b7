"""What is set for the whole organisation: each app declares its own section as a frozen dataclass with defaults.

    @dataclass(frozen=True)
    class Limits:
        KEY: ClassVar = "limits"
        contacts_a_member: int = 200

`setting(Limits)` reads it; whoever changed nothing has the defaults. Values are plain: numbers, texts, truths, and
lists, mappings and dataclasses of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, ClassVar, Protocol, TypeVar

from django.db import connection, transaction
from pydantic import TypeAdapter

from seamark.apps.accounts import record
from seamark.apps.accounts.models import Deed, Member, Setting


class Section(Protocol):
    """A dataclass whose defaults hold until somebody changes them."""

    KEY: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


S = TypeVar("S", bound=Section)


def setting(section: type[S]) -> S:
    """The section as it is set now, one look-up in the database.

    Figures that a newer version added have their defaults, and those it dropped are passed over.
    """
    kept = Setting.objects.filter(key=section.KEY).values_list("value", flat=True).first() or {}
    return TypeAdapter(section).validate_python(
        {name: value for name, value in kept.items() if name in section.__dataclass_fields__}
    )


def is_set(section: type[Section]) -> bool:
    """Whether somebody has set the section, be it as its defaults are."""
    return Setting.objects.filter(key=section.KEY).exists()


@contextmanager
def alone_with(*sections: type[Section]) -> Iterator[None]:
    """Until the block ends nobody else is in one for these sections: what is read in it holds until it is set."""
    with transaction.atomic(), connection.cursor() as cursor:
        for key in sorted(section.KEY for section in sections):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('seamark setting'), hashtext(%s))", [key])
        yield


def who_changed(*sections: type[Section]) -> str:
    """The member who last changed any of them; empty: nobody did."""
    keys = [section.KEY for section in sections]
    deeds = Deed.objects.filter(what=record.What.SETTING_CHANGED, about__in=keys, by__isnull=False)
    return deeds.order_by("-pk").values_list("by__name", flat=True).first() or ""


@transaction.atomic
def change(value: Section, *, by: Member | None) -> None:
    """Set a section; the record says who did."""
    Setting.objects.update_or_create(key=value.KEY, defaults={"value": asdict(value)})
    record.note(record.What.SETTING_CHANGED, by=by, about=value.KEY)

"""What a field is filled in by: a line, a list, choices, two ends, a currency; and what was filled in."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from seamark.apps.accounts.money import Money
from seamark.apps.contacts.models import Field
from seamark.apps.contacts.typed import read_field
from seamark.apps.tagging.words import field_title
from seamark.apps.timeline.editing import OWN, Change

AMOUNTS = (Field.Type.MONEY, Field.Type.RANGE)
ENDS = ("value", "low", "high", "currency")
LANGUAGES = [("zh", gettext_lazy("Chinese")), ("en", gettext_lazy("English"))]
LONGEST_NAME = 200


class Input(NamedTuple):
    """A field of the catalogue, or one of what contacts have of their own, as it is asked for."""

    field: Field
    title: str
    given: Mapping[str, str]
    """What stands in it, by `ENDS`."""
    choices: Sequence[tuple[str, str]]
    currencies: Sequence[str]
    """Of which one is chosen; none where there is but one."""
    prefix: str = ""
    """Before the names of its parts, where a form has several fields."""
    error: str = ""

    @property
    def id(self) -> str:
        """Of its first part in the page."""
        return f"field-{self.field.name}"


def input_of(field: Field, given: Mapping[str, str], money: Money, prefix: str = "", error: str = "") -> Input:
    """The field, with what is given."""
    own = field.currency or money.home
    currencies = list(dict.fromkeys([own, *money.currencies])) if field.type in AMOUNTS and money.rates else []
    return Input(field, field_title(field), given, _choices(field), currencies, prefix, error)


def given_in(form: Mapping[str, str], prefix: str = "") -> dict[str, str]:
    """What a form says of the field."""
    return {end: form.get(f"{prefix}{end}", "") for end in ENDS}


def read_input(field: Field, given: Mapping[str, str], money: Money) -> Change:
    """The change that was filled in. Raises `ValidationError`, in words for whoever wrote it."""
    value = _read_own(field.name, given["value"]) if field.name in OWN else read_field(field, given)
    return Change(field.name, value, _currency_told(field, given["currency"], money))


def _read_own(name: str, written: str) -> str:
    text = written.strip()
    if name == "name" and len(text) > LONGEST_NAME:
        raise ValidationError(_("At most %(most)s characters.") % {"most": LONGEST_NAME})
    known = {"language": dict(LANGUAGES).keys(), "zone": zoneinfo.available_timezones()}.get(name)
    if text and known is not None and text not in known:
        raise ValidationError(_("That is not one of the choices."))
    return text


def _currency_told(field: Field, written: str, money: Money) -> str:
    """The currency that was chosen, where it is not the field's own. Raises `ValidationError` for an unknown one."""
    if field.type not in AMOUNTS or written in ("", field.currency or money.home):
        return ""
    if written not in money.currencies:
        raise ValidationError(_("No rate is known for %(currency)s.") % {"currency": written[:3]})
    return written


def _choices(field: Field) -> list[tuple[str, str]]:
    if field.name == "language":
        return [(value, str(title)) for value, title in LANGUAGES]
    if field.name == "zone":
        usual = settings.ORGANISATION_ZONE
        return [(zone, zone) for zone in (usual, *sorted(zoneinfo.available_timezones() - {usual}))]
    return [(choice, choice) for choice in field.choices]

"""What is written into a field, read by the field's type."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from seamark.apps.contacts.models import Field
from seamark.text.normalise import normalise

LONGEST = 2_000
"""Characters of a text."""
LARGEST = Decimal(10) ** 14
"""What the engine holds with its four decimals."""

Type = Field.Type


def read_field(field: Field, written: Mapping[str, str]) -> object:
    """The value, plain as JSON: what `value` says, or of a range `low` and `high`; None where nothing is written.

    Raises `ValidationError`, in words for whoever wrote it.
    """
    if field.type == Type.RANGE:
        return _range(written.get("low", ""), written.get("high", ""))
    text = written.get("value", "").strip()
    if not text:
        return None
    if len(text) > LONGEST:
        raise ValidationError(_("At most %(most)s characters.") % {"most": LONGEST})
    match field.type:
        case Type.NUMBER | Type.MONEY:
            return _number(text)
        case Type.DATE:
            return _date(text)
        case Type.CHOICE if text not in field.choices:
            raise ValidationError(_("That is not one of the choices."))
        case Type.LIST:
            return list(dict.fromkeys(filter(None, (line.strip() for line in text.splitlines()))))
    return text


def _number(text: str) -> str:
    try:
        number = Decimal(normalise(text).replace(",", "").replace(" ", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValidationError(_("That is not a number."))
    exponent = number.normalize().as_tuple().exponent
    if abs(number) >= LARGEST or (isinstance(exponent, int) and exponent < -4):
        raise ValidationError(_("At most 14 digits, and four behind the point."))
    return f"{number:f}"


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValidationError(_("That is not a date.")) from None


def _range(low: str, high: str) -> dict[str, str] | None:
    ends = {end: _number(text) for end, text in (("low", low.strip()), ("high", high.strip())) if text}
    if len(ends) == 2 and Decimal(ends["low"]) > Decimal(ends["high"]):
        raise ValidationError(_("The lower end is above the upper end."))
    return ends or None

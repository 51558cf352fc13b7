"""Lists narrowed by what contacts' fields hold."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.db.models import DecimalField, Func, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Left

from seamark.apps.accounts.access import Reach
from seamark.apps.contacts.field_marks import MOST_DIGITS, FieldMarks
from seamark.apps.contacts.models import Field
from seamark.apps.desk.wish import Limit
from seamark.apps.tagging.models import Standing

Type = Field.Type


class _Figure(Func):
    """A value as a number; nothing where it is none, and no error."""

    template = r"(CASE WHEN %(expressions)s ~ '^-?[0-9]+(\.[0-9]+)?$' THEN (%(expressions)s)::numeric END)"
    output_field = DecimalField(max_digits=MOST_DIGITS, decimal_places=12)

    def as_sql(self, *args: object, **kwargs: object) -> tuple[str, list[object]]:  # type: ignore[override]
        sql, values = super().as_sql(*args, **kwargs)  # type: ignore[arg-type]
        return sql, [*values, *values]


def fields_to_limit() -> QuerySet[Field]:
    """Those by which lists are narrowed: not phone numbers and addresses, which not everybody may see."""
    return Field.objects.filter(mask=Field.Mask.NONE)


def limited(found: QuerySet[Standing], limits: Mapping[str, Limit]) -> QuerySet[Standing]:
    """Those whose fields keep to the limits; a limit that its field cannot have is passed over."""
    for field in fields_to_limit().filter(name__in=limits) if limits else ():
        found = _limited(found, field, limits[field.name])
    return found


def marked(limits: Mapping[str, Limit], within: Reach) -> Q:
    """What an index tells beforehand of those who keep to the limits: it holds of all of them, and of a few others."""
    kept = Q()
    for field in fields_to_limit().filter(name__in=limits) if limits else ():
        kept &= _marked(FieldMarks(field.name, within, "contact__"), field.type, limits[field.name])
    return kept


def _marked(marks: FieldMarks, type: str, limit: Limit) -> Q:
    least, most = _number(limit.least), _number(limit.most)
    match type:
        case Type.CHOICE | Type.LIST if limit.value:
            return marks.holding(limit.value)
        case Type.TEXT if limit.value:
            return marks.saying(limit.value)
        case Type.DATE:
            return marks.days(limit.least, limit.most)
        case Type.NUMBER | Type.MONEY:
            return marks.figures(least, most)
        case Type.RANGE:
            return marks.figures(least, None, ".high") & marks.figures(None, most, ".low")
    return Q()


def _limited(found: QuerySet[Standing], field: Field, limit: Limit) -> QuerySet[Standing]:
    value, alias = KeyTextTransform(field.name, "contact__fields"), f"field_{field.pk}"
    match field.type:
        case Type.CHOICE | Type.LIST if limit.value:
            held = KeyTransform(field.name, "contact__fields")
            return found.alias(**{alias: held}).filter(**{f"{alias}__contains": limit.value})
        case Type.TEXT if limit.value:
            return found.alias(**{alias: value}).filter(**{f"{alias}__icontains": limit.value})
        case Type.DATE:
            found = found.alias(**{alias: Left(value, 10)})
            return _between(found, alias, alias, limit.least, limit.most)
        case Type.NUMBER | Type.MONEY:
            found = found.alias(**{alias: _Figure(value)})
            return _between(found, alias, alias, _number(limit.least), _number(limit.most))
        case Type.RANGE:
            low, high, span = f"{alias}_low", f"{alias}_high", KeyTransform(field.name, "contact__fields")
            ends = {each: _Figure(KeyTextTransform(end, span)) for each, end in ((low, "low"), (high, "high"))}
            return _between(found.alias(**ends), high, low, _number(limit.least), _number(limit.most))
    return found


def _between(found: QuerySet[Standing], high: str, low: str, least: object, most: object) -> QuerySet[Standing]:
    """Those of whom something lies within, ends included."""
    if least not in ("", None):
        found = found.filter(**{f"{high}__gte": least})
    if most not in ("", None):
        found = found.filter(**{f"{low}__lte": most})
    return found


def _number(written: str) -> Decimal | None:
    try:
        number = Decimal(written)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < MOST_DIGITS else None

"""What visitors are told outside business hours: when the team is back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import formats, translation
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from seamark.apps.accounts.hours import Hours
from seamark.apps.accounts.opening import opening
from seamark.apps.accounts.organisation import is_set

LANGUAGES = {"en": "en", "zh": "zh-hans"}
"""The script's languages, as ours are called."""


def away() -> dict[str, Any] | None:
    """The words by language, and by which clock they go: minutes ahead of UTC.

    None while the team is there, and as long as nobody has set its hours: no visitor is told what nobody said.
    """
    stands = opening()
    if stands.is_open or not is_set(Hours):
        return None
    told: dict[str, Any] = {name: _in(language, stands.turns_at, stands.now) for name, language in LANGUAGES.items()}
    offset = (stands.turns_at or stands.now).utcoffset()
    return told | {"offset": offset.total_seconds() // 60 if offset else 0}


def _in(language: str, back: datetime | None, now: datetime) -> str:
    with translation.override(language):
        return _back_words(back, now) if back else _("We are away. Leave a message, and we will answer later.")


def _back_words(back: datetime, now: datetime) -> str:
    """
    >>> monday, friday = datetime(2026, 11, 30, 9), datetime(2026, 11, 27, 19)
    >>> _back_words(monday, friday)
    'We are back on Monday at 09:00. Leave a message, and we will answer then.'
    """
    days, clock = (back.date() - now.date()).days, {"time": f"{back:%H:%M}"}
    if days == 0:
        return _("We are back today at %(time)s. Leave a message, and we will answer then.") % clock
    if days == 1:
        return _("We are back tomorrow at %(time)s. Leave a message, and we will answer then.") % clock
    day = WEEKDAYS[back.weekday()] if days < 7 else formats.date_format(back, pgettext("date within the year", "j M"))
    return _("We are back on %(day)s at %(time)s. Leave a message, and we will answer then.") % {"day": day, **clock}

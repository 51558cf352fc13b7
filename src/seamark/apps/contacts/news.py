"""Whoever has pages open hears which contacts changed."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

CHANNEL = "contacts"
_IDS_A_NOTICE = 500
"""A notice holds at most 8,000 bytes."""


def tell_changed(contacts: Sequence[int]) -> None:
    """Tell, once the transaction is committed, that something about these contacts changed."""
    with connection.cursor() as cursor:
        for start in range(0, len(contacts), _IDS_A_NOTICE):
            told = ",".join(map(str, contacts[start : start + _IDS_A_NOTICE]))
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, told])

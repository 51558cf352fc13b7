"""Whoever has pages open hears which contacts changed, and to whom other members attend."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

CHANNEL, PRESENCE = "contacts", "presence"
_IDS_A_NOTICE = 500
"""A notice holds at most 8,000 bytes."""


def tell_changed(contacts: Sequence[int]) -> None:
    """Tell, once the transaction is committed, that something about these contacts changed."""
    with connection.cursor() as cursor:
        for start in range(0, len(contacts), _IDS_A_NOTICE):
            told = ",".join(map(str, contacts[start : start + _IDS_A_NOTICE]))
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, told])


def tell_attended(contact: int) -> None:
    """Tell, once the transaction is committed, that a member reads the contact's messages or writes to them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [PRESENCE, str(contact)])

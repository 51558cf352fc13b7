"""Numbers of one phone that are written in two ways."""

from __future__ import annotations

import re

_BRAZIL = re.compile(r"55(\d\d)(9?)([6-9]\d{7})")
"""Mobile numbers got a 9 in front between 2012 and 2016; WhatsApp keeps accounts under either."""
_ARGENTINA = re.compile(r"54(9?)(\d{10})")
"""Mobile numbers called from abroad have a 9 after the country."""


def variants(wa_id: str) -> list[str]:
    """The other ways in which the number of the same phone is written.

    >>> variants("5511987654321"), variants("551187654321"), variants("5491123456789"), variants("8613800138000")
    (['551187654321'], ['5511987654321'], ['541123456789'], [])
    """
    if found := _BRAZIL.fullmatch(wa_id):
        area, nine, rest = found.groups()
        return [f"55{area}{'' if nine else '9'}{rest}"]
    if found := _ARGENTINA.fullmatch(wa_id):
        nine, rest = found.groups()
        return [f"54{'' if nine else '9'}{rest}"]
    return []

"""What the platform's error codes mean for a message and for what comes after it."""

from __future__ import annotations

from datetime import timedelta

from seamark.apps.channels.errors import Consequence, SendError

TOKEN = frozenset({0, 3, 10, 190, *range(200, 300)})
"""Token or permission: nothing will leave until somebody has mended it."""
BUSY = frozenset({4, 80007, 130429, 131056, 133016})
"""Too fast: in all, for the number, or to the one contact."""
QUALITY = frozenset({368, 131031, 131048, 131064})
"""Too many people block or report the number."""
TROUBLE = frozenset({1, 2, 131000, 131005, 131016, 131037, 131042, 131057})
"""Trouble of the platform, or with the account's payment or name: may pass, and somebody should know."""
TEMPLATE_MOVED = frozenset({132000, 132001, 132007, 132015, 132016})
"""The template has other blanks, is gone, breaks the platform's rules, is paused, or switched off."""
STOPPED_MARKETING = 131050
"""The contact has stopped marketing by the platform's own button."""
ENOUGH_MARKETING = 131049
"""The platform finds that the contact has had enough marketing for now."""
A_DAY = timedelta(hours=24)

# All others are permanent. Known ones: 131047 window closed; 130472 an experiment of the platform; 131021, 131026,
# 131030, 130497, 131062, 131063 cannot be delivered; 132000 to 132016 the template; 131008, 131009, 131051 to 131053
# we asked for something that does not exist.


def failure_of(code: int | str, *, is_transient: bool = False) -> SendError:
    """The failure that a code means; `is_transient` is the platform's own word on codes that we do not know."""
    number = int(code) if str(code).isdigit() else -1
    if number in TOKEN:
        return SendError(str(code), permanent=False, consequence=Consequence.STOP_CHANNEL)
    if number in QUALITY:
        return SendError(str(code), permanent=False, consequence=Consequence.STOP_MARKETING)
    if number in TEMPLATE_MOVED:
        return SendError(str(code), permanent=True, consequence=Consequence.TEMPLATES_MOVED)
    if number == STOPPED_MARKETING:
        return SendError(str(code), permanent=True, consequence=Consequence.OPT_OUT)
    if number == ENOUGH_MARKETING:
        return SendError(str(code), permanent=False, retry_after=A_DAY)
    return SendError(str(code), permanent=not (is_transient or number in BUSY | TROUBLE))

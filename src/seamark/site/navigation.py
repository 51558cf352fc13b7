"""The pages that the rail leads to."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise


class Page(NamedTuple):
    """An entry of the rail: settings.DESK_PAGES lists them from top to bottom."""

    view: str
    """Its name among the addresses, such as "desk:contacts"; the entry is lit on all pages below that address."""
    title: Promise
    icon: str
    """One of icons.txt."""
    permission: str = ""
    """Only members who have it see the entry; all do where it is empty."""
    at_foot: bool = False
    """Whether it stands at the lower end of the rail, as the settings do."""

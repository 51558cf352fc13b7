"""The pages that the rail leads to, and those of the settings."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.roles import Action


class Page(NamedTuple):
    """An entry of the rail."""

    view: str
    """Its name among the addresses, such as "desk:contacts"; the entry is lit on all pages below that address."""
    title: Promise
    icon: str
    """One of icons.txt."""
    needs: Action | None = None
    """Only members who may do it see the entry; all do where it is None."""
    at_foot: bool = False
    """Whether it stands at the lower end of the rail, as the settings do."""
    waiting: str = ""
    """The view that answers with how much waits there, or with nothing; asked for when a page is there, and anew when
    something changes while it is open."""


SEARCH = "desk:contacts"
"""The page that answers the search in the header; empty where there is none."""
PAGES: tuple[Page, ...] = (
    Page("desk:today", _("Today"), "checklist", needs=Action.SEND),
    Page("desk:board", _("Board"), "layout-dashboard", needs=Action.ALLOCATE),
    Page("desk:inbox", _("Inbox"), "messages", needs=Action.VIEW, waiting="desk:inbox-count"),
    Page("desk:contacts", _("Contacts"), "users", needs=Action.VIEW),
    Page("tagging:tags", _("Tags"), "tags", needs=Action.VIEW),
    Page("tagging:rulebooks", _("Rulebooks"), "book", needs=Action.RULEBOOKS),
    *([Page("webchat:demo", _("The demo's shop"), "shopping-bag", at_foot=True)] if settings.DEMO else []),
    Page("accounts:preferences", _("Settings"), "settings", at_foot=True),
)
"""From top to bottom."""
SETTINGS: tuple[Page, ...] = (
    Page("accounts:preferences", _("Me"), "user"),
    Page("accounts:members", _("Members"), "users", needs=Action.MEMBERS),
    Page("accounts:teams", _("Teams"), "building", needs=Action.MEMBERS),
    Page("desk:pace-settings", _("Follow-ups"), "checklist", needs=Action.SETTINGS),
    Page("accounts:roles", _("Roles"), "lock"),
    Page("accounts:hours", _("Business hours"), "clock", needs=Action.SETTINGS),
    Page("desk:money", _("Currencies"), "coin", needs=Action.SETTINGS),
    Page("desk:fields", _("Fields"), "id", needs=Action.SETTINGS),
    Page("channels:channels", _("Channels"), "plug", needs=Action.CHANNELS),
    Page("desk:sea-settings", _("Seas"), "anchor", needs=Action.SETTINGS),
    Page("inbox:words", _("Canned words"), "message-2", needs=Action.SETTINGS),
    Page("connections:keys", _("API keys"), "key", needs=Action.SETTINGS),
    Page("connections:webhooks", _("Webhooks"), "webhook", needs=Action.SETTINGS),
    Page("accounts:record", _("Record"), "history", needs=Action.RECORD),
)
"""The pages of the settings, side by side; each app that has something to set has a line here."""
CONTACT_VIEWS: tuple[Page, ...] = (
    Page("desk:contacts", _("All contacts"), "users", needs=Action.VIEW),
    Page("desk:segments", _("Segments"), "users-group", needs=Action.VIEW),
    Page("desk:sea", _("Public sea"), "anchor", needs=Action.VIEW),
    Page("desk:going-back", _("Going back soon"), "alarm", needs=Action.VIEW),
    Page("desk:owner-changes", _("Changes of owners"), "history", needs=Action.ALLOCATE),
)
"""The ways of looking at contacts, side by side above the list."""

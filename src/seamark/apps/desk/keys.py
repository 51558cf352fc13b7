"""What keys do, by page: the one table; the pages' scripts do what it says."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Key(NamedTuple):
    """A key, or several that belong together."""

    keys: tuple[str, ...]
    does: Promise


INBOX = (
    Key(("j", "k"), _("Next and previous conversation")),
    Key(("Enter",), _("Open the conversation")),
    Key(("/",), _("Search; in an answer: canned words")),
    Key(("r",), _("Answer")),
    Key(("n",), _("Write a note")),
    Key(("@",), _("In a note: mention a member")),
    Key(("a",), _("Hand over")),
    Key(("s",), _("Snooze")),
    Key(("e",), _("Done, or open again")),
    Key(("f",), _("Find in this conversation")),
    Key(("i",), _("About the contact")),
    Key(("Esc",), _("Leave what is being written")),
)

TODAY = (
    Key(("j", "k"), _("Next and previous line")),
    Key(("Enter",), _("Write, or open the contact")),
    Key(("t",), _("Take what went to the team")),
    Key(("e",), _("Done")),
    Key(("s",), _("Snooze")),
    Key(("a",), _("Hand over")),
    Key(("x",), _("Skip, with a reason")),
)
EVERYWHERE = (
    Key(("/",), _("Search contacts")),
    Key(("?",), _("These keys")),
    Key(("Esc",), _("Close what is open")),
)
PAGES_WITH_KEYS = ((_("Everywhere"), EVERYWHERE), (_("Today"), TODAY), (_("Inbox"), INBOX))
"""As the sheet of keys shows them."""

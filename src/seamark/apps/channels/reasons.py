"""Why a message is held or is not sent, in words."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Each with a word for the database and a sentence for people."""

    CHANNEL_STOPPED = "channel-stopped", _("The channel is stopped; somebody must look at it.")
    CHANNEL_CLOSED = "channel-closed", _("The channel is switched off.")
    FORM = "form", _("This channel cannot carry that.")
    REFUSED_ALL = "refused-all", _("The contact wants no messages.")
    OPTED_OUT = "opted-out", _("The contact wants no marketing.")
    NO_CONSENT = "no-consent", _("The contact has not agreed to marketing.")
    WINDOW_CLOSED = "window-closed", _("The contact last wrote too long ago; only an approved template may go.")
    TEMPLATE_UNKNOWN = "template-unknown", _("The platform has no template of that name in that language.")
    TEMPLATE_NOT_APPROVED = "template-not-approved", _("The platform does not let the template go at present.")
    TEMPLATE_PARTS = "template-parts", _("The template has parts that cannot be filled in here.")
    TEMPLATE_BLANKS = "template-blanks", _("The template has more or fewer blanks than were filled in.")
    PASSIVE = "passive", _("The contact will write when in need: one message a month at most.")
    FREQUENCY = "frequency", _("The contact has had enough messages this week.")
    QUIET_HOURS = "quiet-hours", _("It is night where the contact lives.")
    NEW_PEOPLE = "new-people", _("The platform lets the channel write to only so many new people a day.")
    PACE = "pace", _("Others go first: the platform takes only so many at once.")
    RETRY = "retry", _("The platform did not take it; it is tried again.")
    WITHDRAWN = "withdrawn", _("It was withdrawn.")


HELD_FOR_MACHINES = (Reason.PASSIVE, Reason.FREQUENCY, Reason.QUIET_HOURS)
"""What holds back messages that no member wrote; a member may send them all the same."""

"""A contact's history as the page shows it: messages as bubbles, all else as lines, by day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any, NamedTuple

from django.utils import formats, timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.actors import actor_name, member_names
from seamark.apps.channels.coming import NAMED, coming_with
from seamark.apps.channels.files import named_in, told
from seamark.apps.channels.models import ComingFile
from seamark.apps.contacts.masks import Masks
from seamark.apps.contacts.models import Contact, Field
from seamark.apps.contacts.values import in_words
from seamark.apps.inbox.kinds import ASSIGNED, DONE, MACHINE, NOTED, OPENED, SNOOZED
from seamark.apps.tagging.words import date_words, field_title, spoken
from seamark.apps.timeline.fields import KIND as CHANGED
from seamark.apps.timeline.models import Event
from seamark.apps.timeline.money import TOLD
from seamark.apps.timeline.queries import Place, events_of, statuses_of
from seamark.engine import tree
from seamark.engine.moments import as_datetime, as_moment
from seamark.engine.sentence import sentence
from seamark.engine.sentence.naming import noun

MESSAGES = {"message.received": False, "message.sent": True}
"""Kinds that are shown as bubbles, and whether we said it."""
ICONS = {
    "order": "shopping-bag",
    "item": "shopping-bag",
    "link": "link",
    "page": "eye",
    "cart": "shopping-cart",
    "quote": "file-text",
    "sample": "gift",
    "coupon": "ticket",
    "subscribed": "bell",
    "unsubscribed": "bell-off",
    "referral": "users",
    "scan": "qrcode",
    "tag": "tag",
    "field": "pencil",
    "message": "message-2",
    "event": "calendar",
    "trial": "flame",
    "conversation": "messages",
    "note": "note",
}
CONTENTS = {
    "image": _("Image"),
    "audio": _("Voice message"),
    "video": _("Video"),
    "document": _("Document"),
    "sticker": _("Sticker"),
    "location": _("Location"),
    "contacts": _("Contact card"),
    "media": _("Media"),
    "unsupported": _("A kind of message that the platform does not pass on"),
    "text": _("No text"),
}
"""What a message without text is."""
DEEDS = {
    NOTED: pgettext_lazy("for members", "Note"),
    ASSIGNED: _("Handed over"),
    SNOOZED: _("Snoozed"),
    DONE: _("Done"),
    OPENED: _("Open again"),
}
"""What members' deeds in a conversation are called."""
Hide = Callable[[Event], Mapping[str, Any]]
"""What the reader sees of an event's props."""
OWN_TITLES = {"name": _("Name"), "language": _("Language"), "zone": _("Time zone")}
"""What is changed like a field and is none."""
LOOKED_AT_AGAIN = 10
SHOWN_FIRST = ("amount", "currency", "product", "category", "quantity", "page", "target", "tag", "by", "code", "reason")
"""Props worth a place in a line, in this order; the others are left to *why*."""


class Entry(NamedTuple):
    """An event in the timeline."""

    event: Event
    is_message: bool
    is_ours: bool
    author: str
    """Who wrote it; empty: the contact."""
    text: str
    """What was written; for other events, what the event is called."""
    details: str
    icon: str
    status: str
    """How far one of our messages is known to have come: "", "accepted", "delivered" or "read"."""
    coming: Sequence[ComingFile] = ()
    """Files that the platform kept."""

    @property
    def files(self) -> list[Mapping[str, Any]]:
        """Files that came along, as `channels.files.told` names them."""
        return [*named_in(self.event.props), *(told(each.stored) for each in self.coming if each.stored)]

    @property
    def form_words(self) -> str:
        """What a message that is more than text is."""
        return str(CONTENTS.get(str(self.event.props.get("type")), CONTENTS["media"]))

    @property
    def missing(self) -> list[ComingFile]:
        """Files that are not here, or not yet."""
        return [each for each in self.coming if not each.stored]

    @property
    def is_note(self) -> bool:
        """Whether a member wrote it for members."""
        return self.event.kind == NOTED

    @property
    def is_by_machine(self) -> bool:
        """Whether no person did it."""
        return self.event.actor == MACHINE


class Day(NamedTuple):
    """Events of one day, newest first."""

    title: str
    """Empty where earlier events of the day are shown elsewhere, below the title."""
    entries: list[Entry]


def days_of(contact: Contact, events: Sequence[Event], earlier: datetime | None, masks: Masks) -> list[Day]:
    """Events of the contact by the reader's days; `earlier` is when the one before them happened."""
    names = member_names(event.actor for event in events)
    statuses = statuses_of(contact, [event.source_key for event in events if event.kind == "message.sent"])
    today, last = timezone.localdate(), earlier and timezone.localdate(earlier)
    hide, coming = _hiding(contact, masks, events), coming_with(events)
    return [
        Day(
            "" if day == last else day_words(day, today),
            [_entry(event, hide, names, statuses)._replace(coming=coming.get(event.pk, ())) for event in group],
        )
        for day, group in groupby(events, key=lambda event: timezone.localdate(event.occurred_at))
    ]


def sent_before(contact: Contact, place: Place, masks: Masks) -> list[Entry]:
    """Our last messages up to a place, which a page shows already: they may have come further since."""
    up_to = Place(place.occurred_at, place.id + 1)
    events = events_of(contact, kind="message.sent", before=up_to, most=LOOKED_AT_AGAIN)
    statuses = statuses_of(contact, [event.source_key for event in events])
    hide = _hiding(contact, masks, events)
    return [_entry(event, hide, {}, statuses) for event in events if event.source_key in statuses]


def entry_of(contact: Contact, event: Event, masks: Masks) -> Entry:
    """One event of the contact."""
    (day,) = days_of(contact, [event], None, masks)
    return day.entries[0]


def day_words(day: date, today: date) -> str:
    """A day as people say it."""
    near = {0: gettext("Today"), 1: gettext("Yesterday")}
    named = near.get((today - day).days)
    return named or f"{formats.date_format(day, 'D')} {date_words(day, today)}"


def place_of(event: Event) -> str:
    """The event's place in its history, as it stands in an address."""
    return f"{as_moment(event.occurred_at)}.{event.pk}"


def place_from(text: str) -> Place | None:
    """The place that an address names; None for what is none."""
    moment, _, id = text.partition(".")
    if not (moment.removeprefix("-").isdecimal() and id.isdecimal()):
        return None
    try:
        return Place(as_datetime(int(moment)), int(id))
    except OverflowError:
        return None


def _hiding(contact: Contact, masks: Masks, events: Sequence[Event]) -> Hide:
    """What the reader sees of these events; of a changed field, its title and what is seen of both values."""
    changed = any(event.kind == CHANGED for event in events)
    catalogue = {field.name: field for field in Field.objects.all()} if changed else {}

    def hide(event: Event) -> Mapping[str, Any]:
        if event.kind != CHANGED:
            return masks.props(contact, event.props)
        name = str(event.props.get("field") or "")
        field = catalogue.get(name)
        title = OWN_TITLES.get(name) or (field_title(field) if field else name)
        values = {end: in_words(masks.value(contact, event.props.get(end), field)) for end in ("old", "new")}
        return {"title": str(title), **values}

    return hide


def _entry(event: Event, hide: Hide, names: Mapping[str, str], statuses: Mapping[str, str]) -> Entry:
    is_message, props = event.kind in MESSAGES, hide(event)
    text = str(props.get("text") or "")
    if is_message:
        what = str(props.get("type") or props.get("media") or "text")
        text = text or ("" if props.get("files") or props.get(NAMED) else content_words(what))
    return Entry(
        event,
        is_message,
        MESSAGES.get(event.kind, False),
        actor_name(event.actor, names),
        text if is_message else kind_title(event.kind),
        "" if is_message else _details(event.kind, props),
        ICONS.get(event.kind.partition(".")[0], "bolt"),
        statuses.get(event.source_key, ""),
    )


def kind_title(kind: str) -> str:
    """What an event of that kind is called where it stands by itself."""
    if kind in DEEDS:
        return str(DEEDS[kind])
    return _capital(kind if "." in noun(kind, "en") else noun(kind, spoken()))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _details(kind: str, props: Mapping[str, Any]) -> str:
    if kind in DEEDS:
        return _deed_details(kind, props)
    if kind == CHANGED:
        return f"{props['title']}: {props['old'] or '–'} → {props['new'] or '–'}"
    told = {name: props[name] for name in SHOWN_FIRST if props.get(name) not in (None, "")}
    currency = told.pop("currency", "")
    if "amount" in told:
        told["amount"] = f"{_amount(told['amount'])} {currency}".strip() + _told_as(props.get(TOLD))
    elif beside := _told_as(props.get(TOLD)):
        told = {"amount": beside.strip(), **told}
    bare = {"amount", "tag", "by", "product", "page", "target"}
    return " · ".join(
        str(value) if name in bare else f"{sentence(tree.Prop(name), spoken())} {value}" for name, value in told.items()
    )


def _told_as(told: Any) -> str:
    """As what an amount was told, where that was in another currency."""
    if not isinstance(told, Mapping) or not told.get("currency"):
        return ""
    amount = f"{_amount(told.get('value'))} {told['currency']}"
    if "rate" not in told:
        amount = gettext("%(amount)s, for which no rate is known") % {"amount": amount}
    return f" ({amount})"


def _deed_details(kind: str, props: Mapping[str, Any]) -> str:
    note = str(props.get("note") or "")
    if kind == ASSIGNED:
        name = props.get("name") or gettext("nobody")
        return f"{name} · {note}" if note else name
    if kind == SNOOZED:
        until = timezone.localtime(datetime.fromisoformat(props["until"]))
        return gettext("until %(moment)s") % {
            "moment": f"{date_words(until.date(), timezone.localdate())} {until:%H:%M}"
        }
    return note


def content_words(form: str) -> str:
    """What a message without text is."""
    return f"[{CONTENTS.get(form or 'text', form)}]"


def _amount(value: object) -> str:
    try:
        return f"{Decimal(str(value)):,}"
    except InvalidOperation:
        return str(value)

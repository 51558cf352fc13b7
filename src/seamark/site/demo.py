"""The demo's house: teams, a member for each role, a live rulebook, and the examples brought in as history."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from seamark.apps.accounts.actions import add_member
from seamark.apps.accounts.models import Member, Team
from seamark.apps.channels.actions import add_channel
from seamark.apps.contacts.models import Contact, Ownership
from seamark.apps.contacts.ownership import Reason, give
from seamark.apps.followups.reactions import make_for_history
from seamark.apps.inbox.models import CannedWords, Conversation
from seamark.apps.outreach.actions import save_segment
from seamark.apps.tagging.drafts import start_draft
from seamark.apps.tagging.editing import with_value
from seamark.apps.tagging.models import Tag, TagCard, Version
from seamark.apps.tagging.publish import judge_stale, publish
from seamark.apps.tagging.rulebooks import ORGANISATION_ZONE
from seamark.apps.tagging.weeks import count_weeks
from seamark.apps.timeline import intake
from seamark.readers.shape import Row
from seamark.rulebooks import fetch
from seamark.site.demo_fields import add_catalogue, fill_fields, set_rates, with_countries
from seamark.site.home import home
from seamark.site.morning import this_morning

EVENTS_A_DELIVERY = 200
FOLLOWED_UP = timedelta(days=8)
"""What changed so long ago, and holds still, is to be followed up."""

MEMBERS = (
    # name, address, role, team
    ("林晓", "lin@demo.example", "salesperson", "South · Tea"),
    ("Bea Santos", "bea@demo.example", "salesperson", "South · Tea"),
    ("Noah Kim", "noah@demo.example", "salesperson", "North · Gifts"),
    ("周敏", "zhou@demo.example", "manager", "South · Tea"),
    ("Rosa Meier", "rosa@demo.example", "regional-manager", "South"),
    ("Hugo Chan", "hugo@demo.example", "headquarters", "Headquarters"),
    ("Ada Wong", "ada@demo.example", "administrator", "Headquarters"),
    ("Rita Rao", "rita@demo.example", "auditor", "Headquarters"),
)

WORDS_OF = ("shortcut", "title", "text_en", "text_zh")
WORDS = (
    (
        "price",
        "Price list",
        "Hello {name}, the everyday grade is $38 for half a kilo, from five kilos $34. Shall I send a sample? {me}",
        "{name}您好，日常款半公斤 38 元，五公斤起 34 元。要不要先寄一份样品给您试试？{me}",
    ),
    (
        "sample",
        "Sample on its way",
        "Hello {name}, your sample left today; it should be with you in two or three days.",
        "{name}您好，样品今天已经寄出，两三天就能收到。",
    ),
    (
        "offer",
        "Quote without an answer",
        "Hello {name}, did you have time to look at our quote? I can hold the price until Friday.",
        "{name}您好，报价单看过了吗？这个价格我可以帮您保留到周五。",
    ),
)
SEGMENTS = (
    ("Big spenders gone quiet", "sum(order.placed.amount) over 365d > 2_000 and no order.placed over 30d"),
    ("Wrote, never ordered", "any message.received over 60d and no order.placed"),
)

CHAT = {"asks": "name", "pages": "yes", "links": "short"}
"""The options of the web chat."""

Told = Callable[[int], None]
"""Told of events brought in since the last call."""


def password() -> str:
    """The one password of all members of this demo, made up when it is first asked for."""
    path = home() / "demo-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9))
    return path.read_text()


def is_of(day: date) -> bool:
    """Whether the demo was loaded on that day: its history ends the day before."""
    path = home() / "demo-day"
    return path.exists() and path.read_text() == day.isoformat() and Member.objects.exists()


def load(sources: dict[str, Sequence[Row]], rulebook: str, told: Told) -> None:
    """Begin anew: everything that was in the demo's database goes, and its copy in the lake."""
    call_command("flush", interactive=False, verbosity=0)
    shutil.rmtree(settings.LAKE, ignore_errors=True)
    _people()
    publish(text=fetch(rulebook, "")[0], by=Member.objects.get(email="hugo@demo.example"), note="The demo begins")
    for name, when in SEGMENTS:
        save_segment(name=name, when=when, by=Member.objects.get(email="hugo@demo.example"))
    tea = Team.objects.get(name="South · Tea")
    ada = Member.objects.get(email="ada@demo.example")
    chat = add_channel(kind="webchat", name="Harbour Tea", team=tea, options=CHAT, by=ada)
    set_rates(by=ada)
    add_catalogue(by=ada)
    for source, rows in sources.items():
        _bring_in(source, list(with_countries(rows)))
    while handled := intake.handle_waiting(5):
        told(handled * EVENTS_A_DELIVERY)
    while judge_stale():
        pass
    _give_owners()
    _open_conversations()
    _tend_tags(timezone.now())
    CannedWords.objects.bulk_create(CannedWords(**dict(zip(WORDS_OF, each, strict=True))) for each in WORDS)
    make_for_history(timezone.now() - FOLLOWED_UP)
    this_morning(chat)
    while intake.handle_waiting(5):
        pass
    fill_fields()
    count_weeks()
    (home() / "demo-day").write_text(timezone.localdate(timezone=ORGANISATION_ZONE).isoformat())


def _people() -> None:
    top = Team.objects.create(name="Headquarters", kind=Team.Kind.HEADQUARTERS)
    for region, team in (("South", "South · Tea"), ("North", "North · Gifts")):
        above = Team.objects.create(name=region, kind=Team.Kind.REGION, above=top)
        Team.objects.create(name=team, above=above)
    known = password()
    for name, email, role, team in MEMBERS:
        add_member(email=email, name=name, role=role, team=team, password=known, by=None)


def _bring_in(source: str, rows: Sequence[Row]) -> None:
    for start in range(0, len(rows), EVENTS_A_DELIVERY):
        events = list(_events(source, rows[start : start + EVENTS_A_DELIVERY], start))
        body = json.dumps({"events": events}, ensure_ascii=False, default=str).encode()
        intake.accept(source=source, channel_kind=intake.HISTORY, source_key=f"{source} {start}", body=body)


def _events(source: str, rows: Sequence[Row], start: int) -> Iterator[dict[str, object]]:
    for place, row in enumerate(rows, start):
        values = dict(row.values)
        own = {
            name: values.pop(name, None) for name in ("contact", "occurred_at", "kind", "id", "seq", "channel", "actor")
        }
        named = own["contact"] if source == "whatsapp" else f"No. {own['contact']}"
        yield own | {"id": f"{own['id'] or ''}#{place}", "name": named, "props": values}


@transaction.atomic
def _give_owners() -> None:
    """Who wrote has an owner, every third of the others too; the rest swim in the public seas.

    A few of Lin's were not followed up for a while: she is warned that they go back.
    """
    tea, gifts = Team.objects.get(name="South · Tea"), Team.objects.get(name="North · Gifts")
    lin, bea, noah = (Member.objects.get(email=f"{name}@demo.example") for name in ("lin", "bea", "noah"))
    wrote = list(Contact.objects.filter(identities__source="whatsapp").values_list("pk", flat=True))
    ids = list(Contact.objects.exclude(pk__in=wrote).order_by("pk").values_list("pk", flat=True))
    Contact.objects.filter(pk__in=[*wrote, *ids[0::2]]).update(team=tea)
    Contact.objects.filter(pk__in=ids[1::2]).update(team=gifts)
    for owner, contacts in ((lin, wrote + ids[2::6]), (bea, ids[0::6]), (noah, ids[1::6])):
        give(contacts=contacts, to=owner, by=None, reason=Reason.ALLOCATED)
    neglected = timezone.now() - timedelta(days=9)
    Ownership.objects.filter(pk__in=ids[2:50:6]).update(since_at=neglected, followed_up_at=neglected)


def _tend_tags(now: datetime) -> None:
    """Hugo answers for what is looked at weekly, and has looked; other reviews are overdue. Ada tries something out."""
    hugo, ada = (Member.objects.get(email=f"{name}@demo.example") for name in ("hugo", "ada"))
    Tag.objects.update(made_at=now - timedelta(days=40))
    weekly = Tag.objects.filter(Q(name__startswith="activity/") | Q(name__startswith="intent/"))
    looked = {"owner": hugo, "reviewed_by": hugo, "reviewed_at": now - timedelta(days=3)}
    TagCard.objects.bulk_create(TagCard(tag=tag, **looked) for tag in weekly)
    live = Version.objects.get()
    high = ("groups", "activity", "tags", "high", "when")
    text = with_value(live.text, high, "last(message.received) within 48h")
    start_draft(base=live, name="Two days count as active", by=ada, text=text)


def _open_conversations() -> None:
    """History makes conversations that are done; here those whose contact wrote last are still to be answered."""
    unanswered = Conversation.objects.filter(last_by=Conversation.Last.RECEIVED)
    unanswered.update(state=Conversation.State.OPEN, waiting_since=F("last_at"))

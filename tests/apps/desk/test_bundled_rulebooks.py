"""Bundled rulebooks in the desk: taken into a draft, published, found in the list, and shown and explained on pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.drafts import start_draft
from seamark.apps.tagging.models import Version
from tests.apps.conftest import Cast, happened

pytestmark = pytest.mark.usefixtures("tiers")

DAY = timedelta(days=1)
OURS = """
rulebook: ours
include: [{}]
groups:
  ours:
    title: {{en: Ours, zh: 我们的}}
    kind: set
    tags:
      friend: {{title: {{en: Friend, zh: 朋友}}, color: gold, by_hand: true}}
"""
Deed = Callable[[], object]


def said(text: str, ago: timedelta = DAY) -> Deed:
    return lambda: happened(ago=ago, props={"text": text})


def did(kind: str, ago: timedelta = DAY, **props: object) -> Deed:
    return lambda: happened(kind, ago, props=props)


def ordered(days: int, amount: int = 10) -> Deed:
    return did("order.placed", days * DAY, amount=amount)


def monthly(months: int) -> list[Deed]:
    """An order a month, the last one just now."""
    return [ordered(1 + 30 * month) for month in range(months)]


def row(number: str, rulebook: str, tag: str, *before: Deed, last: Deed) -> object:
    """The tag is held once the last of these has happened, and not before."""
    return pytest.param(rulebook, tag, before, last, marks=pytest.mark.covers(number), id=f"{number} {tag}")


@pytest.mark.parametrize(
    ("rulebook", "tag", "before", "last"),
    [
        row("A01", "whatsapp-selling", "headline/active-buyer", said("Hi"), said("There?"), last=did("link.clicked")),
        row("A01", "whatsapp-selling", "headline/high-potential", ordered(9), last=did("link.clicked")),
        row("A01", "whatsapp-selling", "headline/new-subscriber", said("Hi"), last=did("subscribed", 29 * DAY)),
        row("A01", "whatsapp-selling", "headline/dormant-customer", said("Hi"), last=ordered(90)),
        row("A06", "trade-stages", "stage/sample", said("Hi"), last=did("sample.sent")),
        row("A06", "trade-stages", "stage/undeal", said("Hi"), last=did("quote.sent", 30 * DAY)),
        row("A06", "trade-stages", "stage/repeat", ordered(9), last=ordered(1)),
        row("A07", "trade-stages", "stars/three", ordered(9), last=said("How much is it?")),
        row("A08", "trade-stages", "grade/a", ordered(9, 500_000), last=ordered(1, 1)),
        row("A10", "wecom-growth", "region/east", said("Hi"), last=did("field.changed", field="region", new="east")),
        row("A10", "wecom-growth", "order-value/usual", said("Hi"), ordered(9, 99), last=ordered(1, 101)),
        row("A10", "wecom-growth", "taking-part/attended-thrice", came := did("event.attended"), came, last=came),
        row("A18", "scrm-desk", "buying/quarterly", *monthly(3), last=ordered(100)),
        row("A18", "scrm-desk", "buying/monthly", *monthly(9), last=ordered(300)),
    ],
)
def test_a_tag_of_a_bundled_rulebook_is_found_shown_and_explained(
    cast: Cast, client: Client, rulebook: str, tag: str, before: list[Deed], last: Deed
) -> None:
    draft = start_draft(base=Version.objects.get(), name="Ours", by=cast.boss)
    client.force_login(cast.boss)
    client.post(f"/rulebooks/drafts/{draft.pk}/text/", {"text": OURS.format(rulebook), "revision": 1})
    client.post(f"/rulebooks/drafts/{draft.pk}/publish/", {"revision": 2, "after": 1, "note": "x"})
    assert Version.objects.get(state="live").name == "ours"
    for deed in before:
        deed()

    def found() -> bool:
        return "Wang of Hangzhou" in client.get(f"/contacts/?all={tag}").content.decode()

    Contact.objects.update(name="Wang of Hangzhou")
    assert not found()
    last()
    assert found()
    contact = Contact.objects.get()
    assert f"/tags/{tag}/why/" in client.get(f"/contacts/{contact.pk}/").content.decode()
    assert client.get(f"/contacts/{contact.pk}/tags/{tag}/why/").context["reason"].held
    assert tag in client.get("/tags/").content.decode()

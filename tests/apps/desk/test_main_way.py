"""The main way through the desk in Chromium: sign in, find a contact, see why, and see it change by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from seamark.apps.contacts.models import Contact
from tests.apps.conftest import Cast, happened
from tests.browser.serving import serving
from tests.browser.walking import NARROW, WIDE, Way, sound, walking

WAYS: list[tuple[Way, dict[str, str]]] = [
    (
        WIDE,
        {"contacts": "Contacts", "tags": "Tags", "amount": "1 contact", "said": "The price?"},
    ),
    (NARROW, {"contacts": "客户", "tags": "标签", "amount": "1 位客户", "said": "价格呢?"}),
]


@pytest.fixture
def wang(cast: Cast, tiers: None) -> Contact:
    contact = happened(ago=timedelta(hours=50), name="王伟", props={"text": "多少钱?"})
    Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
    return contact


@pytest.mark.covers("A02", "G02", "G04")
@pytest.mark.django_db(transaction=True)
def test_the_main_way(browser: Browser, cast: Cast, wang: Contact) -> None:
    with serving() as site:
        for way, words in WAYS:
            with walking(browser, site, cast.alice, way, "/") as page:
                walk(page, site, words)


def walk(page: Page, site: str, words: dict[str, str]) -> None:
    """From signing in to a tag that turns while one looks at it."""
    page.goto(f"{site}/contacts/")
    expect(page.locator("#amount")).to_have_text(words["amount"])
    page.click(f"#contacts .bar >> text={words['tags']} >> nth=0")
    page.locator(".picker li", has=page.locator(".tag-red")).locator("a").first.click()
    expect(page.locator("#rows tr")).to_have_count(1)
    sound(page)
    page.click(".who")
    page.locator(".held", has=page.locator(".tag-chip")).first.click()
    expect(page.locator(".reason")).to_be_visible()
    sound(page)
    page.select_option(".reason [name=lasts]", "30d")
    before = page.locator(".then-moment").inner_text()
    page.locator("#then-minute").focus()
    page.keyboard.press("Home")
    expect(page.locator(".then-moment")).not_to_have_text(before)
    happened(props={"text": words["said"]})
    expect(page.locator(".bubble").first).to_contain_text(words["said"])
    expect(page.locator(".tag-groups .tag-green")).to_be_visible()
    # It is still being read, and says what holds now; how long a hand is to last is still chosen.
    expect(page.locator(".reason .evidence").first).to_contain_text(words["said"])
    expect(page.locator(".reason [name=lasts]")).to_have_value("30d")
    sound(page)
    page.click(".reason-close")
    expect(page.locator(".reason")).to_have_count(0)

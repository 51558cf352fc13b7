"""The main way through the desk in Chromium: sign in, find a contact, see why, and see it change by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from seamark.apps.accounts.models import Member
from seamark.apps.contacts.models import Contact
from tests.apps.conftest import PASSWORD, Cast, happened
from tests.browser.axe import violations
from tests.browser.serving import serving

WAYS: list[tuple[str, int, Literal["light", "dark"], dict[str, str]]] = [
    (
        "en",
        1440,
        "light",
        {"contacts": "Contacts", "tags": "Tags", "amount": "1 contact", "said": "The price?"},
    ),
    ("zh-hans", 390, "dark", {"contacts": "客户", "tags": "标签", "amount": "1 位客户", "said": "价格呢?"}),
]


@pytest.fixture(scope="module", autouse=True)
def database_beside_playwright() -> Iterator[None]:
    """Playwright keeps a loop running in this thread, and Django would take our queries for a slip."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
        yield


@pytest.fixture
def wang(cast: Cast, tiers: None) -> Contact:
    contact = happened(ago=timedelta(hours=50), name="王伟", props={"text": "多少钱?"})
    Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
    return contact


@pytest.mark.covers("A02", "G02", "G04")
@pytest.mark.django_db(transaction=True)
def test_the_main_way(browser: Browser, cast: Cast, wang: Contact) -> None:
    with serving() as site:
        for language, width, light, words in WAYS:
            Member.objects.filter(pk=cast.alice.pk).update(language=language)
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=light)
            complaints: list[str] = []
            page = context.new_page()
            page.on("console", lambda message, told=complaints: told.append(message.text))
            page.on("pageerror", lambda error, told=complaints: told.append(str(error)))
            page.on("request", lambda asked, told=complaints: asked.url.startswith(site) or told.append(asked.url))
            walk(page, site, words)
            assert complaints == []
            context.close()


def walk(page: Page, site: str, words: dict[str, str]) -> None:
    """From signing in to a tag that turns while one looks at it."""
    page.goto(f"{site}/")
    page.fill("[name=login]", "alice@example.com")
    page.fill("[name=password]", PASSWORD)
    page.click("button.btn-primary")
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
    before = page.locator(".then-moment").inner_text()
    page.locator("#then-minute").focus()
    page.keyboard.press("Home")
    expect(page.locator(".then-moment")).not_to_have_text(before)
    happened(props={"text": words["said"]})
    expect(page.locator(".bubble").first).to_contain_text(words["said"])
    expect(page.locator(".tag-groups .tag-green")).to_be_visible()
    sound(page)


def sound(page: Page) -> None:
    """Everybody can use the page, and it fits."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]

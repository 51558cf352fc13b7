"""A salesperson's way through the inbox in Chromium: by keyboard at a desk, by thumb on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from seamark.apps.accounts.models import Member
from seamark.apps.channels.models import Channel
from seamark.apps.contacts.models import Contact
from seamark.apps.inbox.actions import keep_draft
from seamark.apps.inbox.models import CannedWords, Conversation
from tests.apps.conftest import PASSWORD, Cast
from tests.apps.inbox.conftest import said
from tests.browser.axe import violations
from tests.browser.serving import serving, working

WAYS: list[tuple[str, int, Literal["light", "dark"]]] = [("en", 1440, "light"), ("zh-hans", 390, "dark")]


@pytest.fixture(scope="module", autouse=True)
def database_beside_playwright() -> Iterator[None]:
    """Playwright keeps a loop running in this thread, and Django would take our queries for a slip."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
        yield


@pytest.mark.covers("D03", "F02", "G02", "G04")
@pytest.mark.django_db(transaction=True)
def test_the_inbox(browser: Browser, cast: Cast, tiers: None, talk: Conversation, chat: Channel) -> None:
    CannedWords.objects.create(
        shortcut="price", title="Prices", text_en="It is {name}'s: 38", text_zh="{name}的价格：38"
    )
    said(chat, "another one", who="zhou", name="Zhou")
    Contact.objects.update(owner=cast.alice)
    walks = {1440: by_keyboard, 390: by_thumb}
    with serving() as site, working():
        for language, width, light in WAYS:
            Member.objects.filter(pk=cast.alice.pk).update(language=language)
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=light)
            complaints: list[str] = []
            page = context.new_page()
            page.on("console", lambda message, told=complaints: told.append(message.text))
            page.on("pageerror", lambda error, told=complaints: told.append(str(error)))
            page.on("request", lambda asked, told=complaints: asked.url.startswith(site) or told.append(asked.url))
            page.goto(f"{site}/inbox/")
            page.fill("[name=login]", "alice@example.com")
            page.fill("[name=password]", PASSWORD)
            page.click("button.btn-primary")
            expect(page.locator(".talk-row")).to_have_count(2)
            walks[width](page, cast, chat)
            assert complaints == []
            context.close()


def by_keyboard(page: Page, cast: Cast, chat: Channel) -> None:
    """Open the second, answer with canned words, note, see who else writes and what comes in, and be done."""
    sound(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".message")).to_have_count(1)
    expect(page.locator(".talk-row[aria-current]")).to_contain_text("Wang")
    page.keyboard.press("r")
    page.keyboard.type("/pri")
    expect(page.locator(".offers [aria-selected=true]")).to_contain_text("Prices")
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_have_value("It is Wang's: 38")
    sound(page)
    page.keyboard.press("Enter")
    expect(page.locator(".message.is-ours")).to_contain_text("It is Wang's: 38")
    keep_draft(conversation=Conversation.objects.get(contact__name="Wang"), text="Dear", by=cast.boss)
    said(chat, "and two kilos?")
    expect(page.locator(".message").first).to_contain_text("and two kilos?")
    expect(page.locator(".is-typing")).to_contain_text("Hugo")
    expect(page.locator(".talk-row").first).to_contain_text("and two kilos?")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("@Bo")
    expect(page.locator(".offers [aria-selected=true]")).to_contain_text("Bob")
    page.keyboard.press("Enter")
    page.keyboard.type("look")
    page.keyboard.press("Enter")
    expect(page.locator(".noted")).to_contain_text("@Bob look")
    sound(page)
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.locator(".talk-row")).to_have_count(1)
    page.locator(".news-undo").click()
    expect(page.locator(".talk-row")).to_have_count(2)


def by_thumb(page: Page, cast: Cast, chat: Channel) -> None:
    """One pane at a time: the list, the conversation, the contact, and back."""
    sound(page)
    page.locator(".talk-row", has_text="Wang").click()
    expect(page.locator(".thread")).to_be_visible()
    expect(page.locator(".inbox-list")).to_be_hidden()
    sound(page)
    page.locator(".thread-card").click()
    expect(page.locator(".talk-card")).to_be_visible()
    expect(page.locator(".thread")).to_be_hidden()
    sound(page)
    page.locator(".card-back").click()
    page.locator(".thread-back").click()
    expect(page.locator(".inbox-list")).to_be_visible()


def sound(page: Page) -> None:
    """Everybody can use the page, and it fits."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]

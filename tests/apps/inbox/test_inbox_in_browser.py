"""A salesperson's way through the inbox in Chromium: by keyboard at a desk, by thumb on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from seamark.apps.channels.models import Channel
from seamark.apps.contacts.models import Contact
from seamark.apps.inbox.actions import keep_draft
from seamark.apps.inbox.models import CannedWords, Conversation
from tests.apps.conftest import Cast
from tests.apps.inbox.conftest import said
from tests.browser.serving import serving, working
from tests.browser.walking import NARROW, WIDE, sound, walking


@pytest.mark.covers("D03", "F02", "G02", "G04")
@pytest.mark.django_db(transaction=True)
def test_the_inbox(browser: Browser, cast: Cast, tiers: None, talk: Conversation, chat: Channel) -> None:
    CannedWords.objects.create(
        shortcut="price", title="Prices", text_en="It is {name}'s: 38", text_zh="{name}的价格：38"
    )
    said(chat, "another one", who="zhou", name="Zhou")
    Contact.objects.update(owner=cast.alice)
    with serving() as site, working():
        for way, walk in ((WIDE, by_keyboard), (NARROW, by_thumb)):
            with walking(browser, site, cast.alice, way, "/inbox/") as page:
                expect(page.locator(".talk-row")).to_have_count(2)
                walk(page, cast, chat)


def by_keyboard(page: Page, cast: Cast, chat: Channel) -> None:
    """Open the second, answer with canned words, note, see who else writes and what comes in, and be done."""
    sound(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".message")).to_have_count(1)
    expect(page.locator(".talk-row[aria-current]")).to_contain_text("Wang")
    page.keyboard.press("r")
    page.keyboard.type("Dear ")
    page.get_by_role("button", name="Emoji").press("Enter")
    sound(page)
    for key in ("ArrowDown", "ArrowRight", "ArrowUp", "Enter"):  # below the first, beside that, and up again
        page.keyboard.press(key)
    expect(page.locator("#answer")).to_have_value("Dear 😀")
    expect(page.locator("#answer")).to_be_focused()
    page.fill("#answer", "")
    page.keyboard.type("/pri")
    expect(page.locator(".offers [aria-selected=true]")).to_contain_text("Prices")
    sound(page)
    page.fill("#answer", "")
    page.keyboard.type("/prx")
    page.keyboard.press("Enter")  # there are no such words, and nobody wants that sent
    expect(page.locator(".offers")).to_contain_text("No canned words are called so")
    expect(page.locator("#answer")).to_have_value("/prx")
    page.fill("#answer", "")
    page.keyboard.type("/pri")
    page.keyboard.press("Enter")  # before the offers have come
    expect(page.locator("#answer")).to_have_value("It is Wang's: 38")
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
    page.keyboard.press("f")
    page.keyboard.type("38")
    expect(page.locator("#found mark")).to_have_text("38")
    sound(page)
    page.keyboard.press("Escape")
    expect(page.locator("#find")).to_be_hidden()
    page.keyboard.press("e")
    expect(page.locator(".talk-row")).to_have_count(1)
    page.locator(".news-undo").click()
    expect(page.locator(".talk-row")).to_have_count(2)
    page.keyboard.press("a")
    expect(page.locator("#hand-over-to")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".thread-head [data-key=s]")).to_be_visible()  # drawn anew, if it was not while one chose
    page.keyboard.press("s")
    expect(page.locator(".dropdown-menu.show .dropdown-item").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".talk-row")).to_have_count(1)
    page.locator(".news-undo").last.click()
    expect(page.locator(".talk-row")).to_have_count(2)


def by_thumb(page: Page, cast: Cast, chat: Channel) -> None:
    """One pane at a time: the list, the conversation, the contact, and back."""
    sound(page)
    page.locator(".talk-row", has_text="Wang").click()
    expect(page.locator(".thread")).to_be_visible()
    expect(page.locator(".inbox-list")).to_be_hidden()
    sound(page)
    page.get_by_role("button", name="表情").click()
    tile = page.get_by_role("button", name="🎁").bounding_box()
    assert tile
    assert min(tile["width"], tile["height"]) >= 44
    sound(page)
    page.get_by_role("button", name="🎁").click()
    expect(page.locator("#answer")).to_have_value("🎁")
    page.locator(".thread-card").click()
    expect(page.locator(".talk-card")).to_be_visible()
    expect(page.locator(".thread")).to_be_hidden()
    sound(page)
    page.locator(".card-back").click()
    page.locator(".thread-back").click()
    expect(page.locator(".inbox-list")).to_be_visible()

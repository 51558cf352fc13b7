"""A salesperson writes by WhatsApp in Chromium, to a contact who last wrote days ago."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from seamark.apps.channels.models import Channel
from seamark.apps.channels.template_lists import refresh_due
from seamark.apps.contacts.models import Contact
from seamark.apps.inbox.models import Conversation
from seamark.apps.timeline import intake
from tests.apps.conftest import Cast, happened
from tests.apps.integrations.whatsapp.conftest import add_number
from tests.apps.integrations.whatsapp.standin import ACCOUNT, NUMBER, StandIn, body_of, deliver, template
from tests.browser.serving import serving, working
from tests.browser.walking import NARROW, WIDE, sound, walking

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def line(cast: Cast, platform: StandIn) -> Channel:
    platform.templates = [
        template("arrived", "Hello {{1}}, your order {{2}} has arrived."),
        template("arrived", "您好{{1}}，您的订单 {{2}} 到了。", "zh_CN"),
    ]
    made = add_number(cast, NUMBER, address=platform.address, waba_id=ACCOUNT)
    refresh_due()
    return made


@pytest.mark.covers("D01", "F02")
@pytest.mark.django_db(transaction=True)
def test_a_template_is_chosen_filled_in_and_sent(
    browser: Browser, cast: Cast, tiers: None, platform: StandIn, line: Channel
) -> None:
    for who, language in (("8613800138000", "en"), ("8613800138001", "zh")):
        contact = happened(
            source=line.source_id, external_id=who, name="Wang", ago=timedelta(days=2), channel="whatsapp"
        )
        Contact.objects.filter(pk=contact.pk).update(owner=cast.alice, language=language)
    with serving() as site, working():
        for way, words, done in (
            (WIDE, "your order 77 has arrived", 1),
            (NARROW, "您的订单 77 到了", 2),
        ):
            talk = Contact.objects.get(language=way.language[:2]).conversations.get()
            with walking(browser, site, cast.alice, way, f"/inbox/{talk.pk}/") as page:
                asked: list[str] = []
                page.on("request", lambda request, asked=asked: asked.append(request.url))
                by_template(page, words)
                assert not any("text=" in each for each in asked)
            assert len(platform.taken) == done


def by_template(page: Page, words: str) -> None:
    """What is plain stands there; the rest is typed, and read before it goes."""
    blanks = page.locator(".template-blanks input")
    expect(blanks).to_have_count(2)
    expect(blanks.first).to_have_value("Wang")
    expect(page.locator("#answer")).to_be_hidden()
    sound(page)
    blanks.nth(1).press_sequentially("77")
    expect(page.locator("#template-preview")).to_contain_text(words)
    expect(blanks.nth(1)).to_be_focused()
    blanks.nth(1).press("Enter")
    expect(page.locator(".message.is-ours")).to_contain_text(words)
    sound(page)


@pytest.mark.covers("D01", "F02")
@pytest.mark.django_db(transaction=True)
def test_a_picture_comes_while_one_looks_and_a_file_goes(
    browser: Browser,
    client: Client,
    cast: Cast,
    tiers: None,
    platform: StandIn,
    line: Channel,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("SEAMARK_FILES", str(tmp_path))  # of the site and of the worker
    deliver(client, address, body_of([platform.wrote("look at this")]))
    intake.handle_waiting()
    Contact.objects.update(owner=cast.alice)
    with serving() as site, working():
        for way in (WIDE, NARROW):
            with walking(browser, site, cast.alice, way, f"/inbox/{Conversation.objects.get().pk}/") as page:
                pictures = page.locator(".file-picture img")
                before = pictures.count()
                deliver(client, address, body_of([platform.sent_file("image", PIXEL, "image/png")]))
                expect(pictures).to_have_count(before + 1)
                pictures.first.scroll_into_view_if_needed()
                assert pictures.first.evaluate("async (picture) => (await picture.decode(), picture.naturalWidth)") == 1
                page.set_input_files("[data-files]", {"name": "a.png", "mimeType": "image/png", "buffer": PIXEL})
                expect(page.locator(".reply-rules")).to_be_visible()
                sound(page)
                for _ in range(2):  # news after which the box offers what it did leaves the file alone
                    with page.expect_response("**/redraw/"), page.expect_response("**/messages/?after=*"):
                        page.evaluate("htmx.trigger(document.body, 'contact-moved')")
                page.fill("#answer", "and this")
                page.press("#answer", "Enter")
                expect(page.locator(".message.is-ours .file-picture")).to_have_count(1 + before // 2)
                sound(page)
    assert [each["image"]["caption"] for each in platform.taken] == ["and this"] * 2

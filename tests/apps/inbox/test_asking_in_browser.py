"""A member of a team that helps, in Chromium: reads along, asks to take the conversation over, and then answers."""

from __future__ import annotations

from functools import partial

import pytest
from playwright.sync_api import Browser, expect

from seamark.apps.channels.models import Channel
from seamark.apps.inbox.actions import assign_conversation, finish_conversation, reopen_conversation
from seamark.apps.inbox.helping import let_help
from seamark.apps.inbox.models import Conversation
from tests.apps.conftest import Cast
from tests.apps.inbox.conftest import said
from tests.browser.serving import serving, working
from tests.browser.walking import NARROW, WIDE, sound, walking

PICTURE = {"name": "part.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"0" * 20}


@pytest.mark.covers("F02")
@pytest.mark.django_db(transaction=True)
def test_asking_to_take_a_conversation_over(browser: Browser, cast: Cast, tiers: None, talk: Conversation) -> None:
    let_help([(talk.contact_id, cast.north.pk)])
    there, assign = f"/inbox/{talk.pk}/?list=all", partial(assign_conversation, conversation=talk, by=cast.alice)
    with serving() as site, working():
        with walking(browser, site, cast.charlie, WIDE, there) as page:
            expect(page.locator(".reply-asks")).to_contain_text("Alice answers here.")
            sound(page)
            page.click(".reply-asks button")
            expect(page.locator(".noted")).to_contain_text("@Alice Please hand this conversation over to me.")
            assign(assignee=cast.charlie, was=cast.alice.pk)
            expect(page.locator(".reply-asks")).to_have_count(0)
            page.fill("#answer", "When may I come by?")
            page.press("#answer", "Enter")
            expect(page.locator(".message.is-ours")).to_contain_text("When may I come by?")
            page.set_input_files(".reply-form [type=file]", files=[PICTURE])
            page.fill("#answer", "I bring the part al")
            assign(assignee=cast.alice, was=cast.charlie.pk)
            expect(page.locator(".reply-asks")).to_contain_text("You have asked Alice")
            page.keyboard.type("ong")  # it goes on where it was
            expect(page.locator("#answer")).to_have_value("I bring the part along")
            expect(page.locator("[data-files-told]")).to_have_text("part.png")
            expect(page.locator("[name=as][value=note]")).to_be_checked()
            sound(page)
        with walking(browser, site, cast.charlie, NARROW, there) as page:
            expect(page.locator(".reply-asks")).to_contain_text("已请Alice转交本会话")
            sound(page)


@pytest.mark.covers("B14")
@pytest.mark.django_db(transaction=True)
def test_the_help_ends_while_somebody_reads_along(
    browser: Browser, cast: Cast, tiers: None, talk: Conversation, chat: Channel
) -> None:
    there = f"/inbox/{talk.pk}/?list=all"
    with serving() as site, working():
        for way, title in ((WIDE, "This is not yours to see any more"), (NARROW, "您已无权查看此内容")):
            let_help([(talk.contact_id, cast.north.pk)])
            with walking(browser, site, cast.charlie, way, there) as page:
                said(chat, f"Are you there, {way.language}?")
                expect(page.locator(".message").first).to_contain_text(way.language)
                page.fill("#answer", "They wrote that before")
                page.wait_for_timeout(1_500)  # all that was told until now is asked for, so that nothing of it fails
                finish_conversation(conversation=talk, by=cast.alice)
                expect(page.locator(".is-lost")).to_contain_text(title)
                expect(page.locator(".is-lost textarea")).to_have_value("They wrote that before")
                expect(page.locator(".talk-row")).to_have_count(0)
                sound(page)
                page.click(".is-lost a")
                expect(page.locator(".is-lost")).to_have_count(0)
            reopen_conversation(conversation=talk, by=cast.alice)

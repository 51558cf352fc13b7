"""A salesperson's day in Chromium: what to do first, by keyboard at a desk and by thumb on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from seamark.apps.contacts.models import Contact
from seamark.apps.followups.models import FollowUp
from seamark.apps.tagging.publish import publish
from tests.apps.conftest import Cast, happened
from tests.apps.followups.test_follow_ups import REACTING, by_chat
from tests.browser.serving import serving
from tests.browser.walking import NARROW, WIDE, sound, walking


@pytest.mark.covers("B02", "B15")
@pytest.mark.django_db(transaction=True)
def test_a_day(browser: Browser, cast: Cast, tiers: None) -> None:
    publish(text=REACTING, by=None)
    for name in ("Wang", "Li", "Zhao"):
        happened(name=name, external_id=name, props={"text": "Hello"})
        Contact.objects.filter(name=name).update(team=cast.south, owner=cast.alice)
        happened(external_id=name, props={"text": "How much is it?"})
    by_chat(cast, Contact.objects.get(name="Wang"))
    with serving() as site:
        with walking(browser, site, cast.alice, WIDE) as page:
            by_keyboard(page)
        with walking(browser, site, cast.alice, NARROW) as page:
            by_thumb(page)


def by_keyboard(page: Page) -> None:
    """One is done, its doing taken back; one is skipped with a reason; one is written to; one comes while we look."""
    expect(page.locator(".queue > .todo")).to_have_count(3)
    sound(page)
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator(".queue > .todo")).to_have_count(2)
    expect(page.locator(".queue > .todo").first).to_be_focused()
    page.locator(".news-undo").click()
    expect(page.locator(".queue > .todo")).to_have_count(3)
    page.locator(".queue > .todo").last.focus()
    page.keyboard.press("a")
    page.select_option(".hand-over.show select", label="Bob")
    page.locator(".hand-over.show textarea").fill("She speaks Dutch")
    happened(external_id="Wang", props={"text": "Are you there?"})
    page.wait_for_timeout(1500)  # as long as the queue may take to be drawn anew
    expect(page.locator(".hand-over.show textarea")).to_have_value("She speaks Dutch")
    page.keyboard.press("Escape")
    page.locator(".queue > .todo").last.focus()
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    expect(page.locator(".queue > .todo")).to_have_count(2)
    happened(external_id="Wang", props={"text": "We will sign the contract"})
    FollowUp.objects.filter(state="skipped").update(state="open", closed_at=None)
    happened(external_id="Wang", props={"text": "Hello?"})
    expect(page.locator(".queue > .todo")).to_have_count(3)
    page.locator(".queue > .todo").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_be_focused()
    expect(page.locator("#answer")).to_have_value("Hello Wang, here it is.")
    sound(page)
    page.go_back()
    expect(page.locator(".queue > .todo").first).to_be_focused()
    page.locator(".queue > .todo .who").first.click()
    expect(page.locator("#follow-ups .todo").first).to_be_visible()
    page.locator(".by-hand summary").click()
    page.fill("#follow-ups [name=title]", "Call back")
    happened(external_id="Wang", props={"text": "One moment"})
    expect(page.locator("#events")).to_contain_text("One moment")
    page.wait_for_timeout(600)  # as long as the part waits before it would be drawn anew
    expect(page.locator("#follow-ups [name=title]")).to_have_value("Call back")
    page.click("#follow-ups .by-hand button.btn-primary")
    expect(page.locator("#follow-ups")).to_contain_text("Call back")


def by_thumb(page: Page) -> None:
    """The same by thumb."""
    expect(page.locator(".queue > .todo")).to_have_count(3)
    sound(page)
    page.locator(".queue > .todo").last.get_by_role("button", name="稍后处理").click()
    page.locator(".dropdown-menu.show .dropdown-item").first.click()
    expect(page.locator(".queue > .todo")).to_have_count(2)
    sound(page)

"""An operator changes a rule in Chromium: blocks, try, what if, publish and roll back, at both widths and languages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from seamark.apps.contacts.models import Contact
from tests.apps.conftest import Cast, happened
from tests.browser.serving import serving, working
from tests.browser.walking import NARROW, WIDE, Way, sound, walking

WAYS: list[tuple[Way, dict[str, str]]] = [
    (
        WIDE,
        {"tags": "Tags", "said": "within the last 36 hours", "moved": "1", "live": "Version 2 is live"},
    ),
    (NARROW, {"tags": "标签", "said": "36 小时内", "moved": "1", "live": "版本 4 已生效"}),
]


@pytest.fixture
def wang(cast: Cast, tiers: None) -> Contact:
    """Wrote 30 hours ago: medium by 24 hours, high by 36."""
    contact = happened(ago=timedelta(hours=30), name="王伟", props={"text": "多少钱?"})
    Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
    return contact


@pytest.mark.covers("A15", "G03", "G08")
@pytest.mark.django_db(transaction=True)
def test_a_rule_is_changed_without_fear(browser: Browser, cast: Cast, wang: Contact) -> None:
    with serving() as site, working():
        for way, words in WAYS:
            with walking(browser, site, cast.boss, way, "/tags/") as page:
                walk(page, site, words)


def walk(page: Page, site: str, words: dict[str, str]) -> None:
    """From signing in to a rule that is live, and back."""
    expect(page.locator("h1")).to_have_text(words["tags"])
    expect(page.locator("#overlap .card-title")).to_be_visible()
    sound(page)
    page.goto(f"{site}/rulebooks/")
    page.click(".edition-deeds button")
    expect(page.locator(".draft-nav")).to_be_visible()
    sound(page)
    figure = page.locator("[id='groups.activity.tags.high.when.1']")
    figure.fill("30h")
    figure.press("Enter")
    expect(page.locator(".news-text")).to_be_visible()
    expect(figure).to_have_value("30h")
    page.locator("a[href$='groups.activity.tags.high.when/']").click()
    page.locator("[id='when.0.length.n']").fill("36")
    page.keyboard.press("Tab")
    expect(page.locator(".blocks-sentence")).to_contain_text(words["said"])
    expect(page.locator("#when-text")).to_have_value("last(message.received) within 36h")
    sound(page)
    page.locator("[id='when.0.length.n']").fill("35")
    page.keyboard.press("Enter")  # which saves, before the text has followed the blocks
    expect(figure).to_have_value("35h")
    page.locator("a[href$='groups.activity.tags.high.when/']").click()
    page.locator("[id='when.0.length.n']").fill("36")
    page.click(".bar.is-foot .btn-primary")
    expect(page.locator(".book-lines").first).to_contain_text(words["said"])
    page.click("a[href$='/text/']")
    expect(page.locator("textarea.editor-text")).to_have_value(re.compile("within 36h"))
    expect(page.locator("#warnings")).to_be_visible()
    sound(page)
    page.click("a[href$='/try/']")
    page.locator("[name=text]").fill("how much?")
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_have_text("how much")
    page.click("a[href$='/what-if/']")
    page.click(".what-if-bar button")
    expect(page.locator(".figure strong").first).to_have_text(words["moved"], timeout=30_000)
    page.locator(".move-sample summary").first.click()
    expect(page.locator(".move-whys .reason")).to_have_count(2)
    sound(page)
    page.locator("a[href$='/publish/']").click()
    expect(page.locator("#warnings")).to_be_visible()
    page.fill("#note", "36")
    page.click(".publish button")
    expect(page.locator(".news-text").first).to_contain_text(words["live"])
    page.locator("form[action$='/live/'] button").first.click()
    page.click("#confirm [value=yes]")
    expect(page.locator("tbody tr").first).to_contain_text("36")
    sound(page)

"""An operator changes a rule in Chromium: blocks, try, what if, publish and roll back, at both widths and languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from seamark.apps.accounts.models import Member
from seamark.apps.contacts.models import Contact
from tests.apps.conftest import PASSWORD, Cast, happened
from tests.browser.axe import violations
from tests.browser.serving import serving, working

WAYS: list[tuple[str, int, Literal["light", "dark"], dict[str, str]]] = [
    (
        "en",
        1440,
        "light",
        {"tags": "Tags", "said": "within the last 36 hours", "moved": "1", "live": "Version 2 is live"},
    ),
    ("zh-hans", 390, "dark", {"tags": "标签", "said": "36 小时内", "moved": "1", "live": "版本 4 已生效"}),
]


@pytest.fixture(scope="module", autouse=True)
def database_beside_playwright() -> Iterator[None]:
    """Playwright keeps a loop running in this thread, and Django would take our queries for a slip."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
        yield


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
        for language, width, light, words in WAYS:
            Member.objects.filter(pk=cast.boss.pk).update(language=language)
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=light, reduced_motion="reduce"
            )
            complaints: list[str] = []
            page = context.new_page()
            page.on("console", lambda message, told=complaints: told.append(message.text))
            page.on("pageerror", lambda error, told=complaints: told.append(str(error)))
            page.on("request", lambda asked, told=complaints: asked.url.startswith(site) or told.append(asked.url))
            walk(page, site, words)
            assert complaints == []
            context.close()


def walk(page: Page, site: str, words: dict[str, str]) -> None:
    """From signing in to a rule that is live, and back."""
    page.goto(f"{site}/tags/")
    page.fill("[name=login]", "hugo@example.com")
    page.fill("[name=password]", PASSWORD)
    page.click("button.btn-primary")
    expect(page.locator("h1")).to_have_text(words["tags"])
    expect(page.locator("#overlap .card-title")).to_be_visible()
    sound(page)
    page.goto(f"{site}/rulebooks/")
    page.click(".edition-deeds button")
    expect(page.locator(".draft-nav")).to_be_visible()
    sound(page)
    page.locator("a[href$='groups.activity.tags.high.when/']").click()
    page.locator("[id='when.0.length.n']").fill("36")
    page.keyboard.press("Tab")
    expect(page.locator(".blocks-sentence")).to_contain_text(words["said"])
    expect(page.locator("#when-text")).to_have_value("last(message.received) within 36h")
    sound(page)
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


def sound(page: Page) -> None:
    """Everybody can use the page, and it fits."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]

"""Headquarters' way through seas and segments in Chromium: allocate, search by a condition, keep it, open it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from seamark.apps.accounts.models import Member
from seamark.apps.contacts.models import Contact, Ownership
from seamark.apps.outreach.models import Segment
from tests.apps.conftest import PASSWORD, Cast, happened
from tests.browser.axe import violations
from tests.browser.serving import serving, working

WAYS: list[tuple[str, int, Literal["light", "dark"], dict[str, str]]] = [
    ("en", 1440, "light", {"fits": "1 contact fits.", "one": "1 contact", "allocated": "1 contact has a new owner."}),
    ("zh-hans", 390, "dark", {"fits": "有 1 位", "one": "1 位客户", "allocated": "1 位客户已有新负责人。"}),
]


@pytest.fixture(scope="module", autouse=True)
def database_beside_playwright() -> Iterator[None]:
    """Playwright keeps a loop running in this thread, and Django would take our queries for a slip."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
        yield


@pytest.mark.covers("B09", "B11", "G02", "G04")
@pytest.mark.django_db(transaction=True)
def test_seas_and_segments(
    browser: Browser, cast: Cast, tiers: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEAMARK_LAKE", str(tmp_path))
    happened(name="王伟", ago=timedelta(hours=3))
    happened(name="李静", ago=timedelta(days=9), external_id="li")
    with serving() as site, working():
        for language, width, light, words in WAYS:
            Member.objects.filter(pk=cast.boss.pk).update(language=language)
            Contact.objects.update(team=cast.south, owner=None)
            Contact.objects.filter(name="李静").update(owner=cast.alice)
            Ownership.objects.update(followed_up_at=cast.boss.joined_at - timedelta(days=9))
            Segment.objects.all().delete()
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=light)
            complaints: list[str] = []
            page = context.new_page()
            page.on("console", lambda message, told=complaints: told.append(message.text))
            page.on("pageerror", lambda error, told=complaints: told.append(str(error)))
            page.on("request", lambda asked, told=complaints: asked.url.startswith(site) or told.append(asked.url))
            page.goto(f"{site}/contacts/sea/")
            page.fill("[name=login]", "hugo@example.com")
            page.fill("[name=password]", PASSWORD)
            page.click("button.btn-primary")
            through_the_sea(page, site, words)
            through_segments(page, site, words)
            assert complaints == []
            context.close()


def through_the_sea(page: Page, site: str, words: dict[str, str]) -> None:
    """Allocate the one who swims, and see who goes back and who went where."""
    expect(page.locator("#rows tr")).to_have_count(1)
    page.locator("input[name=chosen]").check()
    sound(page)
    page.select_option("[name=to]", "turns")
    page.locator("button[formaction$='/allocate/']").click()
    expect(page.locator(".news-text").first).to_have_text(words["allocated"])
    expect(page.locator(".empty-state")).to_be_visible()
    for place, name in (("going-back", "李静"), ("owners", "王伟")):
        page.goto(f"{site}/contacts/{place}/")
        expect(page.locator("tbody tr").first).to_contain_text(name)
        sound(page)


def through_segments(page: Page, site: str, words: dict[str, str]) -> None:
    """Search by a condition, see who fits, keep it as a segment, and open the list by it."""
    page.goto(f"{site}/contacts/segments/new/")
    page.fill("#when-text", "last(message.received) within 2d")
    expect(page.locator(".blocks-sentence")).to_be_visible()
    sound(page)
    page.click("button[value=search]")
    expect(page.locator(".work")).to_contain_text(words["fits"], timeout=30_000)
    page.fill("[name=name]", "Lately")
    page.click("button[value=save]")
    expect(page.locator(".segment-number")).to_contain_text(words["one"], timeout=30_000)
    expect(page.locator(".segment-amount small")).to_have_count(0, timeout=30_000)
    sound(page)
    page.click(".segment-number a")
    expect(page.locator("#rows tr")).to_have_count(1)
    expect(page.locator("#rows")).to_contain_text("王伟")
    sound(page)


def sound(page: Page) -> None:
    """Everybody can use the page, and it fits."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]

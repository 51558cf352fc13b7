"""Headquarters' way through seas and segments in Chromium: allocate, search by a condition, keep it, open it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from seamark.apps.contacts.models import Contact, Ownership
from seamark.apps.outreach.models import Segment
from tests.apps.conftest import Cast, happened
from tests.browser.serving import serving, working
from tests.browser.walking import NARROW, WIDE, Way, sound, walking

WAYS: list[tuple[Way, dict[str, str]]] = [
    (WIDE, {"fits": "1 contact fits.", "one": "1 contact", "allocated": "1 contact has a new owner."}),
    (NARROW, {"fits": "有 1 位", "one": "1 位客户", "allocated": "1 位客户已有新负责人。"}),
]


@pytest.mark.covers("B09", "B11", "G02", "G04")
@pytest.mark.django_db(transaction=True)
def test_seas_and_segments(
    browser: Browser, cast: Cast, tiers: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEAMARK_LAKE", str(tmp_path))
    happened(name="王伟", ago=timedelta(hours=3))
    happened(name="李静", ago=timedelta(days=9), external_id="li")
    with serving() as site, working():
        for way, words in WAYS:
            Contact.objects.update(team=cast.south, owner=None)
            Contact.objects.filter(name="李静").update(owner=cast.alice)
            Ownership.objects.update(followed_up_at=cast.boss.joined_at - timedelta(days=9))
            Segment.objects.all().delete()
            with walking(browser, site, cast.boss, way, "/contacts/sea/") as page:
                through_the_sea(page, site, words)
                through_segments(page, site, words)


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

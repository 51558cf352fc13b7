"""A tag is merged from the tags page, and rates of currencies are set, in Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from seamark.apps.tagging.actions import set_tag
from seamark.apps.tagging.publish import publish
from tests.apps.conftest import Cast, MakeContact, tags_of
from tests.apps.desk.test_merging import NAMING, PARTNER, REACTING, VIP
from tests.apps.tiers import TIERS
from tests.browser.serving import serving, working
from tests.browser.walking import NARROW, WIDE, sound, walking


@pytest.mark.covers("B12", "B03")
@pytest.mark.usefixtures("tiers")
@pytest.mark.django_db(transaction=True)
def test_an_operators_errands(browser: Browser, cast: Cast, make_contact: MakeContact) -> None:
    partner = "      partner: {title: {en: Partner, zh: 伙伴}, by_hand: true}\n"
    publish(text=TIERS.replace("terms:", f"{partner}{NAMING}terms:") + REACTING, by=None)
    contact = make_contact()
    set_tag(contact=contact, tag=VIP, by=cast.boss)
    with working(), serving() as site:
        with walking(browser, site, cast.boss, NARROW, f"/tags/merge/{VIP}/") as page:
            choose(page)
        with walking(browser, site, cast.boss, WIDE, "/tags/") as page:
            page.locator(f'a[href="/tags/merge/{VIP}/"]').click()
            choose(page)
            page.get_by_role("button", name="Merge").click()
            expect(page.locator("main")).to_contain_text("1 contact done")
        assert PARTNER in tags_of(contact)
        with walking(browser, site, cast.boss, WIDE, "/settings/money/") as page:
            page.fill("[name=home]", "TWD")
            page.locator("form:has([name=home]) button").click()
            set_rate(page)
        with walking(browser, site, cast.boss, NARROW, "/settings/money/") as page:
            set_rate(page)


def choose(page: Page) -> None:
    """The other tag, with what that sets going."""
    page.select_option("[name=into]", PARTNER)
    expect(page.locator(".foretold")).to_be_visible()
    sound(page)


def set_rate(page: Page) -> None:
    """What another currency is worth."""
    page.fill("[name=currency]:not([type=hidden])", "USD")
    page.fill("[name=worth]", "31.5")
    page.locator("form:has([name=worth]) button").click()
    expect(page.locator("table")).to_contain_text("31.5")
    sound(page)

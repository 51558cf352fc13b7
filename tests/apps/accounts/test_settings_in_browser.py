"""The settings in Chromium, at both widths and in both languages, and the small parts that every page has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from seamark.apps.accounts.models import Member
from seamark.apps.channels.models import Channel
from seamark.apps.contacts.models import Contact, Field
from tests.apps.conftest import PASSWORD, Cast, happened
from tests.browser.axe import violations
from tests.browser.serving import serving

WAYS: list[tuple[str, int, Literal["light", "dark"], str]] = [
    ("en", 1440, "light", "Settings"),
    ("zh-hans", 390, "dark", "设置"),
]
PAGES = (
    "",
    "hours/",
    "fields/",
    "channels/",
    "channels/add/whatsapp/",
    "connections/keys/",
    "connections/webhooks/",
)


@pytest.fixture(scope="module", autouse=True)
def database_beside_playwright() -> Iterator[None]:
    """Playwright keeps a loop running in this thread, and Django would take our queries for a slip."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
        yield


@pytest.mark.covers("G02", "A05", "A09")
@pytest.mark.django_db(transaction=True)
def test_settings_and_the_card(browser: Browser, cast: Cast, tiers: None) -> None:
    contact = happened(name="Wang")
    Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
    with serving() as site:
        for language, width, light, title in WAYS:
            Member.objects.update(language=language)
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=light)
            complaints: list[str] = []
            page = context.new_page()
            page.on("console", lambda message, told=complaints: told.append(message.text))
            page.on("pageerror", lambda error, told=complaints: told.append(str(error)))
            page.on("request", lambda asked, told=complaints: asked.url.startswith(site) or told.append(asked.url))
            set_up(page, site, title)
            context.clear_cookies()
            know(page, site, contact.pk)
            # Of a form that comes back with an error, and of the webhook page's plain form, Chromium notes the status.
            assert [each for each in complaints if "422" not in each] == []
            context.close()
            Channel.objects.all().delete()
            Field.objects.all().delete()
            Contact.objects.update(fields={})


def sign_in(page: Page, site: str, who: str) -> None:
    page.goto(f"{site}/account/login/")
    page.fill("[name=login]", f"{who}@example.com")
    page.fill("[name=password]", PASSWORD)
    page.click("button.btn-primary")
    page.wait_for_url(lambda address: "login" not in address)


def set_up(page: Page, site: str, title: str) -> None:
    """Every page of the settings, a field, a channel and a key made there."""
    sign_in(page, site, "ada")
    for each in PAGES:
        page.goto(f"{site}/settings/{each}")
        expect(page.locator("h1")).to_have_text(title)
        sound(page)
    page.goto(f"{site}/settings/fields/")
    page.fill("[name=title_en]", "Industry")
    page.fill("[name=title_zh]", "行业")
    page.fill("[name=name]", "industry")
    page.click("main .btn-primary")
    expect(page.locator(".sheet code")).to_have_text("industry")
    page.goto(f"{site}/settings/channels/add/webchat/")
    page.fill("[name=name]", "Harbour Tea")
    page.click("main .btn-primary")
    expect(page.locator(".copied code")).to_contain_text("/chat/webchat-")
    sound(page)
    page.goto(f"{site}/settings/connections/keys/")
    page.fill("[name=name]", "Shop")
    page.fill("[name=source]", "shop")
    page.check("[name=scopes][value='events:write']")
    page.click("main .btn-primary")
    expect(page.locator(".copied code")).to_contain_text("seamark_")
    sound(page)


def know(page: Page, site: str, contact: int) -> None:
    """A field changed in place, the note, and what the question mark and the bell show."""
    sign_in(page, site, "alice")
    page.goto(f"{site}/contacts/{contact}/")
    row = page.locator(".field-row", has=page.locator("[hx-get$='/fields/industry/?edit']"))
    row.locator("button").click()
    page.fill(".field-row [name=value]", "retail")
    page.click(".field-row .btn-primary")
    expect(row).to_contain_text("retail")
    page.click("#preferences button")
    page.fill("#preferences textarea", "Wang | Loves tea")
    page.click("#preferences .btn-primary")
    expect(page.locator("#preferences [role=alert]")).to_contain_text("Loves tea")
    page.fill("#preferences textarea", "Wang | Max 6 pushes per week")
    page.click("#preferences .btn-primary")
    expect(page.locator("#preferences .warned")).to_contain_text("5")
    sound(page)
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#key-sheet")).to_be_visible()
    sound(page)
    page.keyboard.press("Escape")
    page.click(".bell button")
    expect(page.locator("#notices > p")).to_be_visible()
    sound(page)


def sound(page: Page) -> None:
    """Everybody can use the page, and it fits."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]

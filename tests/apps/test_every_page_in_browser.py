"""Every page there is, opened in Chromium with something of everything on it: read by all, fits, and complains of
nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from tests.apps.conftest import Cast
from tests.apps.stage import API, STREAMS, Stage, addresses
from tests.browser.axe import violations
from tests.browser.serving import serving
from tests.browser.walking import WAYS, Way, walking


@pytest.fixture(scope="module", autouse=True)
def database_beside_playwright() -> Iterator[None]:
    """Playwright keeps a loop running in this thread, and Django would take our queries for a slip."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
        yield


def pages(client: Client, stage: Stage) -> list[str]:
    """Those that are whole, of what the member may open."""
    found = []
    for each in addresses():
        if not each.pattern.startswith((*API, *STREAMS)):
            answer = client.get(path := stage.path(each))
            is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
            if is_page and b"<html" in answer.content[:200]:
                found.append(path)
    return found


@pytest.mark.parametrize("way", WAYS, ids=["wide", "narrow"])
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("tiers")
def test_every_page_is_sound(browser: Browser, cast: Cast, way: Way, settings: object, tmp_path: Path) -> None:
    settings.FILES = tmp_path  # type: ignore[attr-defined]
    stage = Stage(cast)
    stage.grow(2)
    seen, faults = set(), {}
    with serving(SEAMARK_FILES=str(tmp_path)) as site:
        for member in (cast.boss, cast.admin):
            client = Client()
            client.force_login(member)
            own = [path for path in pages(client, stage) if path not in seen]
            with walking(browser, site, member, way) as page:
                page.wait_for_url(lambda address: "login" not in address)
                for path in own:
                    page.goto(site + path)
                    expect(page.locator(".htmx-request")).to_have_count(0)
                    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                    found = violations(page) + [f"{wide} pixels too wide"] * (wide > 0)
                    if found:
                        faults[path] = found
            seen |= set(own)
    assert faults == {}
    assert {"/today/", "/board/", "/contacts/", "/inbox/", "/tags/", "/rulebooks/", "/settings/roles/"} < seen

"""Ways that members go through the desk: signed in, wide and narrow, in both languages, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, Page

from seamark.apps.accounts.models import Member
from tests.apps.conftest import PASSWORD
from tests.browser.axe import violations


class Way(NamedTuple):
    """How a member comes."""

    language: str
    width: int
    """Of the window, in pixels."""
    light: Literal["light", "dark"]


WIDE, NARROW = Way("en", 1440, "light"), Way("zh-hans", 390, "dark")
WAYS = (WIDE, NARROW)


@contextmanager
def walking(browser: Browser, site: str, member: Member, way: Way, there: str = "/") -> Iterator[Page]:
    """A page of the site, opened by the member, who signs in first.

    Nothing that the browser complains of, and no request that leaves the site, is forgiven.
    """
    Member.objects.filter(pk=member.pk).update(language=way.language)
    context = browser.new_context(
        viewport={"width": way.width, "height": 900}, color_scheme=way.light, reduced_motion="reduce"
    )
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: asked.url.startswith(site) or complaints.append(asked.url))
    page.goto(site + there)
    page.fill("[name=login]", member.email)
    page.fill("[name=password]", PASSWORD)
    page.click("button.btn-primary")
    yield page
    assert complaints == [], complaints
    context.close()


def sound(page: Page) -> None:
    """Everybody can use the page, and it fits."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]

"""The frame and the parts of pages in Chromium, under the policy that the site sends."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from playwright.sync_api import Browser, Page, Route
from pytest_django import Settings

from seamark.apps.accounts.models import Member
from seamark.apps.tagging.words import Chip
from seamark.site import navigation
from seamark.site.middleware import POLICY
from seamark.site.templatetags import seamark_ui
from tests.browser.axe import violations

DESK = "http://desk.test/"
TOAST = '{% load seamark_ui %}<div hx-swap-oob="beforeend:#toasts">{% toast "Released." undo="/undo" %}</div>'
OPTIONS = {"xAxis": {"data": ["a", "b"]}, "yAxis": {}, "series": [{"type": "bar", "data": [1, 2]}]}
NAMES = ["陈雨桐", "Nadia Rahman", "+852 5555 1234", "王强", "Lukas Weber", "周小满", "Sofía Martín", "何静", "小林"]


CHIPS = [Chip("activity/high", "High", "green", "Activity", "Activity · High"), Chip("a/b", "VIP", "red", "", "VIP")]


class OpenGallery(Protocol):
    def __call__(self, language: str = "en", width: int = 1440, light: Literal["light", "dark"] = "light") -> Page: ...


@pytest.fixture
def complaints() -> list[str]:
    """What the browser has complained of: whatever the policy refused, too."""
    return []


@pytest.fixture
def gallery(
    browser: Browser, settings: Settings, monkeypatch: pytest.MonkeyPatch, complaints: list[str]
) -> OpenGallery:
    """Opens a page with every part on it."""
    settings.ROOT_URLCONF = "tests.browser.addresses"
    settings.TEMPLATES = [
        each | {"DIRS": [Path(__file__).parent / "templates", *each["DIRS"]]} for each in settings.TEMPLATES
    ]
    pages = (navigation.Page("today", _("Today"), "checklist"), navigation.Page("contacts", _("Contacts"), "users"))
    monkeypatch.setattr(seamark_ui, "PAGES", pages)
    monkeypatch.setattr(seamark_ui, "SEARCH", "contacts")

    def open_gallery(language: str = "en", width: int = 1440, light: Literal["light", "dark"] = "light") -> Page:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=light)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        html = drawn(language)
        page.route("**/*", lambda route: answer(route, html))
        page.goto(DESK)
        page.locator(".chart canvas").wait_for()
        page.locator(".ts-control").wait_for()
        return page

    return open_gallery


def drawn(language: str) -> str:
    request = RequestFactory().get("/")
    request.user = Member(pk=1, name="李敏", email="limin@example.com")
    colors = [*sorted(seamark_ui.TAG_COLORS), "#8a2be2", "#ffff00", "#000000", "#ffffff"]
    with translation.override(language):
        context = {"chips": CHIPS, "colors": colors, "names": NAMES, "now": timezone.now(), "options": OPTIONS}
        return render_to_string("gallery.html", context, request=request)


def answer(route: Route, page: str) -> None:
    path = urlsplit(route.request.url).path
    if path.startswith("/static/") and (found := finders.find(path.removeprefix("/static/"))):
        route.fulfill(path=found)
    elif path == "/settings/notices/count/":
        route.fulfill(body="", content_type="text/html")
    elif path == "/toast":
        route.fulfill(body=Template(TOAST).render(Context()), content_type="text/html")
    elif path == "/":
        route.fulfill(body=page, content_type="text/html", headers={"Content-Security-Policy": POLICY})
    else:
        route.fulfill(status=500)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(("language", "light"), [("en", "light"), ("zh-hans", "dark")])
def test_parts_can_be_read_by_all_and_obey_the_policy(
    gallery: OpenGallery, complaints: list[str], language: str, width: int, light: Literal["light", "dark"]
) -> None:
    page = gallery(language, width, light)
    assert violations(page) == []
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()


def test_harm_is_asked_about_first(gallery: OpenGallery) -> None:
    page = gallery()
    page.click("#ask")
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert page.locator(".news").count() == 0
    page.click("#ask")
    page.click("dialog [value=yes]")
    page.locator(".news-success").wait_for()
    page.close()


def test_news_can_be_closed_and_failures_are_told(gallery: OpenGallery) -> None:
    page = gallery()
    page.click("#toast")
    page.locator(".news-undo").wait_for()
    page.click(".news-close")
    page.click("#fail")
    page.locator(".news-error").wait_for()
    assert page.locator(".news").count() == 1
    page.close()


def test_tags_for_which_a_row_has_no_room_are_told_by_keyboard_too(gallery: OpenGallery) -> None:
    page = gallery()
    page.locator(".tag-more").press("Enter")
    assert page.locator("#tags").inner_text().split("\n")[-1].endswith("Activity · High, VIP")
    assert page.locator(".tag-rest:focus").count() == 1
    assert violations(page) == []
    page.close()


def test_chosen_rows_are_counted(gallery: OpenGallery) -> None:
    page = gallery()
    page.check("[name=chosen] >> nth=0")
    assert page.inner_text("#count") == "1"
    page.check("[aria-label=All]")
    assert page.inner_text("#count") == str(len(NAMES))
    page.close()


def test_the_light_stays_as_it_was_switched(gallery: OpenGallery) -> None:
    page = gallery()
    page.click(".desk-top > [data-switch-theme]")
    page.reload()
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    page.close()

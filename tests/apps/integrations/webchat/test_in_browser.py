"""A visitor and a salesperson talk: the widget on a page of the shop, the desk, and a worker between them."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from seamark.apps.accounts.models import Member
from seamark.apps.channels.actions import add_channel, change_channel
from seamark.apps.channels.models import Channel
from seamark.apps.contacts.models import Contact
from seamark.apps.timeline.models import Event
from tests.apps.conftest import PASSWORD, Cast
from tests.browser.axe import violations
from tests.browser.serving import serving, working

WAYS: list[tuple[str, str, int, Literal["light", "dark"], str, str]] = [
    ("en", "en-GB", 1440, "light", "Hello! How can we help?", "How much is half a kilo?"),
    ("zh-hans", "zh-CN", 390, "dark", "您好！有什么可以帮您？", "半公斤多少钱？"),
]
PICTURE: FilePayload = {
    "name": "cup.png",
    "mimeType": "image/png",
    "buffer": b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    ),
}
DROPS = """bytes => {
  const brought = new DataTransfer();
  brought.items.add(new File([new Uint8Array(bytes)], "dropped.png", { type: "image/png" }));
  const panel = document.querySelector("seamark-chat").shadowRoot.querySelector(".panel");
  panel.dispatchEvent(new DragEvent("drop", { dataTransfer: brought, bubbles: true, cancelable: true }));
}"""
HERE = ("localhost", "127.0.0.1")
SHOP = """<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,">
<style>* { color: red !important; font-size: 30px }</style>
<main><h1>Tea</h1></main><script async src="%s/chat/%s.js"></script>"""
"""A site that is not the desk's, with styles that mean no good."""


@pytest.fixture(scope="module", autouse=True)
def database_beside_playwright() -> Iterator[None]:
    """Playwright keeps a loop running in this thread, and Django would take our queries for a slip."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
        yield


@pytest.fixture
def complaints() -> list[str]:
    """What browsers complained of, and what they asked of others."""
    return []


Open = Callable[..., BrowserContext]


@pytest.fixture
def open_browser(browser: Browser, complaints: list[str]) -> Iterator[Open]:
    """A browser of somebody's own."""
    opened: list[BrowserContext] = []

    def open_one(width: int, locale: str, light: Literal["light", "dark"]) -> BrowserContext:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale=locale, color_scheme=light)
        context.on("console", lambda message: complaints.append(message.text))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("request", lambda asked: urlsplit(asked.url).hostname in HERE or complaints.append(asked.url))
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.mark.covers("A02", "D03", "G02", "G04")
@pytest.mark.django_db(transaction=True)
def test_visitor_and_salesperson_talk(
    open_browser: Open, complaints: list[str], cast: Cast, tiers: None, tmp_path: Path
) -> None:
    channel = add_channel(kind="webchat", name="Harbour Tea", team=cast.south, by=cast.admin)
    with (
        serving(SEAMARK_DEMO="yes", SEAMARK_FILES=str(tmp_path)) as site,
        working(),
        elsewhere(site, channel) as other_site,
    ):
        change_channel(channel=channel, options={"origins": other_site}, secrets={}, by=None)
        for language, locale, width, light, greeting, question in WAYS:
            Member.objects.filter(pk=cast.alice.pk).update(language=language)
            visitor = open_browser(width, locale, light)
            shop = open_shop(visitor, site, channel, language)
            shop.locator(".bubble").click()
            expect(shop.locator(".line").first).to_have_text(greeting)
            write(shop, question)
            expect(shop.locator(".mine small")).to_have_count(1)
            expect(shop.locator(".mine p")).to_have_css("font-size", "15px")
            sound(shop)
            desk = contact_page(open_browser(width, locale, light), site, cast.alice)
            expect(desk.locator(".tag-groups .tag-red")).to_be_visible()
            answer(desk, "38 dollars, as https://tea.example/oolong says.")
            expect(shop.locator(".line").last).to_contain_text("Alice")
            expect(desk.locator(".bubble .is-read")).to_be_visible()
            shop.reload()
            expect(shop.locator(".line")).to_have_count(3)
            expect(shop.locator(".mine .is-read")).to_have_count(1)
            answer(desk, "Shipping is free.")
            expect(shop.locator(".count")).to_have_text("1")
            shop.locator(".bubble").click()
            expect(shop.locator(".count")).to_be_empty()
            assert complaints == []
            send_a_picture(shop, desk)
            assert [each for each in complaints if "status of 422" not in each] == []
            without_network(visitor, shop)
            complaints.clear()  # that there was no network
            expect(desk.locator(".bubble", has_text="I take two.")).to_have_count(1)
            sound(desk)
        assert Event.objects.filter(props__text="I take two.").count() == len(WAYS)


def open_shop(visitor: BrowserContext, site: str, channel: Channel, language: str) -> Page:
    """A page of the demo, or one on another site."""
    page = visitor.new_page()
    page.goto(f"{site}/chat/demo" if language != "en" else str(channel.options["origins"]))
    return page


@contextmanager
def elsewhere(site: str, channel: Channel) -> Iterator[str]:
    """The address of a site that has nothing but a page with the chat on it."""
    page = (SHOP % (site, channel.source_id)).encode()

    class OnePage(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *told: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), OnePage)
    Thread(target=server.serve_forever).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def write(shop: Page, text: str) -> None:
    shop.locator("textarea").fill(text)
    shop.locator("textarea").press("Enter")


def contact_page(context: BrowserContext, site: str, member: Member) -> Page:
    """The salesperson takes the visitor from the public sea, and looks at the page."""
    page = context.new_page()
    page.goto(f"{site}/")
    page.fill("[name=login]", member.email)
    page.fill("[name=password]", PASSWORD)
    page.click("button.btn-primary")
    page.wait_for_url(f"{site}/today/")
    page.goto(f"{site}/contacts/{Contact.objects.latest('pk').pk}/")
    page.locator("form[action$='/claim/'] button").click()
    expect(page.locator(".reply-form")).to_be_visible()
    return page


def answer(desk: Page, text: str) -> None:
    desk.locator(".reply-form textarea").fill(text)
    desk.locator(".reply-form textarea").press("Enter")


def send_a_picture(shop: Page, desk: Page) -> None:
    """Chosen, pasted or dropped: it is named before it is sent, seen by both, and what is none is refused."""
    shop.locator("[type=file]").set_input_files([PICTURE, {**PICTURE, "name": "a.exe", "buffer": b"MZ\x90\x00"}])
    expect(shop.locator(".files span")).to_have_count(2)
    sound(shop)
    shop.locator(".files .drop").first.click()
    shop.locator(".send").click()
    expect(shop.locator(".note")).to_contain_text("a.exe")
    shop.evaluate(DROPS, list(PICTURE["buffer"]))
    expect(shop.locator(".files b")).to_have_text(["dropped.png"])
    shop.locator(".send").click()
    expect(shop.locator(".mine img")).to_have_js_property("naturalWidth", 1)
    expect(desk.locator(".file-picture img")).to_have_js_property("naturalWidth", 1)


def without_network(visitor: BrowserContext, shop: Page) -> None:
    """What is written then waits, and leaves when the network is back."""
    visitor.set_offline(True)
    shop.locator("[type=file]").set_input_files(PICTURE)
    write(shop, "I take two.")
    expect(shop.locator(".note")).not_to_be_empty()
    expect(shop.locator(".waits progress")).to_have_count(1)
    visitor.set_offline(False)
    expect(shop.locator(".waits")).to_have_count(0)
    expect(shop.locator(".note")).to_be_empty()
    expect(shop.locator(".mine img")).to_have_count(2)


def sound(page: Page) -> None:
    """Everybody can use the page, and it fits."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]

"""The page in Chromium: at both widths, in both languages and lights."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from seamark.report import page
from tests.report.conftest import MakeSubject

EVENTS = [
    *(f"客户{each},2026-03-{each:02}T09:00:00Z,message.received" for each in range(1, 16)),
    *(f"客户{each},2026-03-{each:02}T09:30:00Z,message.sent" for each in range(1, 9)),
    f"{'Long' * 30},2026-03-15T09:00:00Z,message.received",
    "<script>console.error(1)</script>,2026-03-15T09:00:00Z,message.received",
]


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_opens_without_complaint(
    browser: Browser, subject: MakeSubject, tmp_path: Path, language: str, width: int, light: str
) -> None:
    file = tmp_path / "page.html"
    file.write_text(page(subject(*EVENTS, now="2026-03-16T00:00:00Z", language=language)), encoding="utf-8")
    opened = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=light)
    told: list[str] = []
    opened.on("console", lambda message: told.append(message.text))
    opened.on("pageerror", lambda error: told.append(str(error)))
    opened.on("request", lambda request: told.append(request.url))
    opened.goto(file.as_uri())
    assert told == [file.as_uri()]
    assert opened.evaluate("document.documentElement.scrollWidth") == width
    opened.close()

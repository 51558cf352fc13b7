"""From the bell to the choice of what is mailed, at both widths and in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from seamark.apps.accounts import notices
from seamark.apps.accounts.models import Member, Notice
from tests.apps.conftest import Cast
from tests.browser.serving import serving
from tests.browser.walking import WAYS, sound, walking


@pytest.fixture(scope="module", autouse=True)
def database_beside_playwright() -> Iterator[None]:
    """Playwright keeps a loop running in this thread, and Django would take our queries for a slip."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
        yield


@pytest.mark.django_db(transaction=True)
def test_choose_what_is_mailed(browser: Browser, cast: Cast) -> None:
    notices.tell([cast.alice], Notice.Kind.MENTIONED, text=lambda: "@Alice", href="/contacts/", key="one")
    with serving(SEAMARK_SMTP="smtp://localhost:1", SEAMARK_MAIL_FROM="desk@example.com") as site:
        for way in WAYS:
            Member.objects.filter(pk=cast.alice.pk).update(mailed_kinds=["mentioned", "no-rate"])
            with walking(browser, site, cast.alice, way) as page:
                page.click(".bell button")
                expect(page.locator("#notices a").first).to_contain_text("@Alice")
                sound(page)
                page.click(".notices-choice")
                kinds = page.locator("#notices-by-mail label")
                expect(kinds).to_have_count(3)
                kinds.nth(1).click()
                expect(page.locator("#mail-chosen")).not_to_be_empty()
                sound(page)
                page.reload()
                expect(page.locator("#notices-by-mail :checked")).to_have_count(2)
                assert Member.objects.get(pk=cast.alice.pk).mailed_kinds == ["mentioned", "handed-over", "no-rate"]

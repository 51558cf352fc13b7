"""Many contacts at once in Chromium: chosen across pages, tagged, undone, shown in other columns, and exported."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from seamark.apps.contacts.models import Contact, Field
from tests.apps.conftest import Cast, MakeContact
from tests.browser.serving import serving, working
from tests.browser.walking import NARROW, WIDE, Way, sound, walking

CONTACTS = 60
WAYS: list[tuple[Way, dict[str, str]]] = [
    (
        WIDE,
        {
            "all": "Choose all whom this list finds",
            "set": "Set a tag",
            "chosen": "51 chosen",
            "everybody": "All whom this list finds: 60 contacts",
            "done": "60 contacts done",
            "undo": "Undo",
            "columns": "Columns",
            "show": "Show these",
            "export": "Export",
            "see": "Show",
        },
    ),
    (
        NARROW,
        {
            "all": "选中列表中的全部客户",
            "set": "打标签",
            "chosen": "已选 51 位",
            "everybody": "列表中的全部客户：60 位客户",
            "done": "60 位客户已完成",
            "undo": "撤销",
            "columns": "列",
            "show": "显示这些列",
            "export": "导出",
            "see": "查看",
        },
    ),
]


@pytest.mark.covers("B12", "G02", "G04")
@pytest.mark.usefixtures("tiers")
@pytest.mark.django_db(transaction=True)
def test_many_contacts_at_once(browser: Browser, cast: Cast, make_contact: MakeContact) -> None:
    Field.objects.create(name="city", title_en="City", title_zh="城市")
    for place in range(CONTACTS):
        make_contact(name=f"C{place}", fields={"city": "上海"})
    with working(), serving() as site:
        for way, words in WAYS:
            with walking(browser, site, cast.boss, way, "/contacts/") as page:
                walk(page, site, words)


def walk(page: Page, site: str, words: dict[str, str]) -> None:
    """From signing in to a file."""
    choose(page, words)
    tag_and_undo(page, words)
    choose_columns(page, words)
    export(page, words)


def choose(page: Page, words: dict[str, str]) -> None:
    boxes = page.locator("#rows input[name=chosen]")
    boxes.nth(0).check()
    if page.locator("[data-chooses-all]").is_visible():
        page.locator("[data-chooses-all]").check()
    else:
        for place in range(1, 50):
            boxes.nth(place).check()
    page.click("a[rel=next]")
    expect(boxes).to_have_count(10)
    boxes.nth(3).check()
    expect(page.locator("[data-chosen-words]")).to_have_text(words["chosen"], use_inner_text=True)
    page.click("a[rel=prev]")
    expect(page.locator("#rows input[name=chosen]:checked")).to_have_count(50)
    sound(page)


def tag_and_undo(page: Page, words: dict[str, str]) -> None:
    page.click(f"text={words['all']}")
    expect(page.locator("[data-chosen-words]")).to_have_text(words["everybody"], use_inner_text=True)
    page.click(f".batch-deeds button:has-text('{words['set']}') >> nth=0")
    page.select_option(".batch-form [name=tag]", "asked/vip")
    sound(page)
    page.click(".batch-form .btn-primary")
    news = page.locator(".news-work")
    expect(news.last).to_contain_text(words["done"])
    expect(page.locator(".batch-form")).to_have_count(0)
    expect(page.locator("#rows .tag-gold").first).to_be_visible()
    assert Contact.objects.filter(standing__tags__len=2).count() == CONTACTS
    news.last.locator(f"button:has-text('{words['undo']}')").click()
    expect(news).to_have_count(2)
    expect(news.last).to_contain_text(words["done"])
    expect(page.locator("#rows .tag-gold")).to_have_count(0)
    sound(page)
    page.locator(".news-close").last.click()
    page.locator(".news-close").click()


def choose_columns(page: Page, words: dict[str, str]) -> None:
    page.click(f".bar a:has-text('{words['columns']}')")
    page.check(".picker [value='field:city']")
    sound(page)
    page.click(f"text={words['show']}")
    expect(page.locator("#rows .is-value").first).to_have_text("上海")


def export(page: Page, words: dict[str, str]) -> None:
    page.locator("#rows input[name=chosen]").first.check()
    page.click(f".batch-deeds button:has-text('{words['export']}')")
    page.click(".batch-form .btn-primary")
    page.locator(".news-work").last.locator(f"a:has-text('{words['see']}')").click()
    with page.expect_download() as begun:
        page.click("a:has-text('CSV') >> nth=0")
    assert "上海" in begun.value.path().read_text("utf-8-sig")
    sound(page)

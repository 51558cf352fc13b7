"""The small parts of pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory, override_settings
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

import seamark
from seamark.apps.accounts.models import Deed
from seamark.apps.accounts.roles import Action
from seamark.site.navigation import Page
from seamark.site.templatetags import seamark_ui

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=SHANGHAI)  # a Saturday


def drawn(source: str, **context: object) -> str:
    return Template("{% load seamark_ui %}" + source).render(Context(context))


def test_an_icon_that_the_sprite_lacks_says_where_to_add_it() -> None:
    with pytest.raises(TemplateSyntaxError, match=r"unicorn.*icons\.txt"):
        drawn('{% icon "unicorn" %}')


def test_every_icon_that_templates_name_is_in_the_sprite() -> None:
    pages = Path(seamark.__file__).parent.rglob("templates/**/*.html")
    named = {name for page in pages for name in re.findall(r'{% (?:icon|empty_state) "([^"]+)"', page.read_text())}
    assert named <= seamark_ui.icon_names()


def test_a_chip_takes_a_named_color_or_a_code_and_no_markup() -> None:
    named = drawn('{% tag_chip title "gold" %}', title="<b>")
    assert named.strip() == '<span class="tag-chip tag-gold">&lt;b&gt;</span>'
    assert drawn('{% tag_chip "VIP" "#1a2b3c" %}').strip() == (
        '<span class="tag-chip tag-own" data-color="#1a2b3c">VIP</span>'
    )


def test_a_face_keeps_its_color_when_the_name_changes() -> None:
    assert drawn('{% avatar "陈雨桐" "md" 7 %}').replace("陈", "王") == drawn('{% avatar "王雨桐" "md" 7 %}')


@pytest.mark.parametrize(
    ("moment", "english", "chinese"),
    [
        (NOW - timedelta(minutes=5), "11:55", "11:55"),
        (NOW.replace(hour=0), "00:00", "00:00"),
        (NOW.replace(hour=0) - timedelta(minutes=1), "Yesterday 23:59", "昨天 23:59"),
        (NOW + timedelta(hours=12), "Tomorrow 00:00", "明天 00:00"),
        (NOW - timedelta(days=6), "Sun 12:00", "周日 12:00"),
        (NOW + timedelta(days=6), "Fri 12:00", "周五 12:00"),
        (NOW - timedelta(days=7), "14 Nov", "11月14日"),
        (NOW + timedelta(days=41), "1 Jan 2027", "2027年1月1日"),
    ],
)
def test_times_are_said_as_people_do(moment: datetime, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert seamark_ui.clock_words(moment, NOW) == english
    with translation.override("zh-hans"):
        assert seamark_ui.clock_words(moment, NOW) == chinese


def test_a_day_within_a_sentence_begins_small() -> None:
    with translation.override("en"):
        assert seamark_ui.clock_words(NOW - timedelta(days=1), NOW, in_sentence=True) == "yesterday 12:00"


def test_days_are_said_as_everywhere() -> None:
    this_year = timezone.localdate().replace(month=3, day=5)
    with translation.override("en"):
        assert seamark_ui.short_day(this_year) == "5 Mar"
        assert seamark_ui.short_day(this_year.replace(year=2020)) == "5 Mar 2020"


def test_the_record_names_settings_as_their_page_does() -> None:
    about = [seamark_ui.about_words(Deed(what=what, about="hours")) for what in ("setting.changed", "member.added")]
    assert about == ["Business hours", "hours"]


def test_a_time_is_told_in_the_zone_of_the_reader() -> None:
    moment = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    with timezone.override(SHANGHAI), translation.override("en"):
        assert ">04:00</time>" in drawn("{% relative_time moment now %}", moment=moment, now=NOW)


@pytest.mark.parametrize(("path", "lit"), [("/", ["Today"]), ("/language/setlang/", ["Language"]), ("/elsewhere/", [])])
def test_the_rail_lights_the_page_one_is_on(monkeypatch: pytest.MonkeyPatch, path: str, lit: list[str]) -> None:
    pages = (
        Page("account_login", _("Team"), "users", needs=Action.MEMBERS),
        Page("today", _("Today"), "checklist"),
        Page("set_language", _("Language"), "language"),
    )
    monkeypatch.setattr(seamark_ui, "PAGES", pages)
    monkeypatch.setattr(seamark_ui, "may", lambda member, action: False)
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    with override_settings(ROOT_URLCONF="tests.browser.addresses"):
        entries = seamark_ui.desk_pages(Context({"request": request}))
    assert [entry.page.title for entry in entries] == ["Today", "Language"]
    assert [entry.page.title for entry in entries if entry.is_here] == lit

"""Business hours and holidays."""

from datetime import datetime

import pytest
from django.test import Client

from seamark.apps.accounts import organisation
from seamark.apps.accounts.hours import Holiday, Hours
from seamark.apps.accounts.models import Deed
from tests.apps.accounts.test_pages import signed_in
from tests.apps.conftest import Cast

pytestmark = pytest.mark.covers("B05")

PAGE = "/settings/hours/"


@pytest.fixture
def ada(cast: Cast) -> Client:
    return signed_in(cast.admin)


def week(**changed: str) -> dict[str, str]:
    told = {f"day{day}-{end}": time for day in range(5) for end, time in (("opens", "08:30"), ("closes", "22:00"))}
    return told | changed


def test_hours_are_set_and_days_without_hours_are_closed(ada: Client):
    assert ada.post(PAGE, week()).status_code == 302
    hours = organisation.setting(Hours)
    assert hours.is_open(datetime(2026, 11, 27, 21, 59))
    assert not hours.is_open(datetime(2026, 11, 27, 22, 0))
    assert not hours.is_open(datetime(2026, 11, 28, 12, 0))
    assert Deed.objects.get().about == "hours"


@pytest.mark.parametrize(
    "changed",
    [{"day0-closes": ""}, {"day0-closes": "08:00"}, {"day0-opens": "25:00"}, {"day0-opens": "24:00"}],
)
def test_hours_that_cannot_be_are_refused(ada: Client, changed: dict[str, str]):
    assert ada.post(PAGE, week(**changed)).status_code == 422
    assert organisation.setting(Hours) == Hours()


def test_nobody_is_there_on_holidays(ada: Client):
    spring = {"name": "Spring Festival", "first": "2098-02-08", "last": "2098-02-14"}
    ada.post(f"{PAGE}holidays/", spring)
    hours = organisation.setting(Hours)
    assert not hours.is_open(datetime(2098, 2, 14, 12, 0))
    assert hours.is_open(datetime(2098, 2, 7, 12, 0)) is (datetime(2098, 2, 7).weekday() < 5)
    assert "Spring Festival" in ada.get(PAGE).content.decode()
    ada.post(f"{PAGE}holidays/drop/", spring)
    assert organisation.setting(Hours).holidays == []


def test_a_holiday_that_ends_before_it_begins_is_refused(ada: Client):
    answer = ada.post(f"{PAGE}holidays/", {"name": "Never", "first": "2098-02-08", "last": "2098-02-07"})
    assert answer.status_code == 422
    assert organisation.setting(Hours).holidays == []


def test_a_salesperson_may_not_set_hours(cast: Cast):
    assert signed_in(cast.charlie).get(PAGE).status_code == 403


HOURS = Hours(holidays=[Holiday("2026-11-30", "2026-11-30", "Founding day")])


@pytest.mark.parametrize(
    ("day", "hour", "opens"),
    [(27, 8, (27, 9)), (27, 9, (1, 9)), (27, 18, (1, 9)), (30, 10, (1, 9))],
)
def test_it_opens_next_when_weekends_and_holidays_are_over(day: int, hour: int, opens: tuple[int, int]):
    found = HOURS.opens_after(datetime(2026, 11, day, hour))
    assert found
    assert (found.day, found.hour) == opens


def test_what_never_opens_and_what_never_closes():
    assert Hours(opens=[""] * 7, closes=[""] * 7).opens_after(datetime(2026, 11, 27, 10)) is None
    always = Hours(opens=["00:00"] * 7, closes=["24:00"] * 7)
    assert always.is_open(datetime(2026, 11, 27, 23, 59, 59))
    assert (always.closes_after(datetime(2026, 11, 27, 10)) - datetime(2026, 11, 27, 10)).days > 300


def test_the_page_says_how_it_stands_now(ada: Client):
    organisation.change(Hours(opens=[""] * 7, closes=[""] * 7), by=None)
    assert "Closed: no day has hours" in ada.get(PAGE).content.decode()
    organisation.change(Hours(opens=["00:00"] * 7, closes=["24:00"] * 7), by=None)
    assert "Now open" in ada.get(PAGE).content.decode()

"""Shares of tags week by week: counted over the whole history, seen by team, and told of when out of range."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.models import Notice, Post
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.models import WeekCount
from seamark.apps.tagging.publish import publish
from seamark.apps.tagging.rulebooks import ORGANISATION_ZONE, compiled, live_rulebook
from seamark.apps.tagging.weeks import SALES_WEEKS, count_weeks, mondays, warn_of_shares, weeks_of
from tests.apps.conftest import Cast, happened
from tests.apps.tiers import TIERS

RANGED = TIERS.replace("color: green, when", "color: green, share: [0.15, 0.2], when")

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.covers("E05")]


def begun(weeks_ago: int) -> datetime:
    """When that week began."""
    monday = mondays(timezone.localdate(timezone=ORGANISATION_ZONE))[-1 - weeks_ago]
    return datetime(monday.year, monday.month, monday.day, tzinfo=ORGANISATION_ZONE)


@pytest.fixture
def wang(cast: Cast) -> Contact:
    """Wrote an hour before the week began, two weeks ago, and never again; of Alice's team."""
    compiled.cache_clear()
    publish(text=RANGED, by=None)
    contact = happened(ago=timezone.now() - begun(2) + timedelta(hours=1), name="Wang")
    Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
    return contact


def shares(cast: Cast) -> list[tuple[float, float]]:
    """Of high and of low activity, week by week, as headquarters sees them."""
    live = live_rulebook()
    assert live
    weeks = weeks_of(reach(cast.boss, Action.VIEW), live)
    return [(week.shares.get("activity/high", 0.0), week.shares.get("activity/dormant", 0.0)) for week in weeks]


def test_weeks_are_counted_as_they_were(cast: Cast, wang: Contact) -> None:
    assert len(count_weeks()) == 3, "before the first event there is nothing to count"
    assert shares(cast) == [(1.0, 0.0), (0.0, 1.0), (0.0, 1.0)]


def test_what_is_counted_stays_until_another_rulebook_is_live(cast: Cast, wang: Contact) -> None:
    count_weeks()
    assert count_weeks() == []
    publish(text=RANGED.replace("within 24h", "within 10d"), by=None)
    assert len(count_weeks()) == 3
    assert [high for high, _dormant in shares(cast)] == [1.0, 1.0, 0.0]
    assert WeekCount.objects.values("version").distinct().count() == 1


def test_what_each_level_bought_is_known_when_the_weeks_after_are_over(
    client: Client, cast: Cast, wang: Contact
) -> None:
    ago = timezone.now() - begun(SALES_WEEKS)
    for name, days, amounts in (("Li", 1.5, [40, 60]), ("Zhou", 9, [300]), ("He", 9, []), ("Wu", 2, [])):
        contact = happened(external_id=name, name=name, ago=ago + timedelta(days=days))
        Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
        happened("order.placed", ago + timedelta(hours=1), external_id=name, props={"amount": "9000"})
        for day, amount in enumerate(amounts):
            happened("order.placed", ago - timedelta(days=day), external_id=name, props={"amount": f"{amount}"})
    happened("order.refunded", ago - timedelta(days=3), external_id="Zhou", props={"amount": "100.5"})
    happened("order.placed", ago - timedelta(weeks=SALES_WEEKS), external_id="He", props={"amount": "7000"})
    count_weeks()
    live = live_rulebook()
    assert live
    weeks = weeks_of(reach(cast.boss, Action.VIEW), live)
    last = [week for week in weeks if week.sales][-1]
    assert last.begins == begun(SALES_WEEKS).date()
    bought = {tag: (round(each.conversion, 3), round(each.revenue, 4)) for tag, each in last.sales.items()}
    revenue = Decimal("40") + 60 + 300 - Decimal("100.5")
    assert bought == {
        "": (0.5, 1.0),
        "activity/medium": (0.5, round(float(100 / revenue), 4)),
        "activity/dormant": (0.5, round(float(Decimal("199.5") / revenue), 4)),
    }
    for member, is_shown in ((cast.boss, True), (cast.alice, False), (cast.charlie, False)):
        client.force_login(member)
        page = client.get("/tags/")
        assert bool(page.context["sold"]) == is_shown
        assert ("What each level bought" in page.content.decode()) == is_shown


def test_a_week_is_counted_again_when_its_sales_are_known(cast: Cast, wang: Contact) -> None:
    happened(ago=timezone.now() - begun(SALES_WEEKS) + timedelta(hours=1), external_id="Li")
    count_weeks()
    WeekCount.objects.filter(week=begun(SALES_WEEKS).date()).update(buyers=None, revenue=None, contacts=9)
    assert count_weeks() == [begun(SALES_WEEKS).date()]
    assert set(WeekCount.objects.filter(week=begun(SALES_WEEKS).date()).values_list("contacts", "buyers")) == {(1, 0)}


def test_weeks_are_seen_of_teams_that_are_reached_whole(client: Client, cast: Cast, wang: Contact) -> None:
    count_weeks()
    Post.objects.create(member=cast.bob, team=cast.south, role="manager")
    Post.objects.create(member=cast.charlie, team=cast.north, role="manager")
    pages = {}
    for member in (cast.rita, cast.bob, cast.alice, cast.charlie):
        client.force_login(member)
        pages[member.name] = client.get("/tags/?counted").context["weeks"]
    assert pages == {"Rita": 3, "Bob": 3, "Alice": 0, "Charlie": 0}


def test_who_sees_teams_is_told_once_of_what_is_out_of_range(cast: Cast, wang: Contact) -> None:
    count_weeks()
    warn_of_shares()
    warn_of_shares()
    told = {notice.member: notice.text for notice in Notice.objects.all()}
    assert told[cast.rita] == "Activity · High: held by 0 % of contacts this week, 15–20 % is usual"
    assert cast.alice not in told
    assert len(told) == Notice.objects.count()

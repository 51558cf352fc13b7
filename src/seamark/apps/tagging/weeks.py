"""How many contacts held each tag week by week, and what they bought after: the live rulebook over the last weeks of
the whole history.

What is bought is looked for in the weeks after a tag was held, never before: a level of those who buy much would have
all the revenue by its definition. Another version begins anew, so that a line through the weeks is of one rule and not
of several.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seamark.apps.accounts import notices
from seamark.apps.accounts.access import Reach, reach
from seamark.apps.accounts.models import Member, Notice
from seamark.apps.accounts.roles import Action
from seamark.apps.tagging.models import WeekCount
from seamark.apps.tagging.rulebooks import ORGANISATION_ZONE, Live, live_rulebook
from seamark.apps.tagging.templatetags.rulebook_parts import percent, share_range
from seamark.apps.tagging.whole import whole_history
from seamark.apps.tagging.words import chip
from seamark.engine.batch import run_duckdb
from seamark.engine.events import Reads
from seamark.engine.kinds import Type
from seamark.engine.moments import as_moment
from seamark.engine.plan import Plan, plan_rulebook
from seamark.engine.rulebook import Tag
from seamark.engine.units import SCALE
from seamark.histories import Histories

ORDERS = ("order.placed", "order.refunded")
_TEAMS = "COPY (SELECT id, team_id FROM contacts_contact) TO STDOUT (FORMAT csv)"

WEEKS = 12
"""So many are kept in view."""


SALES_WEEKS = 4
"""For so long is looked at what those who held a tag bought."""


class Sales(NamedTuple):
    """What those who held a tag bought in the weeks after."""

    conversion: float
    """Which part of them ordered."""
    revenue: float
    """Which part of the revenue of all who were known then is theirs: less than 0 where more was paid back."""


class Week(NamedTuple):
    """A week, and how each tag was held at its beginning."""

    begins: date
    shares: Mapping[str, float]
    """By which part of all contacts known then."""
    sales: Mapping[str, Sales]
    """By tag, and of all contacts known then without one (""). Empty until the weeks after it are over, and where
    they brought no revenue."""


def mondays(today: date) -> list[date]:
    """The last weeks' first days, the oldest first; today's week is the last."""
    last = today - timedelta(days=today.weekday())
    return [last - timedelta(weeks=back) for back in reversed(range(WEEKS))]


def count_weeks() -> list[date]:
    """Count the weeks that the live rulebook has not counted yet, and those whose sales are known now; returns them.

    Weeks before anything happened are left out. What is of other versions, or older, goes.
    """
    live = live_rulebook()
    if live is None:
        return []
    wanted = mondays(timezone.localdate(timezone=ORGANISATION_ZONE))
    WeekCount.objects.exclude(version=live.version_id, week__in=wanted).delete()
    over = wanted[-1] - timedelta(weeks=SALES_WEEKS)
    known = WeekCount.objects.exclude(week__lte=over, buyers=None)
    missing = sorted(set(wanted) - set(known.values_list("week", flat=True).distinct()))
    if not missing:
        return []
    plan = plan_rulebook(live.rulebook)
    with whole_history(_with_orders(plan.reads)) as histories:
        _bring_contacts(histories)
        counted = [monday for monday in missing if _count(live, plan, histories, monday, with_sales=monday <= over)]
    return counted


def _with_orders(reads: Reads) -> Reads:
    """What the rulebook reads, and the amounts of orders."""
    orders: dict[str, Mapping[str, Type]] = {kind: {**reads.props.get(kind, {}), "amount": "number"} for kind in ORDERS}
    return replace(reads, props={**reads.props, **orders})


def _bring_contacts(histories: Histories) -> None:
    """The table `known`: each contact's team and first event."""
    with TemporaryDirectory(prefix="seamark-") as folder:
        path = Path(folder) / "teams.csv"
        with connection.cursor() as cursor, cursor.copy(_TEAMS) as copy:
            path.write_bytes(b"".join(copy))
        histories.connection.execute(
            """CREATE TABLE known AS
               SELECT contact, any_value(team) AS team, min(t) AS first
               FROM events JOIN read_csv(?, header = false, columns = {'contact': 'VARCHAR', 'team': 'BIGINT'})
               USING (contact) GROUP BY contact""",
            [str(path)],
        )


_COUNTED = f"""
WITH bought AS (
    SELECT contact, bool_or(kind = 'order.placed') AS has_ordered,
        sum(CASE kind WHEN 'order.placed' THEN amount ELSE -amount END) AS revenue
    FROM (SELECT DISTINCT contact, kind, t, id, "amount:number" AS amount FROM events
          WHERE kind IN {ORDERS} AND t >= $moment AND t < $until)
    GROUP BY contact),
counted AS (
    SELECT contact, team, tag FROM held JOIN known USING (contact) WHERE first < $moment
    UNION ALL SELECT contact, team, NULL FROM known WHERE first < $moment)
SELECT team, tag, count(*), count(*) FILTER (has_ordered), coalesce(sum(revenue), 0)
FROM counted LEFT JOIN bought USING (contact) GROUP BY team, tag
"""


def _count(live: Live, plan: Plan, histories: Histories, monday: date, *, with_sales: bool) -> int:
    """Count one week and keep it; returns how many rows that took."""
    moment, until = _beginning(monday), _beginning(monday + timedelta(weeks=SALES_WEEKS))
    run_duckdb(plan, moment, ORGANISATION_ZONE, histories.event_table(), histories.connection).create("held")
    found = histories.connection.execute(_COUNTED, {"moment": moment, "until": until}).fetchall()
    histories.connection.execute("DROP TABLE held")
    with transaction.atomic():
        WeekCount.objects.filter(week=monday).delete()
        WeekCount.objects.bulk_create(
            WeekCount(
                version_id=live.version_id,
                week=monday,
                team_id=team,
                tag_id=tag and live.tag_ids[tag],
                contacts=contacts,
                buyers=buyers if with_sales else None,
                revenue=Decimal(revenue) / SCALE if with_sales else None,
            )
            for team, tag, contacts, buyers, revenue in found
        )
    return len(found)


def _beginning(day: date) -> int:
    return as_moment(datetime.combine(day, time_of_day(), ORGANISATION_ZONE))


def weeks_of(reached: Reach, live: Live) -> list[Week]:
    """The weeks that are counted, the oldest first, over all contacts of the teams that are reached whole."""
    counts = WeekCount.objects.filter(version=live.version_id)
    if not reached.everyone:
        counts = counts.filter(team__in=reached.teams)
    summed = counts.values_list("week", "tag").annotate(Sum("contacts"), Sum("buyers"), Sum("revenue"))
    by_week: dict[date, dict[str, _Sum]] = defaultdict(dict)
    for week, tag, *sums in summed.order_by("week"):
        by_week[week][live.tag_names[tag] if tag else ""] = _Sum(*sums)
    return [_week(monday, counted) for monday, counted in by_week.items()]


class _Sum(NamedTuple):
    contacts: int
    buyers: int | None
    revenue: Decimal | None


def _week(monday: date, counted: Mapping[str, _Sum]) -> Week:
    everybody = counted[""]
    shares = {tag: each.contacts / everybody.contacts for tag, each in counted.items() if tag}
    revenue = everybody.revenue or Decimal()
    if revenue <= 0:  # nothing to share, or more was paid back
        return Week(monday, shares, {})
    sales = {
        tag: Sales((each.buyers or 0) / each.contacts, float((each.revenue or 0) / revenue))
        for tag, each in counted.items()
    }
    return Week(monday, shares, sales)


def warn_of_shares() -> int:
    """Tell whoever sees whole teams of tags outside their reference range this week, once; returns how many (E05)."""
    live = live_rulebook()
    members = Member.objects.filter(is_active=True) if live else Member.objects.none()
    told = 0
    for member in members:
        weeks = weeks_of(reach(member, Action.VIEW), live) if live else []
        if weeks and live and (outside := _outside(live, weeks[-1])):
            words = partial(_words, live, outside, weeks[-1])
            notices.tell(
                [member],
                Notice.Kind.SHARES,
                text=words,
                href=reverse("tagging:tags"),
                key=f"shares {weeks[-1].begins}",
            )
            told += 1
    return told


def _outside(live: Live, week: Week) -> list[Tag]:
    """In the rulebook's order."""
    return [
        tag
        for tag in live.rulebook.tags.values()
        if tag.share and not tag.share[0] <= week.shares.get(tag.name, 0.0) <= tag.share[1]
    ]


def _words(live: Live, outside: Sequence[Tag], week: Week) -> str:
    first, more = outside[0], len(outside) - 1
    told = {
        "tag": chip(live.rulebook, first).hint,
        "share": percent(week.shares.get(first.name, 0.0)),
        "range": share_range(first.share or (0.0, 0.0)),
        "more": more,
    }
    text = _("%(tag)s: held by %(share)s of contacts this week, %(range)s is usual")
    if more:
        others = ngettext("%(more)d more tag is outside its range", "%(more)d more tags are outside their range", more)
        text = f"{text} · {others}"
    return text % told

"""What is to be done today: a member's queue in its order, where the day goes, and a team's board."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import accumulate, chain
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Count, Exists, Field, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from seamark.apps.accounts.access import WORKING, either, reach, teams_of
from seamark.apps.accounts.models import Member, Post
from seamark.apps.accounts.organisation import setting
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.models import Contact
from seamark.apps.followups.access import alerts_for, led_by, ways_to_alerts
from seamark.apps.followups.models import Alert, FollowUp
from seamark.apps.followups.pace import Pace
from seamark.apps.tagging.models import Standing
from seamark.apps.tagging.rulebooks import Live
from seamark.engine.rulebook import Tag, TagGroup

State = FollowUp.State

SHOWN = 50
"""How many of the queue a page shows; it says how many more there are."""
MOST_ALERTS = 20
MOST_MEASURED = 2_000
"""Follow-ups of a day that are looked at for how it is spent; no person does more."""
LATER = 10
ROW_OF_CONTACT = ("assignee", "for_team", "closed_by", "made_by", "change__tag")
ROW = ("contact", "assignee", "for_team", "made_by", "change__tag")
"""What a row of the pages shows."""


class Queue(NamedTuple):
    """What a member is to do now, first things first."""

    rows: list[FollowUp]
    total: int
    overdue: int
    by_priority: dict[int, int]
    snoozed: int
    done: int
    """Closed since the day began."""


class Part(NamedTuple):
    """A level's part of the day's work."""

    tag: Tag
    number: int
    percent: int


class Budget(NamedTuple):
    """How the day's follow-ups, open and done, fall on the levels of a tag group."""

    group: TagGroup
    parts: list[Part]
    goal: int
    """Percent that the first level is to get."""

    @property
    def measured(self) -> int:
        """Percent that it gets."""
        return self.parts[0].percent


def queue(member: Member, live: Live | None, now: datetime) -> Queue:
    """The member's open follow-ups that are not snoozed: by priority, then by the contact's tier, then by due time.

    Those that went to the member's teams are among them until one of a team has taken them.
    """
    mine = FollowUp.objects.filter(_to_do_by(member), state=State.OPEN)
    awake = mine.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=now))
    counted = awake.aggregate(
        total=Count("pk"),
        overdue=Count("pk", filter=Q(due_at__lt=now)),
        **{f"p{priority}": Count("pk", filter=Q(priority=priority)) for priority in (1, 2, 3)},
    )
    by_priority = {priority: counted[f"p{priority}"] for priority in (1, 2, 3)}
    urgent = awake.filter(priority__lte=_least_urgent_shown(by_priority))  # tiers of the others need no look
    in_order = urgent.annotate(tier=_tier(live)).order_by("priority", "tier", "due_at", "pk")
    return Queue(
        _rows(FollowUp.objects.all(), in_order.values_list("pk", flat=True)[:SHOWN]),
        counted["total"],
        counted["overdue"],
        by_priority,
        mine.filter(snoozed_until__gt=now).count(),
        FollowUp.objects.filter(assignee=member, closed_at__gte=_day_began(now)).count(),
    )


def _to_do_by(member: Member) -> Q:
    """The member's own, and those of the member's teams that nobody has who is in the team now."""
    of_teams = Q(for_team__in=teams_of(member))
    has_it = Post.objects.filter(
        team=OuterRef("for_team"), member=OuterRef("assignee"), member__is_active=True, role__in=WORKING
    )
    return Q(assignee=member) & (Q(for_team=None) | of_teams) | of_teams & (Q(assignee=None) | Q(~Exists(has_it)))


def _least_urgent_shown(by_priority: dict[int, int]) -> int:
    """The priority with which the page is full; the last one where it is never."""
    numbers = accumulate(by_priority.values())
    return next((priority for priority, number in zip(by_priority, numbers, strict=True) if number >= SHOWN), 3)


def _rows(allowed: QuerySet[FollowUp], ids: Iterable[int]) -> list[FollowUp]:
    """These, as far as they are allowed, in this order, with all that a row shows."""
    place = {id: place for place, id in enumerate(ids)}
    return sorted(
        allowed.filter(pk__in=place).select_related(*ROW).defer("contact__grams"), key=lambda row: place[row.pk]
    )


def level_group(live: Live | None, name: str) -> TagGroup | None:
    """The group of that name, where the live rulebook has it with levels."""
    groups = live.rulebook.groups if live else ()
    return next((group for group in groups if group.name == name and group.kind == "level"), None)


def _tier(live: Live | None) -> Subquery:
    """The place of the contact's level, the first one first; contacts without one come last."""
    group = level_group(live, setting(Pace).tier_group)
    levels = [live.tag_ids[tag.name] for tag in group.tags] if live and group else []
    place = Case(
        *(When(tags__contains=[id], then=Value(place)) for place, id in enumerate(levels)),
        default=Value(len(levels)),
        output_field=IntegerField(),
    )
    return _standing(place, IntegerField())


def _standing(what: Any, field: Field[Any, Any]) -> Subquery:
    """Something of where a follow-up's contact stands."""
    return Subquery(Standing.objects.filter(pk=OuterRef("contact_id")).values_list(what), output_field=field)


def budgets(member: Member, live: Live | None, now: datetime) -> list[Budget]:
    """How the member's day is spent, by the groups that the pace names and the rulebook has."""
    pace = setting(Pace)
    mine = FollowUp.objects.filter(assignee=member)
    of_today = (mine.filter(state=State.OPEN), mine.filter(closed_at__gte=_day_began(now)).exclude(state=State.OPEN))
    tags = _standing("tags", ArrayField(IntegerField()))
    held = list(chain(*(each.values_list(tags, flat=True)[:MOST_MEASURED] for each in of_today)))[:MOST_MEASURED]
    wanted = ((pace.tier_group, pace.tier_share), (pace.intent_group, pace.intent_share))
    groups = [(level_group(live, name), share) for name, share in wanted]
    return [_budget(live, group, share, held) for group, share in groups if live and group and held]


def _budget(live: Live, group: TagGroup, goal: int, held: Sequence[Sequence[int]]) -> Budget:
    counts = Counter(tag for tags in held for tag in tags)
    numbers = [(tag, counts[live.tag_ids[tag.name]]) for tag in group.tags]
    total = sum(number for _, number in numbers) or 1
    return Budget(group, [Part(tag, number, round(100 * number / total)) for tag, number in numbers], goal)


def _day_began(now: datetime) -> datetime:
    """Midnight by the clock of whoever asks."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


_IS_OPEN = Q(handled_at=None) & (Q(follow_up=None) | Q(follow_up__state=State.OPEN))
"""The condition on alerts that nobody has taken up; of a follow-up that is closed there is nothing to take up."""


def has_to_do() -> Q:
    """Whether the team has a follow-up or an alert about the contact that is open (`inbox.helping.HasToDo`)."""
    about = {"contact": OuterRef("contact")}
    follow_ups = FollowUp.objects.filter(for_team=OuterRef("team"), state=State.OPEN, **about)
    return Q(Exists(follow_ups) | Exists(Alert.objects.filter(_IS_OPEN, team=OuterRef("team"), **about)))


def open_alerts(member: Member, *, of_overdue: bool = True) -> list[Alert]:
    """The newest alerts that nobody has taken up; one more than `MOST_ALERTS` where there are more.

    `of_overdue`: also those that tell of follow-ups which are overdue.
    """
    order, most = ("-made_at", "-pk"), MOST_ALERTS + 1
    wanted = _IS_OPEN if of_overdue else _IS_OPEN & Q(follow_up=None)
    found = Alert.objects.filter(wanted).order_by(*order).values_list("pk", flat=True)
    ids = {id for way in ways_to_alerts(member) for id in found.filter(way)[:most]}
    rows = (
        alerts_for(member)
        .filter(pk__in=ids)
        .select_related("contact__owner", "follow_up", "team")
        .defer("contact__grams")
    )
    return list(rows.order_by(*order)[:most])


def of_contact(contact: Contact) -> list[FollowUp]:
    """The contact's open follow-ups, the most urgent first, and the last that were closed."""
    closed = contact.follow_ups.select_related(*ROW_OF_CONTACT).exclude(state=State.OPEN).order_by("-closed_at")
    return [*to_do(contact), *closed[:3]]


def to_do(contact: Contact) -> list[FollowUp]:
    """The contact's open follow-ups, the most urgent first."""
    rows = contact.follow_ups.select_related(*ROW_OF_CONTACT).filter(state=State.OPEN)
    return list(rows.order_by("priority", "due_at", "pk")[:LATER])


def pop_ups(contact: Contact) -> list[Alert]:
    """What is to be known when the contact writes (S4)."""
    return list(contact.alerts.filter(pops_up=True, handled_at=None).order_by("-made_at")[:5])


# The board of a team


class Person(NamedTuple):
    """How a member's work stands."""

    member: Member
    done: int
    """Closed since the day began."""
    open: int
    overdue: int
    urgent: int
    """Open ones of the highest priority."""
    oldest: datetime | None
    """When the first open one was due."""


def people(leader: Member, now: datetime) -> list[Person]:
    """Members with follow-ups that the leader answers for, whoever has most overdue first."""
    rows = FollowUp.objects.filter(_answered_for(leader), assignee__isnull=False).values("assignee")
    opened = rows.filter(state=State.OPEN).annotate(
        open=Count("priority"),
        overdue=Count("priority", filter=Q(due_at__lt=now)),
        urgent=Count("priority", filter=Q(priority=1)),
        oldest=Min("due_at"),
    )
    closed = rows.filter(closed_at__gte=_day_began(now)).exclude(state=State.OPEN).annotate(number=Count("priority"))
    done = dict(closed.values_list("assignee", "number"))
    known = {each: figures for each, *figures in opened.values_list("assignee", "open", "overdue", "urgent", "oldest")}
    found = [
        Person(member, done.get(id, 0), *known.get(id, (0, 0, 0, None)))
        for id, member in Member.objects.only("name").in_bulk(known.keys() | done.keys()).items()
    ]
    return sorted(found, key=lambda each: (-each.overdue, -each.open, each.member.name))


def _answered_for(leader: Member) -> Q:
    """Those that `led_by` allows, by what they know of their contacts; of teams alone where they have any."""
    leads = reach(leader, Action.ALLOCATE)
    of_teams = Q(for_team__in=leads.teams)
    return either(leads.condition(), of_teams) if FollowUp.objects.filter(of_teams).exists() else leads.condition()


def overdue(leader: Member, now: datetime) -> list[FollowUp]:
    """What is overdue, the longest first; one more than `SHOWN` where there are more."""
    return _first(leader, FollowUp.objects.filter(state=State.OPEN, due_at__lt=now).order_by("due_at", "pk"))


def of_member(leader: Member, member: Member) -> list[FollowUp]:
    """What the member has to do, the most urgent first; one more than `SHOWN` where there are more."""
    rows = FollowUp.objects.filter(state=State.OPEN, assignee=member)
    return _first(leader, rows.order_by("priority", "due_at", "pk"))


def unowned(leader: Member) -> list[FollowUp]:
    """What is open and nobody's, the most urgent first; one more than `SHOWN` where there are more."""
    rows = FollowUp.objects.filter(state=State.OPEN, assignee=None)
    return _first(leader, rows.order_by("priority", "due_at", "pk"))


def _first(leader: Member, in_order: QuerySet[FollowUp]) -> list[FollowUp]:
    """The first rows that the leader answers for, found by what follow-ups know of their contacts."""
    ids = in_order.filter(_answered_for(leader)).values_list("pk", flat=True)[: SHOWN + 1]
    return _rows(led_by(leader), ids)

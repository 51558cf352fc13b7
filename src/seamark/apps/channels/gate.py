"""What decides whether and when a message may leave: a pure function of what is known.

Times are half open, as everywhere: what happened at t counts for exactly [t, t + span), and quiet hours begin with
their first moment and are over at their last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from seamark.apps.channels.reasons import Reason

WEEK = timedelta(days=7)
MONTH = timedelta(days=30)
"""S0: one message a month for those who will write when they need us."""


@dataclass(frozen=True)
class QuietHours:
    """From `begin` until `end`, by the contact's clock; over midnight where `end` is the earlier."""

    begin: time
    end: time

    def over_at(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """When the quiet hours around the moment are over; None outside of them."""
        local = moment.astimezone(zone)
        clock = local.time()
        if self.begin <= self.end:
            return _at(local.date(), self.end, local) if self.begin <= clock < self.end else None
        if clock >= self.begin:
            return _at(local.date() + timedelta(days=1), self.end, local)
        return _at(local.date(), self.end, local) if clock < self.end else None


def _at(day: date, clock: time, local: datetime) -> datetime:
    # The same fold: in an hour that clocks show twice, the end is not before the moment itself.
    return datetime.combine(day, clock.replace(fold=local.fold), local.tzinfo).astimezone(UTC)


@dataclass(frozen=True)
class Facts:
    """All that the gate knows of one message, its contact and its channel."""

    now: datetime
    zone: ZoneInfo
    """The contact's."""
    is_marketing: bool
    is_template: bool
    is_automatic: bool
    is_answer: bool
    """Whether it answers what the contact just wrote; night is no reason to leave that waiting."""
    channel_is_open: bool
    channel_is_stopped: bool
    """For messages of this purpose."""
    wants_messages: bool | None
    wants_marketing: bool | None
    """None: unknown."""
    needs_consent: bool
    """Whether unknown counts as no."""
    window: timedelta | None
    last_received_at: datetime | None
    """When the contact last wrote by this channel, by the platform's own clock."""
    pushes: Sequence[datetime]
    """When automatic marketing left for the contact in the last month by any channel, newest first."""
    a_week: int
    own_a_week: int | None
    """How many pushes a week the contact accepts, where that is known."""
    is_passive: bool
    quiet_hours: QuietHours
    template_problem: Reason | None = None
    """Why the platform would not take the template, as far as its list is known."""
    room_at: datetime | None = None
    """When the platform lets one more new person be written to, where the contact's window is shut; None: now."""

    @property
    def is_window_shut(self) -> bool:
        """Whether the contact last wrote too long ago, or never."""
        if self.window is None:
            return False
        return self.last_received_at is None or self.now >= self.last_received_at + self.window


@dataclass(frozen=True)
class Pass:
    """It may leave."""


@dataclass(frozen=True)
class Held:
    """Not yet."""

    until: datetime | None
    """When it may leave, as far as is known now; None: when somebody has seen to it."""
    reason: Reason


@dataclass(frozen=True)
class Refused:
    """Not at all."""

    reason: Reason


Verdict = Pass | Held | Refused


def decide(facts: Facts) -> Verdict:
    """Refusals come first; a message that is held is held until no rule holds it any more."""
    for refused, reason in REFUSALS:
        if refused(facts):
            return Refused(reason)
    if facts.template_problem:
        return Refused(facts.template_problem)
    if facts.channel_is_stopped:
        return Held(None, Reason.CHANNEL_STOPPED)
    moment, first = facts.now, None
    while held := _hold(facts, moment):
        moment, first = held[0], first or held[1]
    return Held(moment, first) if first else Pass()


def _hold(facts: Facts, moment: datetime) -> tuple[datetime, Reason] | None:
    """The first rule that holds the message at the moment, and until when, which is later than the moment."""
    for free_at, reason in HOLDS:
        until = free_at(facts, moment)
        if until is not None and until > moment:
            return until, reason
    return None


def _is_refused(facts: Facts) -> bool:
    return facts.wants_messages is False


def _is_opted_out(facts: Facts) -> bool:
    return facts.is_marketing and (facts.wants_marketing is False or facts.own_a_week == 0)


def _lacks_consent(facts: Facts) -> bool:
    return facts.is_marketing and facts.needs_consent and facts.wants_marketing is None


def _is_outside_window(facts: Facts) -> bool:
    return facts.is_window_shut and not facts.is_template


def _passive_until(facts: Facts, moment: datetime) -> datetime | None:
    return facts.pushes[0] + MONTH if facts.is_passive and _is_push(facts) and facts.pushes else None


def _frequent_until(facts: Facts, moment: datetime) -> datetime | None:
    """S0: one who accepts two a week gets one every three to four days."""
    if not _is_push(facts) or not facts.pushes:
        return None
    most = facts.a_week if facts.own_a_week is None else facts.own_a_week
    waits = [facts.pushes[most - 1] + WEEK] if len(facts.pushes) >= most else []
    if facts.own_a_week is not None:
        waits.append(facts.pushes[0] + WEEK / most)
    return max(waits, default=None)


def _quiet_until(facts: Facts, moment: datetime) -> datetime | None:
    if not facts.is_automatic or facts.is_answer:
        return None
    return facts.quiet_hours.over_at(moment, facts.zone)


def _room_at(facts: Facts, moment: datetime) -> datetime | None:
    return facts.room_at if facts.is_window_shut else None


def _is_push(facts: Facts) -> bool:
    return facts.is_automatic and facts.is_marketing


REFUSALS: tuple[tuple[Callable[[Facts], bool], Reason], ...] = (
    (lambda facts: not facts.channel_is_open, Reason.CHANNEL_CLOSED),
    (_is_refused, Reason.REFUSED_ALL),
    (_is_opted_out, Reason.OPTED_OUT),
    (_lacks_consent, Reason.NO_CONSENT),
    (_is_outside_window, Reason.WINDOW_CLOSED),
)
HOLDS: tuple[tuple[Callable[[Facts, datetime], datetime | None], Reason], ...] = (
    (_passive_until, Reason.PASSIVE),
    (_frequent_until, Reason.FREQUENCY),
    (_quiet_until, Reason.QUIET_HOURS),
    (_room_at, Reason.NEW_PEOPLE),
)

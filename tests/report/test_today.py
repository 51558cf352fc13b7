"""Whom to write to: who is due, who is not any more, and in which order."""

from __future__ import annotations

import pytest

from seamark.report.subject import Subject
from seamark.report.today import MOST_SHOWN, today
from tests.report.conftest import RULEBOOK, MakeSubject, moment

NOW = "2026-03-16T12:00:00Z"
ASKED = "ann,2026-03-16T09:00:00Z,message.received"


def due(subject: Subject) -> list[tuple[str, int]]:
    return [(each.contact, each.at) for each in today(subject).due]


def test_the_first_undone_step_is_due(subject: MakeSubject) -> None:
    found = today(subject(ASKED, now=NOW)).due[0]
    assert (found.contact, found.at) == ("ann", moment("2026-03-16T09:00:00Z"))
    assert (found.title, found.priority) == ({"en": "Send it", "zh": "发报价"}, "P1")


def test_what_we_wrote_since_is_done(subject: MakeSubject) -> None:
    assert due(subject(ASKED, "ann,2026-03-16T10:00:00Z,message.sent", now=NOW)) == []


def test_the_next_step_is_due_on_its_day(subject: MakeSubject) -> None:
    events = [ASKED, "ann,2026-03-16T10:00:00Z,message.sent"]
    assert due(subject(*events, now="2026-03-17T00:00:00Z")) == [("ann", moment("2026-03-17T09:00:00Z"))]


@pytest.mark.parametrize(
    "event",
    [
        "ann,2026-03-16T10:00:00Z,order.placed",
        "ann,2026-03-15T10:00:00Z,order.placed",
        "ann,2026-03-16T10:00:00Z,unsubscribed",
        "ann,2026-03-16T10:00:00Z,tag.set,,hand/do-not-disturb",
    ],
)
def test_who_bought_or_wants_no_messages_is_left_alone(subject: MakeSubject, event: str) -> None:
    assert due(subject(ASKED, event, now=NOW)) == []


def test_who_subscribed_again_is_not_left_alone(subject: MakeSubject) -> None:
    events = ["ann,2026-03-16T10:00:00Z,unsubscribed", "ann,2026-03-16T11:00:00Z,subscribed"]
    assert len(due(subject(ASKED, *events, now=NOW))) == 1


def test_a_reaction_asks_its_condition_when_the_tag_is_entered(subject: MakeSubject) -> None:
    asking = RULEBOOK.replace("tag: activity/high,", "tag: activity/high, when: any link.clicked,")
    before, after = "ann,2026-01-01T00:00:00Z,link.clicked", "bob,2026-03-16T11:00:00Z,link.clicked"
    found = subject(ASKED, before, "bob,2026-03-16T10:00:00Z,message.received", after, now=NOW, rulebook=asking)
    assert [contact for contact, _ in due(found)] == ["ann"]


def test_a_journey_takes_its_branches(subject: MakeSubject) -> None:
    branch = """\
      - branch: [{when: any link.clicked, steps: [{follow_up: {title: {en: Call, zh: 打电话}}}]}]
        otherwise: [{send: nudge}]
    stop"""
    branching = RULEBOOK.replace("    stop", branch).replace(
        "{after: 1d, send: nudge}", "{after: 1d, alert: {title: {en: Cold, zh: 变冷}}}"
    )
    events = [ASKED, "ann,2026-03-16T10:00:00Z,message.sent", "bob,2026-03-16T09:00:00Z,message.received"]
    events += ["bob,2026-03-16T10:00:00Z,message.sent", "bob,2026-03-16T10:00:00Z,link.clicked"]
    found = today(subject(*events, now="2026-03-17T00:00:00Z", rulebook=branching)).due
    assert [(each.contact, each.title["en"], each.words is None) for each in found] == [
        ("ann", "Quote", False),
        ("bob", "Call", True),
    ]


def test_a_journey_goes_on_when_its_tag_is_left(subject: MakeSubject) -> None:
    longer = RULEBOOK.replace("{after: 1d, send", "{after: 4d, send")
    events = [ASKED, "ann,2026-03-16T10:00:00Z,message.sent"]
    assert due(subject(*events, now="2026-03-20T12:00:00Z", rulebook=longer)) == [
        ("ann", moment("2026-03-20T09:00:00Z"))
    ]


def test_a_journey_that_is_never_entered_again_is_due_once(subject: MakeSubject) -> None:
    once = RULEBOOK.replace("    steps:", "    re_enter: never\n    steps:")
    again = ["ann,2026-02-01T09:00:00Z,message.received", ASKED]
    assert len(due(subject(*again, now=NOW))) == 1
    assert due(subject(*again, now=NOW, rulebook=once)) == []


def test_the_leaving_of_a_tag_makes_work_too(subject: MakeSubject) -> None:
    leaving = RULEBOOK.replace("edge: enter", "edge: leave")
    found = today(subject(ASKED, now="2026-03-19T12:00:00Z", rulebook=leaving)).due[0]
    assert (found.edge.reaction.edge, found.at) == ("leave", moment("2026-03-19T09:00:00Z"))


def test_priority_comes_first_and_the_longest_due_next(subject: MakeSubject) -> None:
    more = """\
  - {edge: enter, tag: hand/do-not-disturb, do: [{follow_up: {title: {en: Now, zh: 现在}}}]}
journeys:"""
    other = RULEBOOK.replace("journeys:", more, 1).replace("do-not-disturb", "vip")
    found = subject(
        "cyd,2026-03-16T08:00:00Z,tag.set,,hand/vip",
        ASKED,
        "bob,2026-03-16T08:30:00Z,message.received",
        now=NOW,
        rulebook=other,
    )
    assert [contact for contact, _ in due(found)] == ["bob", "ann", "cyd"]


def test_the_rest_is_counted(subject: MakeSubject) -> None:
    found = today(subject(*(f"c{each:02},2026-03-16T09:00:00Z,message.received" for each in range(23)), now=NOW))
    assert (len(found.due), found.contacts) == (MOST_SHOWN, 23)

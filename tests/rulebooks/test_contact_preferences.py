"""`contact-preferences`: every threshold just inside, on and just outside its edge."""

from __future__ import annotations

import pytest

from seamark.engine.plan import Plan, plan_rulebook
from seamark.engine.units import DAY, HOUR, MINUTE
from seamark.rulebooks import open_rulebook
from tests.evaluators import Answer
from tests.rulebooks.told import EVALUATORS, Case, case, check, told, wrote, wrote_to

# now is a Friday, 10 in the morning
SATURDAY = 6 * DAY
CASES: dict[str, Case] = {
    "nothing": case(not_held="best-time/office-hours best-time/golden-window pushes/too-many pushes/passive-trigger"),
    "wrote 5 times from 9 on": case(*[wrote(HOUR)] * 5, held="best-time/office-hours"),
    "wrote 4 times from 9 on": case(*[wrote(HOUR)] * 4, not_held="best-time/office-hours"),
    "wrote 5 times before 9": case(*[wrote(HOUR + 1)] * 5, not_held="best-time/office-hours"),
    "wrote 5 times before 18": case(*[wrote(16 * HOUR + 1)] * 5, held="best-time/office-hours"),
    "wrote 5 times from 18 on": case(*[wrote(16 * HOUR)] * 5, not_held="best-time/office-hours"),
    "wrote 5 times on a Saturday": case(*[wrote(SATURDAY)] * 5, not_held="best-time/office-hours"),
    "wrote 5 times of 10 from 9 on": case(
        *[wrote(HOUR)] * 5, *[wrote(SATURDAY)] * 5, not_held="best-time/office-hours"
    ),
    "wrote 5 times of 10 from 9 on, one on 90 d": case(
        *[wrote(HOUR)] * 5, *[wrote(SATURDAY)] * 4, wrote(90 * DAY), held="best-time/office-hours"
    ),
    "wrote 5 times of 10 from 9 on, one inside 90 d": case(
        *[wrote(HOUR)] * 5, *[wrote(SATURDAY)] * 4, wrote(90 * DAY - 1), not_held="best-time/office-hours"
    ),
    "wrote 5 times of 10 at night, one on 90 d": case(
        *[wrote(14 * HOUR)] * 5, *[wrote(SATURDAY)] * 4, wrote(90 * DAY), held="best-time/night-owl"
    ),
    "wrote 5 times of 10 at night, one inside 90 d": case(
        *[wrote(14 * HOUR)] * 5, *[wrote(SATURDAY)] * 4, wrote(90 * DAY - 1), not_held="best-time/night-owl"
    ),
    "wrote 4 times from 20 on": case(*[wrote(14 * HOUR)] * 4, not_held="best-time/night-owl"),
    "a slow answer on 90 d": case(
        *(wrote_to(91 * DAY), wrote(90 * DAY), wrote_to(HOUR), wrote(50 * MINUTE)), held="best-time/golden-window"
    ),
    "a slow answer inside 90 d": case(
        *(wrote_to(91 * DAY), wrote(90 * DAY - 1), wrote_to(HOUR), wrote(50 * MINUTE)),
        not_held="best-time/golden-window",
    ),
    "wrote 5 times, one on 90 d": case(*[wrote(HOUR)] * 4, wrote(90 * DAY), not_held="best-time/office-hours"),
    "told office hours": case(preferred_time="工作时间", held="best-time/office-hours"),
    "wrote 5 times from 20 on": case(*[wrote(14 * HOUR)] * 5, held="best-time/night-owl"),
    "wrote 5 times before 20": case(*[wrote(14 * HOUR + 1)] * 5, not_held="best-time/night-owl"),
    "wrote 5 times before 23": case(*[wrote(11 * HOUR + 1)] * 5, held="best-time/night-owl"),
    "wrote 5 times from 23 on": case(*[wrote(11 * HOUR)] * 5, not_held="best-time/night-owl"),
    "told the evening": case(preferred_time="evening", held="best-time/night-owl"),
    "answered after 10 min": case(wrote_to(HOUR), wrote(50 * MINUTE), held="best-time/golden-window"),
    "answered later": case(wrote_to(HOUR), wrote(50 * MINUTE - 1), not_held="best-time/golden-window"),
    "voice": case(preferred_format="语音", held="format/voice", not_held="format/text"),
    "one push a week": case(pushes_per_week=1, not_held="pushes/two-or-three"),
    "two pushes a week": case(pushes_per_week=2, held="pushes/two-or-three"),
    "three pushes a week": case(pushes_per_week=3, held="pushes/two-or-three"),
    "four pushes a week": case(pushes_per_week=4, not_held="pushes/two-or-three"),
    "own limit": case(*[wrote_to(7 * DAY - 1)] * 2, pushes_per_week=2, held="pushes/own-limit"),
    "below the own limit": case(wrote_to(DAY), wrote_to(7 * DAY), pushes_per_week=2, not_held="pushes/own-limit"),
    "own limit, and wrote inside 7 d": case(
        *[wrote_to(DAY)] * 2, wrote(7 * DAY - 1), pushes_per_week=2, not_held="pushes/own-limit"
    ),
    "own limit, and wrote on 7 d": case(
        *[wrote_to(DAY)] * 2, wrote(7 * DAY), pushes_per_week=2, held="pushes/own-limit"
    ),
    "no limit told": case(*[wrote_to(DAY)] * 3, not_held="pushes/own-limit"),
    "6 pushes": case(*[wrote_to(7 * DAY - 1)] * 6, held="pushes/too-many"),
    "5 pushes": case(*[wrote_to(DAY)] * 5, wrote_to(7 * DAY), not_held="pushes/too-many"),
    "6 messages after a talk": case(*[wrote_to(DAY)] * 6, wrote(7 * DAY), held="pushes/too-many"),
    "6 messages of a talk": case(*[wrote_to(DAY)] * 6, wrote(7 * DAY - 1), not_held="pushes/too-many"),
    "not for now": case(wrote(180 * DAY - 1, "waits"), held="pushes/passive-trigger"),
    "not for now, 180 d ago": case(wrote(180 * DAY, "waits"), not_held="pushes/passive-trigger"),
    "asks again": case(wrote(DAY, "waits"), wrote(HOUR, "price"), not_held="pushes/passive-trigger"),
    "no, without a word of writing again": case(wrote(DAY, "refusal"), not_held="pushes/passive-trigger"),
    "noted to wait": case(passive_trigger="是", held="pushes/passive-trigger"),
    "a slot of their own": case(preferred_slot="Wed/Fri afternoon", held="best-time/own-slot"),
    "not in the evening": case(quiet_time="晚间", held="best-time/no-evenings"),
    "twice a week, inside 3 d": case(wrote_to(3 * DAY - 1), pushes_per_week=2, held="pushes/rests"),
    "twice a week, on 3 d": case(wrote_to(3 * DAY), pushes_per_week=2, not_held="pushes/rests"),
    "three times a week": case(wrote_to(DAY), pushes_per_week=3, not_held="pushes/rests"),
    "twice a week, wrote inside 7 d": case(
        wrote_to(DAY), wrote(7 * DAY - 1), pushes_per_week=2, not_held="pushes/rests"
    ),
    "twice a week, wrote on 7 d": case(wrote_to(DAY), wrote(7 * DAY), pushes_per_week=2, held="pushes/rests"),
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_rulebook(open_rulebook("contact-preferences"))


@pytest.fixture(scope="module", params=EVALUATORS)
def answer(request: pytest.FixtureRequest, plan: Plan) -> Answer:
    return told(request.param, plan, CASES)


@pytest.mark.covers("A05")
@pytest.mark.parametrize("name", CASES)
def test_preferences(answer: Answer, name: str) -> None:
    check(answer, name, CASES[name])

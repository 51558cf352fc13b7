"""Events as evaluators see them: typed values, order, and each event once."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seamark.engine.errors import Unreadable
from seamark.engine.events import (
    Event,
    Reads,
    canonical_text,
    distinct_events,
    from_canonical,
    read_value,
)
from seamark.engine.moments import parse_moment
from seamark.engine.units import SCALE

SHANGHAI = ZoneInfo("Asia/Shanghai")
MIDNIGHT = parse_moment("2026-11-01T00:00", SHANGHAI)[0]

READS = Reads(
    props={"order.placed": {"amount": "number", "category": "text", "hour": "number", "month": "number"}},
    fields={"birthday": "date", "budget": "range", "interests": "list"},
)


def ordered(occurred_at=0, **written) -> Event:
    identity = {name: written.pop(name) for name in ("id", "seq") if name in written}
    return READS.event("wang", occurred_at, "order.placed", written, SHANGHAI, **identity)


def test_an_event_holds_the_typed_props_that_are_read():
    event = ordered(MIDNIGHT, amount="12.5", category=" shoes ", color="red")
    assert event.props == {"amount": 125_000, "category": "shoes", "hour": 0, "month": 11 * SCALE}


def test_hour_and_month_are_those_of_the_zone():
    assert ordered(MIDNIGHT - 1).props == {"hour": 23 * SCALE, "month": 10 * SCALE}


def test_an_empty_cell_is_absent():
    assert "category" not in ordered(category="  ").props


def test_a_prop_that_cannot_be_read_is_named():
    with pytest.raises(Unreadable, match="amount: 'much' is not a number"):
        ordered(amount="much")


def test_props_of_kinds_that_are_not_read_are_not_looked_at():
    assert READS.props_of("loan.signed", 0, {"sum": "much"}, SHANGHAI) == {}


def test_fields_are_typed_and_absent_ones_left_out():
    written = {"birthday": "1990-02-28", "budget": "10-20", "interests": "", "name": "Wang"}
    assert READS.fields_of(written, SHANGHAI) == {"birthday": 19900228, "budget": (10 * SCALE, 20 * SCALE)}


# Order and identity


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (ordered(1, seq=9), ordered(2)),
        (ordered(1, seq=-1, id="b"), ordered(1, id="a")),
        (ordered(1, id="a", amount=2), ordered(1, id="b", amount=1)),
        (ordered(1), ordered(1, amount=-5)),
        (ordered(1, amount=1), ordered(1, amount=2)),
    ],
)
def test_order_is_moment_then_seq_then_id_then_props(earlier, later):
    assert READS.order_key(earlier) < READS.order_key(later)


def test_one_id_of_one_contact_is_one_event():
    first, again, other = ordered(1, id="a"), ordered(2, id="a"), ordered(1, id="a")._replace(contact="li")
    assert distinct_events([again, first, other], READS) == [first, other]


def test_without_an_id_every_row_counts():
    assert len(distinct_events([ordered(1), ordered(1)], READS)) == 2


@given(st.permutations([ordered(at, id=id, amount=amount) for at in (0, 1) for id in ("", "a") for amount in (1, 2)]))
def test_the_order_of_arrival_changes_nothing(events):
    assert [(each.occurred_at, each.id, each.props["amount"]) for each in distinct_events(events, READS)] == [
        (0, "", SCALE), (0, "", 2 * SCALE), (0, "a", SCALE), (1, "", SCALE), (1, "", 2 * SCALE),
    ]  # fmt: skip


# Written values


@pytest.mark.parametrize(
    ("written", "type_", "held"),
    [
        ("500_000", "number", 500_000 * SCALE),
        (2.5, "number", 25_000),
        (" shoes ", "text", "shoes"),
        (5, "text", "5"),
        (True, "text", "true"),
        ({"b": 1, "a": "é"}, "text", '{"a": "é", "b": 1}'),
        ("2026-11-01", "date", 20261101),
        ("2026-11-01T00:00", "moment", MIDNIGHT),
        ("tea; cups;;", "list", ("tea", "cups")),
        (["tea", " ", None, 5], "list", ("tea", "5")),
        (["tea;cups"], "list", ("tea", "cups")),
        ("50-200", "range", (50 * SCALE, 200 * SCALE)),
        ("50-", "range", (50 * SCALE, None)),
        ("..200", "range", (None, 200 * SCALE)),
        ("-5..-1", "range", (-5 * SCALE, -1 * SCALE)),
        ("-5", "range", (-5 * SCALE, -5 * SCALE)),
        (7, "range", (7 * SCALE, 7 * SCALE)),
        ([1, 2], "range", (1 * SCALE, 2 * SCALE)),
        ({"low": 1}, "range", (1 * SCALE, None)),
    ],
)
def test_a_written_value_becomes_its_type(written, type_, held):
    assert read_value(written, type_, SHANGHAI) == held


@pytest.mark.parametrize("type_", ["number", "text", "date", "moment", "list", "range"])
@pytest.mark.parametrize("written", [None, "", " \t", [], ()])
def test_nothing_written_is_absent(written, type_):
    assert read_value(written, type_) is None


@pytest.mark.parametrize(("written", "type_"), [(";;", "list"), ([None, ""], "list"), ({}, "range"), ("–", "range")])
def test_lists_and_ranges_of_nothing_are_absent(written, type_):
    assert read_value(written, type_) is None


@pytest.mark.parametrize(
    ("written", "type_", "reason"),
    [
        (True, "number", "not a number"),
        ([1], "number", "not a number"),
        ("soon", "date", "not a date"),
        ("soon", "moment", "not an ISO 8601 time"),
        (5, "list", "not a list"),
        ("20-10", "range", "low end is above its high end"),
        ("low-high", "range", "not a number"),
    ],
)
def test_refuses_values_of_another_type(written, type_, reason):
    with pytest.raises(Unreadable, match=reason):
        read_value(written, type_)


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Zs", "Cc")), min_size=1).filter(lambda text: ";" not in text)
ENDS = st.none() | st.integers(-(10**18), 10**18)


@pytest.mark.parametrize(
    ("type_", "values"),
    [
        ("number", st.integers()),
        ("moment", st.integers()),
        ("date", st.just(20261101)),
        ("text", st.text(min_size=1)),
        ("list", st.lists(TEXTS, min_size=1).map(tuple)),
        ("range", st.tuples(ENDS, ENDS).filter(lambda ends: ends != (None, None))),
    ],
)
@given(draw=st.data())
def test_canonical_text_reads_back(type_, values, draw):
    value = draw.draw(values)
    assert from_canonical(canonical_text(value), type_) == value


def test_a_change_of_a_field_holds_the_values_of_its_type():
    reads = Reads(props={"field.changed": {"field": "text", "old": "text", "new": "text"}}, fields={"size": "number"})
    changed = reads.event("wang", 0, "field.changed", {"field": "size", "old": "", "new": "50"}, SHANGHAI)
    assert changed.props == {"field": "size", "new": "500000"}

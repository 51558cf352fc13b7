"""What the index of fields says beforehand never leaves out whom a limit lets in."""

from __future__ import annotations

from itertools import combinations_with_replacement, product

import pytest

from seamark.apps.accounts.access import Reach, reach
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.models import Field
from seamark.apps.desk.limits import limited, marked
from seamark.apps.desk.wish import Limit
from seamark.apps.tagging.models import Standing
from tests.apps.conftest import Cast, MakeContact

FIGURES = (
    *(
        "-" + "9" * 39,
        "-1000",
        "-999.5",
        "-10",
        "-1",
        "-0.5",
        "0",
        "0.5",
        "1",
        "9.99",
        "10",
        "99",
        "100",
        "999",
        "1000",
    ),
    *("1001", "1239999", "1240000", "9" * 39, "1" + "0" * 39),
)
FEW_FIGURES = FIGURES[::3]
DAYS = ("0001-01-01", "1899-12-31", "1990-01-01", "1990-01-31", "1990-02-01", "1999-12-31", "2000-01-01", "9999-12-31")
TEXTS = ("IL", "silk", "SILK scarves", "丝", "丝绸", "真丝绸缎", "ß", "straße", "a", "1990-01-01", "99", "*x", "~", "")
TEXTS += ("ordered 1990-01-01", "1990-01-01 at ten")
OTHERS = (
    None,
    True,
    12,
    12.5,
    [],
    ["silk", 12],
    {},
    {"low": 5},
    {"high": "10"},
    {"low": None, "high": "x"},
    "x" * 2_000,
)

Type = Field.Type


def missed(type: Type, limits: list[Limit], within: Reach) -> list[tuple[Limit, object]]:
    """Who keeps to the limits and is not found by what the index says of them."""
    Field.objects.create(name="field", title_en="Field", title_zh="Field", type=type)
    found = Standing.objects.filter(within.condition())
    return [
        (limit, value)
        for limit in limits
        for value in limited(found, {"field": limit})
        .exclude(pk__in=found.filter(marked({"field": limit}, within)))
        .values_list("contact__fields__field", flat=True)
    ]


def between(ends: tuple[str, ...]) -> list[Limit]:
    """All limits from one of them to a later one, or without an end."""
    pairs = combinations_with_replacement(ends, 2)
    return [Limit(least=least, most=most) for least, most in (*pairs, *product(ends, [""]), *product([""], ends))]


@pytest.fixture
def crowd(cast: Cast, make_contact: MakeContact) -> Reach:
    """A contact for each value, and what Alice sees of them."""
    ranges = [{"low": low, "high": high} for low, high in combinations_with_replacement(FEW_FIGURES, 2)]
    moments, numbers = [f"{day}T10:00" for day in DAYS], map(float, FIGURES)
    for value in (*FIGURES, *numbers, *ranges, *DAYS, *moments, *TEXTS, *OTHERS):
        make_contact(fields={"field": value})
    return reach(cast.alice, Action.VIEW)


def test_figures(crowd: Reach) -> None:
    assert not missed(Type.NUMBER, between(FIGURES), crowd)


def test_ranges(crowd: Reach) -> None:
    assert not missed(Type.RANGE, between(FEW_FIGURES), crowd)


def test_days(crowd: Reach) -> None:
    assert not missed(Type.DATE, between((*DAYS, "1990", "x")), crowd)


def test_texts(crowd: Reach) -> None:
    limits = [Limit(piece) for text in TEXTS for piece in (text, text.lower(), text.upper(), text[1:3], text[-1:])]
    assert not missed(Type.TEXT, limits, crowd)


@pytest.mark.parametrize("type", [Type.CHOICE, Type.LIST])
def test_choices_and_entries(crowd: Reach, type: Type) -> None:
    assert not missed(type, [Limit(text) for text in (*TEXTS, *FIGURES, "x" * 2_000)], crowd)


@pytest.mark.parametrize("see", ["rita", "bob"])
def test_who_reaches_all_or_other_teams(crowd: Reach, cast: Cast, make_contact: MakeContact, see: str) -> None:
    member: Member = getattr(cast, see)
    make_contact(fields={"field": "12"}, owner=cast.bob)
    make_contact(fields={"field": "12"}, owner=None)
    assert not missed(Type.NUMBER, [Limit(least="12", most="12")], reach(member, Action.VIEW))


def test_it_leaves_out_most_others(crowd: Reach) -> None:
    Field.objects.create(name="field", title_en="Field", title_zh="Field", type=Type.NUMBER)
    few = Standing.objects.filter(marked({"field": Limit(least="1000", most="1001")}, crowd))
    assert set(few.values_list("contact__fields__field", flat=True)) == {"1000", "1001", 1000, 1001}

"""Texts of conditions: the tree they become, and what is said of those that become none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seamark.engine import tree
from seamark.engine.errors import Problem, RuleError
from seamark.engine.parse import DEEPEST, KEYWORDS, parse, place_in
from seamark.engine.tree import All, Any, Compare, CountOf, Events, Field, Last, Not, Number, Prop, Some, Within
from seamark.engine.units import DAY, HOUR, SCALE


def some(kind: str) -> Some:
    return Some(Events(kind))


def refused(text: str) -> Problem:
    with pytest.raises(RuleError) as error:
        parse(text)
    (problem,) = error.value.problems
    return problem


# Trees


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("last(message.received) within 24h", Within(Last(Events("message.received")), 24 * HOUR)),
        ("last(a) older than 7d", tree.OlderThan(Last(Events("a")), 7 * DAY)),
        ("no order.placed over 90d", tree.NoneOf(Events("order.placed"), 90 * DAY)),
        ("count(a.b) >= 3", Compare(">=", CountOf(Events("a.b")), Number(3 * SCALE))),
        (
            "sum(order.placed[amount > 5].amount) over 1w = 0",
            Compare(
                "=",
                tree.SumOf(
                    Events("order.placed", Compare(">", Prop("amount"), Number(5 * SCALE))), "amount", over=7 * DAY
                ),
                Number(0),
            ),
        ),
        ("last(a.b).size is absent", tree.IsAbsent(tree.PropOf(Last(Events("a.b")), "size"))),
        ("contact.budget.high = 1", Compare("=", Field("budget", "high"), Number(SCALE))),
        ('any a[mentions "price"]', Some(Events("a", tree.Has(Prop("mentions"), "price")))),
        ('contact.tastes has "tea"', tree.Has(Field("tastes"), "tea")),
        (
            'contact.trade in ["tea", "cups"]',
            tree.In(Field("trade"), (tree.Text("tea"), tree.Text("cups"))),
        ),
        (
            "months_since(contact.birthday) between -1 and param.old",
            tree.Between(tree.MonthsSince(Field("birthday")), Number(-SCALE), tree.Param("old")),
        ),
        (
            "avg(delay(a since b)) over 90d <= 10m",
            Compare("<=", tree.AverageDelay(Events("a"), Events("b"), 90 * DAY), tree.Duration(HOUR // 6)),
        ),
        ("tagged 活跃度/高 and rule quiet-now", All((tree.Tagged("活跃度/高"), tree.RuleRef("quiet-now")))),
    ],
)
def test_a_text_becomes_its_tree(text, condition):
    assert parse(text) == condition


@pytest.mark.covers("A15")
@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("any a or any b and any c", Any((some("a"), All((some("b"), some("c")))))),
        ("(any a or any b) and any c", All((Any((some("a"), some("b"))), some("c")))),
        ("not any a and any b", All((Not(some("a")), some("b")))),
        ("not (any a and any b)", Not(All((some("a"), some("b"))))),
        ("not not any a", Not(Not(some("a")))),
        ("any a and (any b and any c)", All((some("a"), some("b"), some("c")))),
        ("((any a))", some("a")),
    ],
)
def test_not_binds_first_then_and_then_or(text, condition):
    assert parse(text) == condition


@pytest.mark.parametrize(
    ("grouped", "plain"),
    [
        ("1 - 2 - 3 = 0", "(1 - 2) - 3 = 0"),
        ("1 + 2 * 3 = 0", "1 + (2 * 3) = 0"),
        ("contact.x -1 = 0", "contact.x - 1 = 0"),
    ],
)
def test_sums_group_as_in_school(grouped, plain):
    assert parse(grouped) == parse(plain)


def test_lines_and_blanks_are_free():
    assert parse("\n any  a.b\n\tover 3d\r\nand no c ") == parse("any a.b over 3d and no c")


def test_a_keyword_is_a_name_where_none_can_stand():
    assert parse("any over over 3d") == Some(Events("over"), 3 * DAY)


@pytest.mark.parametrize(
    ("kinds", "kind", "prop"),
    [
        ({"order.placed"}, "order.placed", "amount.net"),
        ({"order.placed", "order.placed.amount"}, "order.placed.amount", "net"),
        (set(), "order.placed.amount", "net"),
    ],
)
def test_the_longest_known_kind_wins_and_else_the_last_dot_parts_the_prop(kinds, kind, prop):
    assert parse("sum(order.placed.amount.net) = 0", kinds).left == tree.SumOf(Events(kind), prop)


def test_escapes_in_a_text_are_undone():
    assert parse(r'contact.x = "a \"b\" \\"').right == tree.Text('a "b" \\')


def test_nodes_know_where_they_begin():
    text = "any a.b and\n  contact.x = 3"
    assert [place_in(text, part.at).column for part in parse(text).of] == [5, 3]


# Depth


@pytest.mark.parametrize(
    "nested",
    [
        lambda deep: "(" * deep + "any a" + ")" * deep,
        lambda deep: "not " * deep + "any a",
        lambda deep: "not (" * deep + "any a" + ")" * deep,
        lambda deep: "(" * deep + "1" + ")" * deep + " = 1",
        lambda deep: "1" + " + 1" * deep + " = 1",
        lambda deep: "any a[" + "(" * deep + "x = 1" + ")" * deep + "]",
    ],
)
def test_nesting_ends_at_its_limit(nested):
    parse(nested(DEEPEST))
    assert refused(nested(DEEPEST + 1)).code == "nesting"


def test_long_conditions_are_not_deep_ones():
    assert len(parse(" and ".join(["any a"] * 5_000)).of) == 5_000


# What is said of other texts


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("any a\nand no b over 3x", "syntax", 2, 15),
        ("any a\nand", "syntax", 2, 4),
        ("any a\n\nand cold = 1", "bare-name", 3, 5),
        ("any a or\nsum(order.placed) = 1", "prop-missing", 2, 5),
        ("any a or\n  count(order.placed.amount) = 1", "prop-here", 2, 9),
        ('any a or\ncontact.x = ""', "empty-text", 2, 13),
        ("any a or\ncontact.x = 0.00001", "number", 2, 13),
        ("any a or\nany b over 400_000d", "duration", 2, 12),
        ("any a or\nmonths_since(birthday) = 1", "bare-name", 2, 14),
        ("\n" + "not " * 201 + "any b", "nesting", 2, 801),
    ],
)
def test_a_problem_has_its_line_and_column(text, code, line, column):
    problem = refused(text)
    assert (problem.code, problem.place.line, problem.place.column) == (code, line, column)


@pytest.mark.parametrize(
    ("text", "column", "hint"),
    [
        ("count(a) == 3", 10, "="),
        ("count(a) => 3", 10, ">="),
        ("count(a) =< 3", 10, "<="),
        ("count(a) ≥ 3", 10, ">="),
        ("count(a) <> 3", 10, "!="),
        ("any a && any b", 7, "and"),
        ("any a & any b", 7, "and"),
        ("any a || any b", 7, "or"),
        ("!any a", 1, "not"),
        ("any a[x = 'y']", 11, '"y"'),
        ("any a[x = “y”]", 11, '"y"'),
        ("contact.x = 「y」", 13, '"y"'),
        ("any a over 2 weeks", 12, "14d"),
        ("any a over 3months", 12, "90d"),
        ("any a over 1 Month", 12, "30d"),
        ("any a over 1 year", 12, "365d"),
        ("any a over 1.5d", 12, "36h"),
        ("any a over 90 min", 12, "90m"),
        ("any a over 3 天", 12, "3d"),
        ("until_anniversary(contact.x) < 3 days", 32, "3d"),
        ("last(a) withn 3d", 9, "within"),
        ("any a AND any b", 7, "and"),
        ("Any a", 5, "any"),
        ("cuont(a) = 3", 6, "count"),
        ('contact.x contains "y"', 11, "has"),
        ("contact.x is null", 14, "absent"),
    ],
)
def test_names_what_was_probably_meant(text, column, hint):
    problem = refused(text)
    assert (problem.place.column, problem.nearest) == (column, hint)


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ('any a[x = "y] over 3d', 11, "no closing quote"),
        ('contact.x = "a\nb"', 13, "ends on the line"),
        (r'contact.x = "a\n"', 13, "backslash"),
        ("contact.x is not absent", 14, "before the whole"),
        ("contact.x not in [1]", 11, "before the whole"),
        ("any a over 3M", 12, "Found '3M' where a duration such as 24h is expected"),
        ("any a and", 10, "Found the end where a condition is expected"),
        ("", 1, "Found the end where a condition is expected"),
        ("contact.x =", 12, "Found the end where a value is expected"),
        ("any a any b", 7, "Found 'any' where '[', 'and', 'or', 'over' or the end is expected"),
        ("tagged high", 8, "a tag written group/tag"),
        ("contact.x = London", 13, "'London' alone"),
        ("@", 1, "Found '@' where a value is expected"),
    ],
)
def test_says_what_was_found_and_expected(text, column, said):
    problem = refused(text)
    assert problem.place.column == column
    assert said in problem.message


WORDS = (
    *KEYWORDS,
    *("a.b", "order.placed.amount", "contact.x", "param.x", "x/y", "3", "3d", "1_h", "0.00001", "3M", "2 weeks"),
    *(
        '"a"',
        '""',
        '"',
        "'",
        "“b”",
        "\\",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        "=",
        "==",
        "<",
        "=>",
        "!",
        "&&",
        "|",
        "+",
        "-",
        "*",
    ),
    *("\n", "\t", "报价", "@", "\0", "\ud800"),
)


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=12), st.sampled_from((" ", "")))
def test_any_other_text_is_refused_at_a_place_inside_it(words, blank):
    text = blank.join(words)
    try:
        parse(text)
    except RuleError as error:
        (problem,) = error.problems
        assert 1 <= problem.place.line <= text.count("\n") + 1
        assert 1 <= problem.place.column <= len(text) + 1

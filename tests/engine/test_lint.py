"""What the linter tells of a rulebook, and what it lets pass."""

import re
import subprocess
import sys
from pathlib import Path
from textwrap import indent

import pytest
from hypothesis import HealthCheck, given, settings

from seamark.engine.errors import Problem
from seamark.engine.lint import lint
from seamark.engine.lint.overlap import Held, overlap
from seamark.engine.rulebook import Rulebook, load_rulebook
from seamark.engine.units import DAY
from tests.engine.rulebooks import Scenario, scenarios

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "lint.md"


def rulebook(more: str = "", **groups: str) -> Rulebook:
    """Groups by name: `level`, `level1`, … are level groups, all others set groups; tags are written one a line."""
    written = "".join(
        f"  {name}:\n    kind: {'level' if name.startswith('level') else 'set'}\n    tags:\n{indent(tags, ' ' * 6)}\n"
        for name, tags in groups.items()
    )
    return load_rulebook(f"rulebook: small\n{more}\ngroups:{written and chr(10)}{written or ' {}'}\n", "r.yaml")


def told(book: Rulebook, *codes: str) -> list[str]:
    """The messages of these codes, or of all."""
    return [problem.message for problem in lint(book) if not codes or problem.code in codes]


def codes(book: Rulebook) -> list[str]:
    return [problem.code for problem in lint(book)]


BY_HAND = "t: {by_hand: true}\nu: {by_hand: true}"

# Levels

ACTIVITY = """
high: {when: last(message.received) within 24h}
medium: {when: last(message.received) within 3d}
dormant: {otherwise: true}
"""


def test_a_good_rulebook_is_let_pass() -> None:
    assert lint(rulebook(level=ACTIVITY, trial="asked: {when: any quote.sent over 3d}\nvip: {by_hand: true}")) == []


@pytest.mark.covers("G08")
@pytest.mark.parametrize(
    ("level", "why"),
    [
        ("last(message.received) within 2d", "level/medium"),
        ("count(message.received) over 3d >= 2", "level/medium"),
        ("any message.received over 3d or any message.received over 24h", "level/medium"),
        ('any message.received[lang = "zh"] over 12h', "level/high"),
        ("tagged level1/x and last(message.received) within 3d", "level/medium"),
        ("no message.received over 3d and any message.received over 2d", "rule one another out"),
    ],
)
def test_a_level_that_can_never_be_reached_is_told_with_its_reason(level: str, why: str) -> None:
    tags = ACTIVITY.replace("dormant", f"dead: {{when: '{level}'}}\ndormant")
    book = rulebook(level=tags, level1="x: {when: any quote.sent}\ny: {otherwise: true}")
    (problem,) = [problem for problem in lint(book) if problem.code == "dead-level"]
    assert problem.message.startswith("level/dead can never be held")
    assert why in problem.message
    assert (problem.place.line, problem.place.path) == (10, "groups.level.tags.dead.when")


def test_levels_that_only_together_leave_nothing_are_named_together() -> None:
    book = rulebook(level="a: {when: contact.n > 5}\nb: {when: contact.n < 8}\nc: {when: not contact.n is absent}")
    (message,) = told(book, "dead-level")
    assert "one of level/a, level/b" in message


def test_an_otherwise_that_is_never_reached_is_told() -> None:
    book = rulebook(level="a: {when: any quote.sent}\nb: {when: no quote.sent}\nc: {otherwise: true}")
    assert told(book) == ["level/c can never be held: every contact has one of the other levels."]


def test_a_level_by_hand_is_never_dead() -> None:
    assert codes(rulebook(level="a: {when: any quote.sent}\nvip: {by_hand: true}\nc: {otherwise: true}")) == []


def test_a_level_group_that_leaves_contacts_out_is_told() -> None:
    assert codes(rulebook(level="a: {when: any quote.sent}")) == ["no-otherwise"]
    assert codes(rulebook(level="a: {when: any quote.sent}\nb: {when: no quote.sent}")) == []


# Conditions by themselves


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("distinct(order.placed.month) over 365d >= 13", "never-true"),
        ("count(quote.sent) over 30d >= 0", "always-true"),
        ("any quote.sent or no quote.sent", "always-true"),
        ("contact.n > 10 and contact.n > 5", "idle-part"),
        ("any quote.sent over 3d or any quote.sent over 7d", "idle-part"),
    ],
)
def test_a_condition_that_says_nothing_is_told(condition: str, code: str) -> None:
    assert codes(rulebook(s=f"t: {{when: {condition}}}")) == [code]


@pytest.mark.parametrize(("last", "code"), [("4", ["never-true"]), ("2", [])])
def test_of_products_the_same_is_known_to_be_the_same(last: str, code: list[str]) -> None:
    """Also where a date stands in them, which is no text any more once a condition is planned."""
    product = 'last(loan.signed[due < "2023-02-28"]).sum * contact.n'
    more = "kinds: {loan.signed: {sum: money, due: date}}"
    assert codes(rulebook(more, s=f"t: {{when: '{product} < 3 and {product} > {last}'}}")) == code


def test_the_part_that_changes_nothing_is_pointed_at() -> None:
    (problem,) = lint(rulebook(s="t: {when: contact.n > 10 and contact.n > 5}"))
    assert "`contact.n > 5` changes nothing" in problem.message
    assert problem.place.column == 36


def test_conditions_of_rules_reactions_and_journeys_are_looked_at_too() -> None:
    never = "contact.n > 3 and contact.n < 3"
    more = f"""
rules: {{never: {never}}}
reactions: [{{edge: enter, tag: s/t, when: rule never, do: [{{start: j}}]}}]
journeys: {{j: {{stop: {{when: {never}}}, steps: [{{wait: {{until: '{never}', at_most: 3d}}}}]}}}}
"""
    assert codes(rulebook(more, s=BY_HAND)) == ["never-true"] * 4


# Tags alike


@pytest.mark.covers("A20")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("last(quote.sent) within 7d", "any quote.sent over 7d"),
        ("not no quote.sent over 7d", "count(quote.sent) over 7d >= 1"),
        ("contact.n > 5 and any quote.sent", "any quote.sent and not contact.n <= 5 and not contact.n is absent"),
        ("tagged s/u", "not not tagged s/u"),
        ('any message.received[lang = "a" or lang = "b"]', 'any message.received[lang in ["a", "b"]]'),
        ("count(quote.sent) > 2", "count(quote.sent) >= 3"),
        ("last(quote.sent) within 1d", "last(quote.sent) within 24h"),
    ],
)
def test_tags_with_equal_definitions_are_told(one: str, other: str) -> None:
    book = rulebook(s=f"a: {{when: '{one}'}}\nu: {{by_hand: true}}", t=f"b: {{when: '{other}'}}")
    assert told(book, "equal-tags") == [
        "t/b means the same as s/a: whoever holds one holds the other. Keep one of them."
    ]


def test_a_level_is_as_its_group_makes_it() -> None:
    tags = "early: {when: any quote.sent over 7d and no quote.sent over 1d}"
    book = rulebook(
        level="a: {when: any quote.sent over 1d}\nb: {when: any quote.sent over 7d}\nc: {otherwise: true}", s=tags
    )
    assert "s/early means the same as level/b" in told(book, "equal-tags")[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("any quote.sent over 7d", "any quote.sent over 8d and contact.n > 3"),
        ('any message.received[lang = "a"]', 'any message.received[lang = "b"]'),
        ("sum(order.placed.amount) > 3", "avg(order.placed.amount) > 3"),
        ("first(quote.sent) within 3d", "last(quote.sent) within 3d"),
    ],
)
def test_tags_that_differ_are_let_pass(one: str, other: str) -> None:
    assert codes(rulebook(s=f"a: {{when: '{one}'}}\nb: {{when: '{other}'}}")) == []


@pytest.mark.covers("A20")
@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (
            "any quote.sent over 30d and contact.n > 3",
            "contact.n > 3 and any quote.sent over 31d",
            "only 31d stands for 30d",
        ),
        (
            "sum(order.placed.amount) over 9d > 1_000",
            "sum(order.placed.amount) over 9d > 1_050",
            "only 1_050 stands for 1_000",
        ),
        ("count(quote.sent) over 9d >= 3", "count(quote.sent) over 9d >= 9", "Whoever holds s/b holds s/a too"),
        ("last(quote.sent) within 1d", "last(quote.sent) within 9d", "Whoever holds s/a holds s/b too"),
    ],
)
def test_tags_that_differ_in_one_figure_are_told(one: str, other: str, words: str) -> None:
    (message,) = told(rulebook(s=f"a: {{when: {one}}}\nb: {{when: {other}}}"), "near-tags")
    assert words in message


def test_only_the_closest_of_many_is_named() -> None:
    book = rulebook(s="\n".join(f"t{days}: {{when: any quote.sent over {days}d}}" for days in (3, 9, 27)))
    assert ["s/t3 holds s/t9" in told(book)[0], "s/t9 holds s/t27" in told(book)[1], len(told(book))] == [True, True, 2]


def test_levels_of_one_group_are_not_held_against_one_another() -> None:
    assert "near-tags" not in codes(rulebook(level=ACTIVITY.replace("3d", "25h")))


# Unused


@pytest.mark.parametrize(
    ("more", "tags", "code"),
    [
        ("terms: {price: {en: [price]}}", BY_HAND, "unused-term"),
        ("params: {many: 3}", BY_HAND, "unused-param"),
        ("rules: {quiet: no quote.sent}", BY_HAND, "unused-rule"),
        ("kinds: {loan.signed: {sum: number}}", BY_HAND, "unused-kind"),
        ("texts: {hi: {en: Hi, zh: Hi}}", BY_HAND, "unused-text"),
        ("journeys: {j: {steps: [{set: s/t}]}}", BY_HAND, "unused-journey"),
        ("journeys: {j: {re_enter: never, steps: [{start: j}]}}", BY_HAND, "unused-journey"),
        ("", "t: {when: no quote.sent, unlisted: true}", "unused-tag"),
    ],
)
def test_what_nobody_uses_is_told(more: str, tags: str, code: str) -> None:
    (problem,) = lint(rulebook(more, s=tags))
    assert (problem.code, problem.place.line) == (code, 2 if more else 7)


def test_what_is_used_is_let_pass() -> None:
    more = """
terms: {price: {en: [price]}}
params: {many: 3}
rules: {quiet: no bell.rung over 7d}
kinds: {bell.rung: {}}
reactions: [{edge: enter, tag: s/t, do: [{start: j}]}]
journeys: {j: {steps: [{send: hi}, {follow_up: {title: {en: F, zh: F}, text: ho}}]}}
texts: {hi: {en: Hi, zh: Hi}, ho: {en: Ho, zh: Ho}}
"""
    tags = """
t: {when: 'count(message.received[mentions "price"]) > param.many', unlisted: true}
u: {when: rule quiet}
"""
    assert lint(rulebook(more, s=tags)) == []


# Windows, shares, dimensions, words


def test_a_window_beyond_what_is_kept_is_told() -> None:
    book = rulebook(s="a: {when: any quote.sent over 30d}\nb: {when: last(quote.sent) older than 31d}")
    (problem,) = lint(book, kept_history=30 * DAY)
    assert (problem.code, problem.place.line) == ("long-window", 8)
    assert "looks back 31d, but events are kept for 30d" in problem.message


@pytest.mark.parametrize(
    ("shares", "wrong"),
    [
        (("[0.6, 0.7]", "[0.5, 0.6]"), True),
        (("[0.1, 0.2]", "[0.1, 0.2]"), True),
        (("[0.1, 0.6]", "[0.1, 0.4]"), False),
        (("[0.4, 0.5]", "[0.6, 0.7]"), False),
    ],
)
def test_shares_that_cannot_add_up_are_told(shares: tuple[str, str], wrong: bool) -> None:
    tags = f"a: {{when: any quote.sent, share: {shares[0]}}}\nb: {{otherwise: true, share: {shares[1]}}}"
    assert codes(rulebook(level=tags)) == ["share-sum"] * wrong


@pytest.mark.covers("A19")
@pytest.mark.parametrize(("count", "wrong"), [(4, True), (5, False), (8, False), (9, True)])
def test_a_dimension_keeps_five_to_eight_tags(count: int, wrong: bool) -> None:
    tags = "\n".join(f"t{place}: {{by_hand: true}}" for place in range(count))
    text = f"rulebook: small\ngroups:\n  g:\n    kind: set\n    dimension: value\n    tags:\n{indent(tags, ' ' * 6)}"
    assert codes(load_rulebook(text)) == ["dimension-size"] * wrong


def test_a_placeholder_that_names_no_field_is_told() -> None:
    more = """
fields: {city: text, budget: range}
texts: {hi: {en: 'Hi {contact.name} from {contact.city}, {contact.budget.low}', zh: '{contact.cty} {name}'}}
reactions: [{edge: enter, tag: s/t, do: [{send: hi}]}]
"""
    problems = lint(rulebook(more, s=BY_HAND))
    assert [(problem.code, problem.nearest) for problem in problems] == [
        ("unknown-placeholder", "{contact.city}"),
        ("unknown-placeholder", ""),
    ]
    assert [problem.place.path for problem in problems] == ["texts.hi.zh"] * 2


# Reactions without end


def on(*reactions: str) -> str:
    """Reactions written `enter s/t: set s/u; clear s/t`."""
    written = []
    for reaction in reactions:
        edge, tag, deeds = re.split(r" |: ", reaction, maxsplit=2)
        done = ", ".join(f"{{{deed.replace(' ', ': ')}}}" for deed in deeds.split("; "))
        written.append(f"  - {{edge: {edge}, tag: {tag}, do: [{done}]}}")
    return "reactions:\n" + "\n".join(written)


@pytest.mark.covers("G08")
@pytest.mark.parametrize(
    ("reactions", "way"),
    [
        (("enter s/t: clear s/t", "leave s/t: set s/t"), "enter s/t → leave s/t → enter s/t"),
        (("enter s/t: clear s/t; set s/u", "enter s/u: set s/t; clear s/u"), "enter s/t → enter s/u → enter s/t"),
        (("enter s/t: set s/u", "enter s/not-u: clear s/u"), ""),
        (
            ("enter s/not-u: set s/u", "leave s/not-u: clear s/u"),
            "enter s/u → leave s/not-u → leave s/u → enter s/not-u",
        ),
        (
            ("enter level/a: clear s/t", "enter level/b: set s/t"),
            "leave s/t → leave level/a → enter level/b → enter s/t → enter level/a",
        ),
        (("enter s/t: start j", "leave s/t: set s/t"), "enter s/t → leave s/t → enter s/t"),
        (("enter s/t: start once", "leave s/t: set s/t"), ""),
        (("enter s/t: set s/u", "leave s/t: clear s/u"), ""),
        (("enter s/t: clear s/t",), ""),
        (("enter s/t: set s/t",), ""),
    ],
)
def test_reactions_that_lead_to_themselves_are_told(reactions: tuple[str, ...], way: str) -> None:
    more = "journeys:\n  j: {steps: [{clear: s/t}]}\n  once: {re_enter: never, steps: [{clear: s/t}]}\n"
    book = rulebook(
        more + on(*reactions),
        s=BY_HAND + "\nnot-u: {when: not tagged s/u}",
        level="a: {when: tagged s/t}\nb: {otherwise: true}",
    )
    messages = told(book, "endless-reaction")
    assert [way in message for message in messages] == [True] * bool(way)


def test_a_reaction_that_clears_its_own_computed_tag_comes_again_when_the_hand_ends() -> None:
    book = rulebook(on("enter s/t: clear s/t"), s="t: {when: any quote.sent}")
    assert codes(book) == ["endless-reaction", "set-computed"]


@pytest.mark.parametrize(
    ("journeys", "way"),
    [
        ("j: {steps: [{start: j}]}", "j → j"),
        ("j: {steps: [{start: k}]}, k: {steps: [{start: j}]}", "j → k → j"),
        ("j: {re_enter: never, steps: [{start: j}]}", ""),
        ("j: {steps: [{start: k}]}, k: {steps: [{stop: j}]}", ""),
    ],
)
def test_journeys_that_start_themselves_are_told(journeys: str, way: str) -> None:
    messages = told(rulebook(f"journeys: {{{journeys}}}", s=BY_HAND), "endless-journey")
    assert (way in messages[0]) if way else not messages


def test_an_edge_that_sets_and_clears_the_same_tag_is_told() -> None:
    assert codes(rulebook(on("enter s/t: set s/u", "enter s/t: clear s/u"), s=BY_HAND)) == ["set-and-clear"]


# Measured overlap

TWO = "a: {when: any quote.sent over 30d}\nb: {by_hand: true}"


def rows(both: int, first: int, second: int, none: int = 1_000) -> Held:
    held = [("s/a", "s/b")] * both + [("s/a",)] * first + [("s/b",)] * second
    return Held.of(((f"c{place}", tag) for place, tags in enumerate(held) for tag in tags), len(held) + none)


@pytest.mark.covers("A20")
@pytest.mark.parametrize(
    ("held", "words"),
    [
        (rows(90, 5, 5), "90 of the 100 contacts with s/a or s/b hold both (90%)"),
        (rows(89, 6, 5), ""),
        (rows(98, 2, 200), "98 of the 100 contacts with s/a hold s/b too (98%)"),
        (rows(97, 3, 200), ""),
        (rows(98, 200, 2), "98 of the 100 contacts with s/b hold s/a too (98%)"),
        (rows(19, 0, 0), ""),
        (rows(20, 0, 0), "20 of the 20"),
        (rows(98, 2, 1_000, none=0), ""),  # nearly everyone holds s/b
    ],
)
def test_tags_held_by_nearly_the_same_contacts_are_told(held: Held, words: str) -> None:
    found = overlap(rulebook(s=TWO), held)
    assert [words in problem.message for problem in found] == [True] * bool(words)


@pytest.mark.parametrize(
    "groups",
    [
        {"level": "a: {when: any quote.sent}\nb: {otherwise: true}"},
        {"s": "a: {by_hand: true}\nb: {when: rule known}"},
    ],
)
def test_levels_of_a_group_and_tags_that_ask_for_one_another_are_not_compared(groups: dict[str, str]) -> None:
    book = rulebook("rules: {known: tagged s/a or no quote.sent}" if "s" in groups else "", **groups)
    (name,) = groups
    assert overlap(book, Held(1_000, {f"{name}/a": 100, f"{name}/b": 100}, {(f"{name}/b", f"{name}/a"): 100})) == []


# As a whole


def test_warnings_come_in_the_order_of_the_file_and_stop_nothing() -> None:
    found: list[Problem] = lint(rulebook("params: {many: 3}", s="t: {when: no bell.rung and contact.n > contact.n}"))
    assert [(problem.code, problem.severity) for problem in found] == [
        ("unused-param", "warning"),
        ("never-true", "warning"),
        ("unknown-kind", "warning"),
    ]


def test_every_warning_is_documented_and_no_other() -> None:
    documented = re.findall(r"^\| `([a-z-]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    sources = (Path(__file__).parents[2] / "src" / "seamark" / "engine" / "lint").glob("*.py")
    text = "".join(source.read_text("utf-8") for source in sources)
    given = set(re.findall(r'(?:Problem|problem)\(\s*"([a-z-]+)"', text))
    unused = {f"unused-{what}" for what in ("term", "param", "rule", "journey", "text", "kind", "tag")}
    assert set(documented) == given | unused


@settings(max_examples=8, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(scenarios())
def test_what_is_called_dead_is_never_held(scenario: Scenario) -> None:
    dead = {
        "/".join(problem.place.path.split(".")[1:4:2])
        for problem in lint(scenario.rulebook)
        if problem.code in ("dead-level", "never-true") and problem.place.path.startswith("groups.")
    }
    for contact in scenario.contacts:
        hands = [event for event in contact.events if event.kind.startswith("tag.")]
        if not hands:
            assert not dead & set(scenario.oracle(contact, contact.events).at(scenario.now).tags())


AT_ONCE = """
from threading import Thread
from seamark.engine.lint import lint
from seamark.rulebooks import open_rulebook

rulebook = open_rulebook("whatsapp-selling")
found = []
threads = [Thread(target=lambda: found.append(len(lint(rulebook)))) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(found)
"""


@pytest.mark.covers("G08")
def test_several_may_lint_at_once() -> None:
    """In a process of its own: what goes wrong here ends the process."""
    ended = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "[0, 0, 0]\n")

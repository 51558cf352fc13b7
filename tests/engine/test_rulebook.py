"""Rulebooks from their files: what is read, what is refused, and where it is said to stand."""

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from seamark.engine.errors import Problem, RuleError
from seamark.engine.rulebook import Rulebook, load_rulebook, rulebook_schema

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "rulebook.md"


def rulebook(tags: str, more: str = "", kind: str = "set") -> str:
    """A rulebook of one group; its tags stand from line 5 on, two spaces in."""
    return f"rulebook: small\ngroups:\n  g:\n    kind: {kind}\n    tags:\n{indent(tags, ' ' * 6)}\n{more}"


def when(condition: str, more: str = "") -> str:
    """A rulebook whose one condition stands in line 6, its first character in column 18."""
    return rulebook(f"t: {{when: '{condition}'}}", more)


def problems(text: str | bytes, **how: object) -> list[Problem]:
    with pytest.raises(RuleError) as refused:
        load_rulebook(text, "r.yaml", **how)
    return list(refused.value.problems)


EMPTY = "rulebook: small\ngroups: {}\n"
CHAIN = "r0: no x, " + ", ".join(f"r{place + 1}: not rule r{place}" for place in range(101))
DOUBLED = "r0: no x, " + ", ".join(f"r{place + 1}: rule r{place} and rule r{place}" for place in range(40))
REFUSED = [
    # code, rulebook, line and column, words of the message
    # what is no YAML, or more of it than is read
    ("yaml", "rulebook: 'open\n", "2:1", "end of stream"),
    ("yaml", "rulebook: small\n\tversion: 1\n", "2:1", "cannot start"),
    ("yaml", rulebook('t: {when: any message.received[lang = "en"]}'), "6:37", "single quotes"),
    ("yaml", "rulebook: small\nversion: 1\x00\n", "2:0", "U+0000"),
    ("yaml", 'rulebook: "\\U99999999"\n', "1:1", "names no character"),
    ("yaml", EMPTY + 'description: {en: "\\ud83d", zh: a}\n', "3:19", "half a character"),
    ("yaml-tag", "rulebook: !!python/object/apply:os.system [ls]\n", "1:11", "!!python"),
    ("yaml-tag", "rulebook: !secret small\n", "1:11", "!secret"),
    ("yaml-tag", "rulebook: small\nterms: !!set {a, b}\n", "2:8", "!!set"),
    ("alias", "rulebook: &a small\n", "1:11", "Anchors"),
    ("alias", "rulebook: small\ntitle: *a\n", "2:8", "Anchors"),
    ("too-deep", "rulebook: " + "[" * 1000, "1:71", "60"),
    ("too-large", "#" * 2_000_000, "0:0", "2,000,000"),
    ("encoding", b"rulebook: small\ntitle: \xff\xfe\n", "2:0", "0xff"),
    ("documents", "rulebook: small\n---\nrulebook: other\n", "2:1", "second"),
    ("key", "rulebook: small\n? [a, b]\n: 1\n", "2:3", "plain word"),
    ("key", "rulebook: small\n? {a: b}\n: 1\n? {c: d}\n: 2\n", "2:3", "plain word"),
    ("key", 'rulebook: small\n"a\\n": 1\n', "2:1", "plain word"),
    ("duplicate-key", "rulebook: small\nrulebook: other\n", "2:1", "second time"),
    # the shape
    ("shape", "", "1:1", "found nothing"),
    ("shape", "- a\n- b\n", "1:1", "found a list of 2"),
    ("unknown-key", EMPTY + "termz: {}\n", "3:1", "'termz'"),
    ("missing-key", "rulebook: small\n", "1:1", "'groups'"),
    ("missing-key", rulebook("t: {by_hand: true, title: {en: T}}"), "6:26", "'zh'"),
    ("missing-key", EMPTY + "journeys: {j: {steps: [{stop: j, otherwise: [{stop: j}]}]}}\n", "3:24", "beside branch"),
    ("one-key", rulebook("t: {color: red}"), "6:7", "found none"),
    ("one-key", rulebook("t: {when: no x, by_hand: true}"), "6:7", "found when and by_hand"),
    ("name", EMPTY + "rules: {a b: no x}\n", "3:9", "'a b' is not a name"),
    ("value", EMPTY + "version: 0\n", "3:10", "whole number of at least 1"),
    ("value", EMPTY + "version: " + "9" * 5000, "3:10", "whole number"),
    ("value", EMPTY + "version: true\n", "3:10", "Found true"),
    ("value", EMPTY + "title: Small\n", "3:8", "one in Chinese"),
    ("value", EMPTY + "rules:\n", "3:1", "Found nothing; expected a mapping"),
    ("value", EMPTY + "fields: {born: 2026-11-20}\n", "3:16", "one of number"),
    ("value", EMPTY + "fields: {size: {type: numbr}}\n", "3:23", "one of number"),
    ("value", EMPTY + "terms: {price: {en: []}}\n", "3:21", "This is empty; expected a list of words"),
    ("value", rulebook("t: {by_hand: true, color: blu}"), "6:33", "a color code such as"),
    ("value", rulebook("t: {by_hand: false}"), "6:20", "expected true, or leave the key out"),
    ("value", rulebook("t: {by_hand: true, review: {every: 1 week}}"), "6:42", "a duration such as 24h"),
    ("value", rulebook("t: {by_hand: true, review: {every: 999999999w}}"), "6:42", "a thousand years"),
    ("value", rulebook("t: {by_hand: true, share: [0.00001, 1]}"), "6:34", "finer than four decimals"),
    (
        "value",
        rulebook("t: {by_hand: true}", "reactions: [{edge: enter, tag: t, do: [{set: g/t}]}]"),
        "7:32",
        "group/tag",
    ),
    ("share", rulebook("t: {by_hand: true, share: [0.5, 0.1]}"), "6:26", "low end"),
    ("otherwise", rulebook("t: {otherwise: true}"), "6:11", "set group"),
    ("otherwise", rulebook("a: {otherwise: true}\nb: {otherwise: true}", kind="level"), "7:11", "a and b"),
    # conditions
    ("syntax", when("no x over 3d an no y"), "6:31", "'an'"),
    ("duration", when("no x over 9999999999d"), "6:28", "thousand years"),
    ("number", when("count(x) > 1.00001"), "6:29", "four decimals"),
    ("nesting", when("1" + " + 1" * 300 + " > 0"), "6:18", "200"),
    ("nesting", when("(" * 300 + "no x" + ")" * 300), "6:218", "200"),
    ("nesting", EMPTY + f"rules: {{{CHAIN}}}\n", "3:1896", "more than 100"),
    ("nesting", EMPTY + f"rules: {{{DOUBLED}}}\n", "3:331", "20,000 parts"),
    ("bare-name", when("amount > 3"), "6:18", "'amount'"),
    ("prop-here", when("no order.placed.amount"), "6:21", "events are meant"),
    ("prop-missing", when("sum(order.placed) > 3"), "6:22", "kind.prop"),
    ("empty-text", when('contact.city = ""'), "6:33", "is absent"),
    ("empty-window", when("sum(order.placed.amount) over 0d > 1"), "6:18", "length 0"),
    ("type", when('contact.city > 3 and contact.city has "x"'), "6:39", "here a list is meant"),
    ("type", when("contact.size <= 3d"), "6:18", "cannot be compared"),
    ("type", when('contact.size > 3 and contact.size = "big"'), "6:39", "first use is at r.yaml:6:18"),
    ("type", when('last(order.placed).category > "a"'), "6:18", "texts are compared with"),
    ("type", when("contact.a.low > 1 and contact.a > 1"), "6:40", ".low or .high"),
    ("date", when('contact.born = "soon"', "fields: {born: date}\n"), "6:33", "'soon' is not a date"),
    ("calendar", when("months_since(contact.born) + 1 > 3"), "6:18", "directly"),
    ("calendar", when("months_since(contact.born) > count(order.placed)"), "6:18", "compared with a number"),
    ("value", EMPTY + "kinds: {loan.signed: {sum: range}}\n", "3:28", "'range'"),
    ("field-in-brackets", when("any order.placed[amount > contact.budget]"), "6:44", "outside them"),
    # names
    ("unknown-kind", when("no order.plased"), "6:21", "order.plased"),
    ("unknown-term", when('any message.received[mentions "prise"]', "terms: {price: {en: [a]}}\n"), "6:48", "'prise'"),
    ("unknown-param", when("count(x) > param.lots"), "6:29", "'lots'"),
    ("unknown-rule", when("no x and rule quiet"), "6:32", "'quiet'"),
    ("unknown-tag", when("tagged g/u"), "6:25", "'g/u'"),
    (
        "unknown-tag",
        rulebook("t: {by_hand: true}", "reactions: [{edge: enter, tag: g/u, do: [{set: g/t}]}]"),
        "7:32",
        "'g/u'",
    ),
    (
        "unknown-journey",
        rulebook("t: {by_hand: true}", "reactions: [{edge: enter, tag: g/t, do: [{start: j}]}]"),
        "7:50",
        "'j'",
    ),
    (
        "unknown-text",
        rulebook("t: {by_hand: true}", "journeys: {j: {steps: [{branch: [{when: no x, steps: [{send: hi}]}]}]}}"),
        "7:62",
        "'hi'",
    ),
    (
        "unknown-choice",
        when('contact.size = "bigg"', "fields: {size: {type: choice, choices: [big, small]}}\n"),
        "6:33",
        "big, small",
    ),
    ("reserved", EMPTY + "kinds: {loan.signed: {hour: text}}\n", "3:23", "loan.signed.hour is a number already"),
    ("reserved", EMPTY + "kinds: {order.placed: {amount: text}}\n", "3:24", "order.placed.amount is a number already"),
    ("reserved", EMPTY + "fields: {budget.low: number}\n", "3:10", "end of a range"),
    ("empty-term", EMPTY + "terms: {price: {title: {en: P, zh: P}}}\n", "3:9", "no keywords"),
    ("circle", EMPTY + "rules: {a: rule b, b: rule a}\n", "3:17", "rule a → rule b → rule a"),
    ("circle", rulebook("a: {when: tagged g/b}\nb: {when: no x}", kind="level"), "6:24", "group g → group g"),
    ("param", EMPTY + "params: {a: 1.00001}\n", "3:13", "four decimals"),
    ("param", EMPTY + "params: {a: {quantile: 2, of: count(order.placed), default: 1}}\n", "3:24", "at most 1"),
    ("param", EMPTY + "params: {a: {quantile: 0.5, of: no x and count(x), default: 1}}\n", "3:33", "one number"),
    # includes
    ("include", EMPTY + "include: [other]\n", "3:11", "none can be fetched"),
]


@pytest.mark.covers("G08")
@pytest.mark.parametrize(("code", "text", "spot", "words"), REFUSED)
def test_what_is_refused(code: str, text: str | bytes, spot: str, words: str) -> None:
    found = problems(text)
    told = [(problem.code, f"{problem.place.line}:{problem.place.column}") for problem in found]
    assert (code, spot) in told, found
    assert any(words in problem.message for problem in found if problem.code == code), found


@pytest.mark.parametrize(
    ("written", "spot"),
    [
        ("t: {when: no x ovr 3d}", "6:22"),
        ("t: {when: 'no x ovr 3d'}", "6:23"),
        (r't: {when: "any message.received[lang = \"en\"] ovr 3d"}', "6:54"),
        ("t: {when: 'any message.received[lang = \"it''s\"] ovr 3d'}", "6:55"),
        ("t:\n  when: no x\n    ovr 3d", "8:11"),
        ("t:\n  when: >\n    no x\n    ovr 3d", "9:11"),
        ("t:\n  when: |-  # brackets need no quotes here\n\n    no x\n    ovr 3d", "10:11"),
        ("t:\n  when: 'no x\n    ovr 3d'", "8:11"),
    ],
)
def test_a_place_inside_a_condition_is_found_however_it_is_quoted(written: str, spot: str) -> None:
    (found,) = problems(rulebook(written))
    assert f"{found.place.line}:{found.place.column}" == spot


def test_lines_are_counted_alike_for_windows_files_with_a_byte_order_mark() -> None:
    text = "\ufeff" + when("no x ovr 3d").replace("\n", "\r\n")
    (found,) = problems(text.encode())
    assert (found.place.line, found.place.column, found.place.path) == (6, 23, "groups.g.tags.t.when")


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    text = rulebook("a: {when: no x ovr 3d}\nb: {when: tagged g/z}\nc: {when: rule r}", "rules: {s: rule r}\n")
    assert [(problem.code, problem.place.line) for problem in problems(text)] == [
        ("syntax", 6),
        ("unknown-tag", 7),
        ("unknown-rule", 8),
        ("unknown-rule", 9),
    ]


def test_what_is_wrong_itself_is_not_told_to_be_unknown_too() -> None:
    text = when("rule quiet and count(x) > param.many", "rules: {quiet: no}\nparams: {many: 0.00001}\n")
    assert [problem.code for problem in problems(text)] == ["syntax", "param"]


def test_every_missing_and_every_unknown_key_is_told() -> None:
    told = [(problem.code, problem.message.split("'")[1]) for problem in problems("one: 1\ntwo: 2\n")]
    assert sorted(told) == [
        ("missing-key", "groups"),
        ("missing-key", "rulebook"),
        ("unknown-key", "one"),
        ("unknown-key", "two"),
    ]


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        (EMPTY + "grups: {}\n", "groups"),
        (rulebook("t: {by_hand: true, color: grean}"), "green"),
        (when("rule quite", "rules: {quiet: no x}\n"), "quiet"),
        (when("no mesage.received"), "message.received"),
    ],
)
def test_the_nearest_known_name_is_offered(text: str, nearest: str) -> None:
    assert [problem.nearest for problem in problems(text)] == [nearest]


@pytest.mark.parametrize("text", ["[" * 500_000, "a: " * 100_000, "{" * 100 + "}" * 100, "\0" * 1000, "? " * 10_000])
def test_hostile_files_are_refused(text: str) -> None:
    assert problems(text)


@pytest.mark.parametrize("raw", [b"\x89PNG\r\n\x1a\n\x00", "rulebook: small".encode("utf-16"), b"\xff"])
def test_binary_files_are_refused(raw: bytes) -> None:
    assert problems(raw)


# What is read


def test_sizes_and_figures_are_read_as_written() -> None:
    params = load_rulebook(EMPTY + "params: {a: 500_000, b: 0.1, c: 10m, d: shoes, e: '7', f: -1e2}\n").params
    assert [(param.value, param.type) for param in params.values()] == [
        (5_000_000_000, "number"),
        (1_000, "number"),
        (600_000_000, "duration"),
        ("shoes", "text"),
        (70_000, "number"),
        (-1_000_000, "number"),
    ]


def test_json_is_read_too() -> None:
    read = load_rulebook(r'{"rulebook": "small", "groups": {}, "title": {"en": "\ud83d\ude00", "zh": "\u4f60"}}')
    assert read.title == {"en": "😀", "zh": "你"}


def test_types_come_from_declarations_standard_kinds_and_use() -> None:
    read = load_rulebook(
        when(
            'any loan.signed[sum > 3 and due > "2026-01-01"] and contact.size > 5 and last(order.placed).color = "red"',
            "kinds: {loan.signed: {due: date}}\n",
        )
    )
    assert read.reads.props["loan.signed"] == {"due": "date", "sum": "number"}
    assert read.reads.props["order.placed"] == {"color": "text"}
    assert read.reads.fields == read.fields == {"size": "number"}


def test_deeds_of_reactions_and_journeys_are_found_wherever_they_stand() -> None:
    journey = """
journeys:
  j:
    steps:
      - {after: 1h, set: g/t}
      - branch: [{when: no x, steps: [{send: hi}]}]
        otherwise: [{follow_up: {title: {en: F, zh: F}, text: hi}}]
texts: {hi: {en: Hi, zh: Hi}}
reactions: [{edge: enter, tag: g/t, do: [{start: j}, {alert: {title: {en: A, zh: A}}}]}]
"""
    read = load_rulebook(rulebook("t: {by_hand: true}", journey))
    assert [(deed.verb, deed.name, deed.place.line) for deed in read.journeys["j"].deeds] == [
        ("set", "g/t", 11),
        ("send", "hi", 12),
        ("follow_up", "hi", 13),
    ]
    assert [(deed.verb, deed.name) for deed in read.reactions[0].deeds] == [("start", "j"), ("alert", "")]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("no bell.rung", "unknown-kind"),
        ('last(message.received).mentions has "prise"', "unknown-term"),
        ("sum(order.placed.amounts) > 3", "unknown-prop"),
        ('contact.size = "huge"', "unknown-choice"),
    ],
)
def test_what_may_be_right_is_only_warned_of(condition: str, code: str) -> None:
    read = load_rulebook(when(condition, "fields: {size: {type: choice, choices: [big, small]}}\n"))
    assert [(problem.code, problem.severity) for problem in read.warnings] == [(code, "warning")]


# Includes


def shelf(**files: str) -> object:
    return lambda name, by: (files[name], name)


def test_what_is_included_is_part_of_the_rulebook() -> None:
    read = load_rulebook(EMPTY + "include: [base]\n", find=shelf(base=when("no x")))
    assert list(read.tags) == ["g/t"]
    assert read.place("groups", "g").file == "base"


def test_a_group_defined_twice_is_refused() -> None:
    (found,) = problems(when("no x", "include: [base]\n"), find=shelf(base=when("no y")))
    assert (found.code, str(found.place)) == ("defined-twice", "r.yaml:3:3 (groups.g)")
    assert "base:3:3" in found.message


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"a": EMPTY + "include: [a]\n"}, "include-circle"),
        ({"a": EMPTY + "include: [b]\n", "b": EMPTY + "include: [a]\n"}, "include-circle"),
        ({"b": EMPTY}, "include"),
        (
            {f"{name}": EMPTY + f"include: ['{name + 1}']\n" for name in range(50)} | {"a": EMPTY + "include: ['0']\n"},
            "include",
        ),
    ],
)
def test_includes_that_lead_nowhere_are_refused(files: dict[str, str], code: str) -> None:
    (found,) = problems(EMPTY + "include: [a]\n", find=shelf(**files))
    assert (found.code, found.place.line) == (code, 3)


# Parameters


def fitted(**values: object) -> Rulebook:
    return load_rulebook(when("count(x) > param.many", "params: {many: 3}\n")).with_params(values)


def test_a_parameter_can_be_set() -> None:
    assert (fitted(many=5).params["many"].value, fitted(many=5).params["many"].fitted) == (50_000, True)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"meny": 3}, "unknown-param"),
        ({"many": "3d"}, "param"),
        ({"many": 0.00001}, "param"),
        ({"many": None}, "param"),
    ],
)
def test_a_parameter_of_another_name_or_type_is_refused(values: dict[str, object], code: str) -> None:
    with pytest.raises(RuleError) as refused:
        fitted(**values)
    assert [problem.code for problem in refused.value.problems] == [code]


# The page


def keys_of(schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """Every key a rulebook file may have; a definition's keys begin with its name, a deed's stand there alone."""
    for key, inner in schema.get("properties", {}).items():
        if not inner.get("$ref", "").startswith("#/$defs/deeds/") or path == "deed.":
            yield path + key
            yield from keys_of(inner, f"{path}{key}.")
    for inner in (schema.get("items"), *schema.get("anyOf", ())):
        if inner:
            yield from keys_of(inner, path)
    for key in schema.get("required", ()) if path == "words." else ():
        yield path + key
    if isinstance(inner := schema.get("additionalProperties"), dict):
        yield from keys_of(inner, f"{path}*.")
    for name, inner in schema.get("$defs", {}).items():
        yield from keys_of(inner, f"{name}.")


def test_every_key_is_documented_and_no_other() -> None:
    documented = re.findall(r"^\| `([\w.*]+)` \| (?!error|warning)", PAGE.read_text("utf-8"), re.MULTILINE)
    assert sorted(documented) == sorted(set(keys_of(rulebook_schema())))


def test_every_error_is_documented_and_tried() -> None:
    documented = set(re.findall(r"^\| `([a-z]+(?:-[a-z]+)*)` \| error", PAGE.read_text("utf-8"), re.MULTILINE))
    tried = {case[0] for case in REFUSED} | {"defined-twice", "include-circle"}
    assert documented == tried


def test_the_example_of_the_page_is_right() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert load_rulebook(example).warnings == ()

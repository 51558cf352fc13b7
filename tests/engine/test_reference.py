"""The reference pages of conditions and kinds: complete, and right in every example."""

import re
from pathlib import Path

import pytest

from seamark.engine import tree
from seamark.engine.kinds import EVERY_EVENT, STANDARD_KINDS, WRITTEN_TYPES
from seamark.engine.parse import KEYWORDS, parse
from seamark.engine.sentence import sentence

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
CONDITIONS = (REFERENCE / "conditions.md").read_text("utf-8")
KINDS = (REFERENCE / "kinds.md").read_text("utf-8")

ENTRIES = {entry.partition("\n")[0]: entry for entry in re.split(r"^### ", CONDITIONS, flags=re.MULTILINE)[1:]}
NODES = {
    name: node
    for name, node in vars(tree).items()
    if isinstance(node, type) and issubclass(node, tree.Node) and node not in (tree.Node, tree.Condition, tree.Value)
}


def examples(entry: str) -> list[str]:
    blocks = re.findall(r"^```condition\n(.*?)^```", entry, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `") or re.match(r"\| \w+ \| `", line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def code(cell: str) -> str:
    return cell.strip("` ")


# Conditions


@pytest.mark.parametrize("title", ENTRIES)
def test_every_entry_has_examples_that_parse(title):
    parsed = [parse(example) for example in examples(ENTRIES[title])]
    assert parsed


@pytest.mark.parametrize("name", NODES)
def test_every_node_has_an_entry_whose_examples_show_it(name):
    (entry,) = [entry for entry in ENTRIES.values() if re.search(rf"^\*In the tree: `{name}`\.", entry, re.MULTILINE)]
    assert any(isinstance(part, NODES[name]) for text in examples(entry) for part in parse(text).walk())


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_every_keyword_has_an_entry_whose_examples_use_it(keyword):
    named = rf"`[^`]*\b{keyword}\b[^`]*`"
    entries = [
        entry for title, entry in ENTRIES.items() if re.search(named, title) or re.search(rf"Keywords .*{named}", entry)
    ]
    assert any(re.search(rf"\b{keyword}\b", text) for entry in entries for text in examples(entry))


def test_the_grammar_has_the_keywords_and_signs_of_the_parser():
    ebnf = re.search(r"^```ebnf\n(.*?)^```", CONDITIONS, re.MULTILINE | re.DOTALL)[1]
    rules = re.sub(r"^TEXT .*$|\(\*.*?\*\)", "", ebnf, flags=re.MULTILINE)
    marks = {*"()[],+-*./_", "=", "!=", "<", "<=", ">", ">=", *"smhdw"}
    assert set(re.findall(r'"([^"]+)"', rules)) == {*KEYWORDS, *marks}


@pytest.mark.parametrize(("condition", "english", "chinese"), rows(CONDITIONS, "How conditions read"))
def test_conditions_read_as_the_page_says(condition, english, chinese):
    parsed = parse(code(condition))
    assert (sentence(parsed, "en"), sentence(parsed, "zh")) == (english, chinese)


# Kinds


def test_the_standard_kinds_are_those_of_the_engine():
    told = {code(kind): dict(re.findall(r"`(\w+)` (\w+)", props)) for kind, _, props in rows(KINDS, "Standard kinds")}
    assert told == STANDARD_KINDS


def test_the_props_of_every_event_are_those_of_the_engine():
    assert {code(prop): type_ for prop, type_, _ in rows(KINDS, "Props of every event")} == EVERY_EVENT


def test_the_types_are_those_of_the_engine():
    told = {word: type_ for type_, words, _ in rows(KINDS, "Types") for word in re.findall(r"`(\w+)`", words)}
    assert told == WRITTEN_TYPES

"""Trees become text that parses to the same tree."""

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seamark.engine import tree
from seamark.engine.parse import DEEPEST, parse
from seamark.engine.write import quoted, write
from tests.engine.strategies import VOCABULARY, conditions

NODES = {
    node
    for node in vars(tree).values()
    if isinstance(node, type) and issubclass(node, tree.Node) and node not in (tree.Node, tree.Condition, tree.Value)
}


@given(conditions())
def test_a_written_condition_parses_to_the_same_tree(condition):
    assert parse(write(condition), VOCABULARY.kinds) == condition


def test_every_kind_of_node_is_drawn():
    drawn = set()

    @hypothesis.settings(max_examples=300, derandomize=True, database=None)
    @given(conditions())
    def draw(condition):
        drawn.update(type(part) for part in condition.walk())

    draw()
    assert drawn == NODES


@given(st.text(st.characters(exclude_characters="\n", exclude_categories=("Cs",)), min_size=1))
def test_any_text_of_one_line_can_be_written(text):
    assert parse(f"contact.x = {quoted(text)}").right == tree.Text(text)


@pytest.mark.parametrize(
    "text",
    [
        "any a.b[c = 1] over 2d and no d",
        "not (any a or no b)",
        "not not any a",
        "any a or (any b and any c)",
        "(any a or any b) and any c",
        "contact.x - ((1 - 2) * 3) = -4",
        "1 - 2 - 3 = 500_000",
        'contact.x in ["a", "b \\"c\\""]',
        "avg(delay(a since b)) over 24h <= 10m",
    ],
)
def test_brackets_stand_where_precedence_or_a_reader_needs_them(text):
    assert write(parse(text)) == text


def test_the_deepest_condition_can_be_written():
    deep = parse("any a or any b and (" * (DEEPEST // 2) + "any c" + ")" * (DEEPEST // 2))
    assert parse(write(deep)) == deep


def test_what_is_no_node_is_refused():
    with pytest.raises(TypeError, match="no part of a condition"):
        write("any a")

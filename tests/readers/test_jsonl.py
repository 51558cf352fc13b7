"""JSONL comes out with its props beside its columns, and every number whole."""

import json
from decimal import Decimal

import pytest

from seamark.readers.shape import FileError

pytestmark = pytest.mark.covers("C03")

ANN = '"contact": "ann", "occurred_at": "2026-11-12", "kind": "x"'


@pytest.fixture
def value_of(file, rows_of):
    return lambda written: rows_of(file(f'{{{ANN}, "props": {{"it": {written}}}}}', "e.jsonl")).values[0]["it"]


def test_props_stand_beside_the_columns(file, rows_of):
    got = rows_of(file(f'{{{ANN}, "seq": 3, "props": {{"text": "hi"}}}}\n', "e.jsonl"))
    assert got.values == [{"contact": "ann", "occurred_at": "2026-11-12", "kind": "x", "seq": Decimal(3), "text": "hi"}]


@pytest.mark.parametrize("written", ["0.1", "1.10", "12345678901234567890.123456789", "-1E+3", "7" * 5000])
def test_numbers_keep_every_digit(value_of, written):
    assert str(value_of(written)) == str(Decimal(written))


@pytest.mark.parametrize("written", ['"茶 \\ud83c\\udf75"', "true", "null", '["tea", "cups"]', '{"low": "1"}'])
def test_other_values_stay_as_they_are(value_of, written):
    assert value_of(written) == json.loads(written)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f'{{{ANN}, "props": {{"channel": "x"}}}}', "has a prop 'channel', which is the name of a column; rename it"),
        (f'{{{ANN}, "text": "a", "props": {{"text": "b"}}}}', "has 'text' twice, beside the props and among them"),
        (f'{{{ANN}, "props": [1]}}', "has props that are no object"),
        (f'{{{ANN}, "kind": "y"}}', "has 'kind' twice"),
        (f'{{{ANN}, "props": {{"a": NaN}}}}', "holds NaN, which is no number in JSON; leave the value out"),
        (f'{{{ANN}, "props": {{"a": -Infinity}}}}', "holds -Infinity, which is no number in JSON; leave the value out"),
        (f'{{{ANN}, "props": {{"a": 1e99999999999999999999}}}}', "holds a number too large to be held"),
        (f'{{{ANN}, "props": {{"a": {"[" * 90_000}}}}}', "is nested more than 100 deep"),
        (f'{{{ANN}, "props": {{"a": "\\ud800"}}}}', "holds bytes that are not UTF-8"),
        (f'{{{ANN}, "props": {{"a": "\\u0000"}}}}', "holds a NUL character"),
        ('"ann"', 'is no object; expected one object a line, such as {"contact": "ann", …}'),
        ('{"contact": "ann"', "is not JSON: Expecting ',' delimiter at column 18"),
        ('{"contact": "ann", "occurred_at": null}', "lacks occurred_at, kind"),
    ],
)
def test_a_line_that_does_not_do_is_set_aside_alone(file, rows_of, line, reason):
    got = rows_of(file(f"{line}\n{{{ANN}}}\n", "e.jsonl"))
    assert (got.lines, got.reasons) == ([2], [(1, reason)])


def test_brackets_inside_texts_are_no_nesting(value_of):
    assert value_of('"' + "[{" * 500 + '"') == "[{" * 500


def test_objects_may_have_any_name_of_file(file, rows_of):
    assert rows_of(file(f"\n{{{ANN}}}\n", "events.txt")).lines == [2]


def test_an_array_is_refused(file, rows_of):
    with pytest.raises(FileError, match="is a JSON array; write one object a line"):
        rows_of(file(f"[{{{ANN}}}]", "e.json"))

"""What is written reads back the same, and a file is there whole or not at all."""

import csv
import os
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seamark.readers.delimited import cell_text
from seamark.readers.rows import read_rows
from seamark.readers.shape import FileError, Reject, Row
from seamark.readers.writing import write_events, write_rejects

pytestmark = pytest.mark.covers("C03")

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
FILLED = TEXTS.filter(lambda text: text.strip())
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**14), max_value=10**14)
ANY_NUMBER = st.decimals(allow_nan=False, allow_infinity=False)
LISTS = st.lists(FILLED.filter(lambda text: ";" not in text), min_size=1, max_size=3)
ODD = st.one_of(ANY_NUMBER, st.booleans(), st.none(), st.dictionaries(TEXTS, ANY_NUMBER, max_size=2))


def rows(**props: st.SearchStrategy[object]) -> st.SearchStrategy[list[Row]]:
    required = {"contact": FILLED, "occurred_at": FILLED, "kind": FILLED}
    optional = {"id": FILLED, "seq": st.integers(-9, 9).map(Decimal), "channel": FILLED, **props}
    values = st.fixed_dictionaries(required, optional=optional)
    return st.lists(values.map(lambda made: Row(1, made)), min_size=1, max_size=5)


TYPED = rows(amount=NUMBERS, text=FILLED, interests=LISTS, agreed=st.booleans())


def read_back(made: list[Row], path: Path) -> list[dict[str, object]]:
    write_events(made, path)
    rejects: list[Reject] = []
    read = [row.values for row in read_rows(path, rejects.append)]
    assert rejects == []
    return read


def without_absent(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value not in (None, "")}


same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)


@same_folder
@given(rows(text=TEXTS, it=ODD, deep=st.lists(ODD, max_size=2)))
def test_jsonl_keeps_every_value(tmp_path, made):
    assert read_back(made, tmp_path / "events.jsonl") == [row.values for row in made]


@same_folder
@given(TYPED)
def test_csv_keeps_every_value_as_text(tmp_path, made):
    wanted = [{name: cell_text(name, value) for name, value in row.values.items()} for row in made]
    assert [without_absent(values) for values in read_back(made, tmp_path / "events.csv")] == wanted


@same_folder
@given(TYPED)
def test_parquet_keeps_every_value(tmp_path, made):
    assert [without_absent(values) for values in read_back(made, tmp_path / "e.parquet")] == [
        row.values for row in made
    ]


@same_folder
@given(rows(it=st.one_of(ANY_NUMBER, st.booleans(), FILLED)))
def test_parquet_holds_a_column_of_many_types_as_text(tmp_path, made):
    def as_text(values: dict[str, object]) -> dict[str, str]:
        return {name: cell_text(name, value) for name, value in without_absent(values).items()}

    read = [as_text(values) for values in read_back(made, tmp_path / "e.parquet")]
    for got, row in zip(read, made, strict=True):
        wanted = as_text(row.values)
        assert got == wanted or Decimal(got["it"]) == Decimal(wanted["it"])


def test_parquet_keeps_numbers_too_long_for_it_as_text(tmp_path):
    made = [Row(1, {**ANN, "it": Decimal(number)}) for number in ("1E+30", "1E-10", "2")]
    assert [values["it"] for values in read_back(made, tmp_path / "e.parquet")] == ["1E+30", "1E-10", "2"]


ANN = {"contact": "ann", "occurred_at": "2026-11-12", "kind": "x"}


def test_columns_of_events_come_first(tmp_path):
    count = write_events(
        [Row(1, {**ANN, "text": "a", "id": "1"}), Row(2, {**ANN, "amount": Decimal(1)})], tmp_path / "e.csv"
    )
    assert (tmp_path / "e.csv").read_text().splitlines()[0] == "contact,occurred_at,kind,id,text,amount"
    assert count == 2


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_no_rows_make_a_file_that_can_be_read(tmp_path, ending):
    assert write_events([], tmp_path / f"e.{ending}") == 0
    if ending != "jsonl":
        assert list(read_rows(tmp_path / f"e.{ending}", pytest.fail)) == []


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("value", [{"low": Decimal(1)}, ["a;b"], [Decimal(1)]])
def test_values_that_would_not_read_back_are_refused(tmp_path, ending, value):
    with pytest.raises(FileError, match=r"does not fit into a cell; write \.jsonl instead"):
        write_events([Row(1, {**ANN, "it": value})], tmp_path / f"e.{ending}")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_what_fails_leaves_the_file_that_was_there(tmp_path, ending):
    path = tmp_path / f"e.{ending}"
    path.write_text("old")

    def failing():
        yield Row(1, ANN)
        raise FileError("source.csv", "is damaged")

    with pytest.raises(FileError, match=r"source\.csv: is damaged"):
        write_events(failing(), path)
    assert os.listdir(tmp_path) == [path.name]
    assert path.read_text() == "old"


@pytest.mark.parametrize(("name", "said"), [("e.xlsx", "must end in .csv, .jsonl"), ("none/e.csv", "No such file")])
def test_a_path_that_cannot_be_written_is_refused(tmp_path, name, said):
    with pytest.raises(FileError, match=f"cannot be written: .*{said}"):
        write_events([Row(1, ANN)], tmp_path / name)


def test_rejects_stand_beside_the_output(tmp_path):
    path = write_rejects([Reject("a.csv", 3, "has no customer", 'x,"y"')], tmp_path / "e.parquet")
    assert path.name == "e.parquet.rejects.csv"
    with path.open(newline="") as stream:
        assert list(csv.reader(stream)) == [
            ["file", "line", "reason", "content"],
            ["a.csv", "3", "has no customer", 'x,"y"'],
        ]

"""CSV and TSV come out as they were written, with the line each row begins on."""

import pytest

from seamark.readers.shape import FileError

pytestmark = pytest.mark.covers("C03")

HEADER = "contact,occurred_at,kind,text\n"


def test_values_stay_as_they_were_written(file, rows_of):
    got = rows_of(file("contact,occurred_at,kind,amount,note\n007,2026-11-12,order.placed, 1.10,\n"))
    assert got.values == [
        {"contact": "007", "occurred_at": "2026-11-12", "kind": "order.placed", "amount": " 1.10", "note": ""}
    ]


def test_quotes_hold_commas_quotes_and_lines(file, rows_of):
    got = rows_of(file(HEADER + 'ann,2026-11-12,x,"one, ""two""\r\nthree"\nbob,2026-11-12,x,y\n'))
    assert got.values[0]["text"] == 'one, "two"\r\nthree'
    assert got.lines == [2, 4]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_ends_them(file, rows_of, ending):
    assert rows_of(file((HEADER + "ann,2026-11-12,x,hi\n").replace("\n", ending))).values[0]["text"] == "hi"


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_tabs_and_semicolons_separate_too(file, rows_of, delimiter):
    got = rows_of(file((HEADER + "ann,2026-11-12,x,hi\n").replace(",", delimiter)))
    assert got.values[0] == {"contact": "ann", "occurred_at": "2026-11-12", "kind": "x", "text": "hi"}


def test_rows_of_another_width_are_set_aside(file, rows_of):
    got = rows_of(file(HEADER + "ann,2026-11-12,x\nbob,2026-11-12,x,hi\ncat,2026-11-12,x,hi,there\n"))
    assert got.lines == [3]
    assert got.reasons == [
        (2, "has 3 columns where the header has 4"),
        (4, "has 5 columns where the header has 4"),
    ]
    assert got.rejects[0].content == "ann,2026-11-12,x"


def test_a_quote_never_closed_costs_its_line_alone(file, rows_of):
    got = rows_of(file(HEADER + 'ann,2026-11-12,x,"hi\n' + "bob,2026-11-12,x,hi\n" * 3))
    assert got.lines == [3, 4, 5]
    assert got.reasons == [(2, "a quote is opened and never closed")]


def test_text_after_a_closing_quote_is_set_aside(file, rows_of):
    got = rows_of(file(HEADER + 'ann,2026-11-12,x,"5" pipe\nbob,2026-11-12,x,5" pipe\n'))
    assert got.values[0]["text"] == '5" pipe'
    assert "goes on after its closing quote" in got.reasons[0][1]


def test_blank_lines_are_passed_over(file, rows_of):
    got = rows_of(file("\n" + HEADER + "\nann,2026-11-12,x,hi\n,,,\n"))
    assert (got.lines, got.rejects) == ([4], [])


def test_rows_without_a_required_value_are_set_aside(file, rows_of):
    got = rows_of(file(HEADER + " ,2026-11-12,,hi\n"))
    assert got.reasons == [(2, "lacks contact, kind")]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Contact,occured_at,kind", "lacks the columns contact, occurred_at; rename 'Contact' if it is contact"),
        ("Contact,occured_at,kind", "rename 'occured_at' if it is occurred_at; the columns found are Contact"),
        ("contact,occurred_at,kind,text,text", "column 'text' stands 2 times"),
        ('contact,"occurred_at', "header that cannot be read: a quote is opened and never closed"),
    ],
)
def test_a_header_that_does_not_do_is_refused(file, rows_of, header, said):
    with pytest.raises(FileError, match=said):
        rows_of(file(header + "\n1,2,3\n"))


def test_a_column_without_name_is_left_out_and_said(file, rows_of):
    got = rows_of(file(",contact,occurred_at,kind\n0,ann,2026-11-12,x\n"))
    assert got.values == [{"contact": "ann", "occurred_at": "2026-11-12", "kind": "x"}]
    assert "column 1 has no name" in got.notes[0]


def test_a_header_alone_is_no_rows(file, rows_of):
    assert rows_of(file(HEADER)).values == []

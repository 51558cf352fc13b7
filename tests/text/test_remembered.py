"""What is kept of the answers, and for how long."""

from seamark.text.remembered import Remembered


def test_an_answer_is_worked_out_once():
    asked: list[str] = []
    remembered = Remembered(lambda text: asked.append(text) or text.upper())
    assert [remembered[text] for text in ("a", "b", "a")] == ["A", "B", "A"]
    assert asked == ["a", "b"]


def test_too_many_are_forgotten():
    remembered = Remembered(str.upper, most=2)
    assert [remembered[text] for text in "abc"] == ["A", "B", "C"]
    assert dict(remembered) == {"c": "C"}


def test_long_questions_are_not_kept():
    remembered = Remembered(str.upper, longest=2)
    assert remembered["abc"] == "ABC"
    assert not remembered

"""What is folded by less than all of folding comes out the same."""

from collections import defaultdict

import pytest

from seamark.text.edges import in_word
from seamark.text.normalise import SEPARATOR, folded
from seamark.text.writing import Writing, by_writing, writing_of

EVERY_CHARACTER = [chr(code) for code in range(0x110000) if chr(code) != SEPARATOR]


@pytest.fixture(scope="module")
def by_ease() -> dict[Writing, str]:
    characters = defaultdict(list)
    for writing, alike in by_writing(EVERY_CHARACTER):
        characters[writing] += alike
    return {writing: SEPARATOR.join(alike) for writing, alike in characters.items()}


@pytest.mark.parametrize("writing", ["ascii", "unspaced", "mixed", "untidy"])
def test_less_folding_is_enough(by_ease: dict[Writing, str], writing: Writing):
    assert folded(by_ease[writing], writing) == folded(by_ease[writing], "foreign")


@pytest.mark.parametrize("writing", ["unspaced", "mixed", "untidy"])
def test_only_ascii_and_foreign_letters_have_edges(by_ease: dict[Writing, str], writing: Writing):
    characters = folded(by_ease[writing], writing)
    assert not [character for character in characters if not character.isascii() and in_word(character)]


def test_unspaced_writing_has_no_edges(by_ease: dict[Writing, str]):
    assert not any(map(in_word, folded(by_ease["unspaced"], "unspaced")))


@pytest.mark.parametrize(
    ("text", "writing"),
    [
        ("What's the price?", "ascii"),
        ("多少钱？🙏", "unspaced"),
        ("请发price给我", "mixed"),
        ("what’s the price…", "mixed"),
        ("請發價格", "untidy"),
        ("答覆", "untidy"),
        ("ＰＲＩＣＥ", "untidy"),
        ("❤\ufe0f", "untidy"),
        ("цена", "foreign"),
        ("café", "foreign"),
        ("価格はいくらですか", "foreign"),
        ("①", "foreign"),
        ("\ud83d", "foreign"),
    ],
)
def test_it_is_written_so(text: str, writing: Writing):
    assert writing_of(text) == writing


def test_many_are_told_apart_as_one_is():
    texts = ["ok", "好", "好ok", "價", "é", "", "。"]
    assert {text: writing for writing, alike in by_writing(texts) for text in alike} == {
        text: writing_of(text) for text in texts
    }

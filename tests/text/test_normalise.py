"""Every way of typing the same words is normalised to one form."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seamark.text.normalise import SEPARATOR, folded, normalise
from seamark.text.writing import by_writing

TEXT = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\ud83d\udc9b" + SEPARATOR),
        st.sampled_from("價价沈默答覆複乾干 ｐＲ，。？…’`´\u200b\u200f\ufe0f\u0301éßſİıΣςﬁ①ｶﾞ각"),
    ),
    max_size=12,
)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("IN STOCK", "in stock"),
        ("ＰＲＩＣＥ？", "price?"),
        ("這個價格", "这个价格"),
        ("答覆", "答复"),
        ("what’s", "what's"),
        ("what`s", "what's"),
        ("what´s", "what's"),
        ("pri\u200bce\u200f", "price"),
        ("❤\ufe0f", "❤"),
        ("\u202b24\u202c", "24"),
        (" how\t much\u3000\n\u00a0is ", "how much is"),
        ("① ㎏ ½", "1 kg 1⁄2"),
        ("cafe\u0301", "café"),
        ("e\u200d\u0301", "é"),
        ("STRASSE straße", "strasse strasse"),
        ("ΟΔΟΣ οδος", "οδοσ οδοσ"),
        ("FİYAT fıyat", "fiyat fiyat"),
        ("ЦЕНА", "цена"),
        ("ｶﾞ", "ガ"),
        ("半\ud83d", "半"),
        ("a\x01b\x00c\x7fd", "a b c d"),
        ("👍🏽", "👍🏽"),
        ("", ""),
        (" \u200b ", ""),
    ],
)
def test_it_is_written_so(typed: str, normal: str):
    assert normalise(typed) == normal


@given(st.lists(TEXT.map(lambda text: text.replace(SEPARATOR, "")), min_size=1, max_size=6))
def test_texts_fold_together_as_they_fold_one_by_one(texts: list[str]):
    for writing, alike in by_writing(texts):
        together = folded(SEPARATOR.join(alike), writing).split(SEPARATOR)
        assert [text.strip(" ") for text in together] == [normalise(text) for text in alike or [""]]


@given(TEXT)
def test_what_folds_alike_in_unicode_is_one(text: str):
    seen = "".join(character for character in text if not "\ud800" <= character <= "\udfff")
    assert normalise(unicodedata.normalize("NFD", seen)) == normalise(unicodedata.normalize("NFC", seen))

"""What is read in a message beside terms and intent: its language, its form, and what it asks."""

import pytest

from seamark.text.forms import form_of
from seamark.text.language import lang_of
from seamark.text.questions import question_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("有货吗", "zh"),
        ("size M 有吗", "zh"),
        ("これはいくらですか", "ja"),
        ("얼마예요", "ko"),
        ("ราคาเท่าไร", "th"),
        ("كم السعر", "ar"),
        ("сколько стоит", "ru"),
        ("how much is the red one", "en"),
        ("Stock?", "en"),
        ("hola, cuánto cuesta", "es"),
        ("quanto custa para o Brasil", "pt"),
        ("combien pour les deux", "fr"),
        ("wie viel kostet das", "de"),
        ("quanto costa la borsa che avete", "it"),
        ("berapa harga yang ini kak", "id"),
        ("👍 123", None),
    ],
)
def test_languages(text: str, language: str | None) -> None:
    assert lang_of(text) == language


@pytest.mark.covers("A03")
@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("👍🏽", "emoji"),
        ("❤️❤️", "emoji"),
        (":)", "emoji"),
        ("Thanks a lot!!", "polite"),
        ("ok 👌", "polite"),
        ("Good morning", "polite"),
        ("好的,收到,谢谢您", "polite"),
        ("辛苦啦", "polite"),
        ("謝謝", "polite"),
        ("ok?", "words"),
        ("thanks, how much?", "words"),
        ("good quality", "words"),
        ("可以便宜吗", "words"),
        ("好贵", "words"),
        ("so", "words"),
        ("?", "words"),
        ("", "words"),
    ],
)
def test_forms(text: str, form: str) -> None:
    assert form_of(text) == form


@pytest.mark.covers("B06")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How much is it?", "hello, how much please??"),
        ("How long is the delivery", "delivery: how long?"),
        ("请问这款多少钱呢", "多少钱?"),
        ("几天能到北京", "到北京能几天"),
        ("幾天能到", "几天能到"),
    ],
)
def test_the_same_question_has_the_same_signature(one: str, other: str) -> None:
    assert question_of(one) == question_of(other) is not None


@pytest.mark.covers("B06")
def test_other_questions_have_others_and_what_asks_nothing_has_none() -> None:
    asked = [question_of(text) for text in ("How much is it?", "How long is it?", "多少钱", "多久到")]
    assert len(set(asked)) == len(asked)
    assert [question_of(text) for text in ("ok thanks", "好的", "I will take two", "")] == [None] * 4


def test_a_question_of_small_words_alone_keeps_them() -> None:
    assert question_of("is it you?") == "is it you"

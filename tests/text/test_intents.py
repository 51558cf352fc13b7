"""What a message intends: the bundled model, training, corrections, and figures."""

from pathlib import Path

import pytest

from seamark.engine.errors import Unreadable
from seamark.text.features import LONGEST, features
from seamark.text.intents import (
    DEFINITIONS,
    INTENTS,
    Example,
    Figures,
    Judged,
    Model,
    bundled,
    bundled_examples,
    corrected,
    example,
    language_of,
)
from seamark.text.intents.training import FEWEST_OF_AN_INTENT, cross_validated, train

pytestmark = pytest.mark.covers("A03")

WORDS = {
    "high": "how much is the {} lamp",
    "medium": "is the {} lamp waterproof",
    "potential": "thank you {} so kind",
    "none": "stop writing to me {}",
    "other": "hello {} are you hiring",
}
FEW = [
    Example(text.format(word), intent)
    for intent, text in WORDS.items()
    for word in ("red", "blue", "small", "tall", "old", "new", "best", "cheap", "long", "wide")
]


@pytest.fixture(scope="module")
def model() -> Model:
    return train(FEW, high_from=0.0)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("how much is this", "high"),
        ("多少钱", "high"),
        ("這個多少錢", "high"),
        ("is it waterproof", "medium"),
        ("保修多久", "medium"),
        ("when will my order arrive", "medium"),
        ("thanks a lot", "potential"),
        ("好的,谢谢", "potential"),
        ("not interested, stop messaging me", "none"),
        ("不需要了,谢谢", "none"),
        ("what's the weather tomorrow", "other"),
        ("招代理吗", "other"),
    ],
)
def test_the_bundled_model_knows(text: str, intent: str) -> None:
    assert bundled().judge(text).intent == bundled().intent(text) == intent


@pytest.mark.parametrize(
    ("asked", "refused"), [("i need a quote", "no need for a quote, thanks"), ("报个价", "不用报价了")]
)
def test_a_refusal_of_a_quote_is_no_request_for_one(asked: str, refused: str) -> None:
    assert (bundled().judge(asked).intent, bundled().judge(refused).intent) == ("high", "none")


def test_every_intent_is_defined_in_both_languages() -> None:
    assert {(intent, language) for intent, by in DEFINITIONS.items() for language in by} == {
        (intent, language) for intent in INTENTS for language in ("en", "zh")
    }


def test_each_message_comes_once_among_the_bundled_examples() -> None:
    examples = bundled_examples()
    assert len(examples) > 10_000
    assert {each.intent for each in examples} == set(INTENTS)
    assert {each.language for each in examples} == {"en", "zh"}


def test_a_judgement_says_why(model: Model) -> None:
    judgement = model.judge("how much is the green lamp")
    assert judgement.intent == "high"
    assert judgement.sure > 1 / len(INTENTS)
    assert any(feature in "how much is" for feature in judgement.because)


def test_what_nothing_is_known_of_is_other(model: Model) -> None:
    assert model.judge("ጤና ይስጥልኝ").intent == "other"
    assert model.judge("").intent == model.intent("") == "other"


def test_high_must_be_sure(model: Model) -> None:
    text = "how much is the green lamp"
    careful = Model(model.weights, high_from=1.0)
    assert (model.judge(text).intent, careful.judge(text).intent != "high") == ("high", True)


def test_the_same_examples_give_the_same_model(model: Model) -> None:
    assert train(FEW, high_from=0.0).version == model.version


def test_a_model_is_read_as_it_was_written(model: Model, tmp_path: Path) -> None:
    file = tmp_path / "model.json.gz"
    model.write(file)
    assert Model.read(file).version == model.version


@pytest.mark.parametrize("content", [b"", b"no model", b"\x1f\x8b\x08\x00", b"{}"])
def test_what_is_no_model_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "model.json.gz"
    file.write_bytes(content)
    with pytest.raises(Unreadable, match="seamark intents train"):
        Model.read(file)


def test_too_few_examples_are_refused() -> None:
    with pytest.raises(Unreadable, match=f"none has 9.*|{FEWEST_OF_AN_INTENT}"):
        train([each for each in FEW if each != FEW[30]])


def test_each_example_is_judged_by_a_model_that_has_not_seen_it() -> None:
    twice = [*FEW, Example("how much is the lamp of the stranger", "none")]
    judged = cross_validated(twice, FEW, folds=2, high_from=0.0)
    assert [each.example for each in judged] == twice
    assert judged[-1].taken_for == "high"


def test_a_correction_stands_against_an_example_of_the_same_text() -> None:
    wrong, right = Example("OK then", "high"), Example("ok  THEN", "potential")
    assert corrected([wrong], [right]) == [right]


@pytest.mark.parametrize(("text", "intent", "told"), [("", "high", "empty"), ("hi", "urgent", "high, medium")])
def test_what_is_no_example_is_refused(text: str, intent: str, told: str) -> None:
    with pytest.raises(Unreadable, match=told):
        example(text, intent)


def test_figures_count_each_intent() -> None:
    pairs = [("high", "high"), ("high", "high"), ("high", "medium"), ("medium", "medium"), ("other", "high")]
    figures = Figures.of(Judged(Example("x", right), taken) for right, taken in pairs)
    high, medium, other = (figures.of_intents[intent] for intent in ("high", "medium", "other"))
    assert figures.accuracy == pytest.approx(3 / 5)
    assert (high.precision, high.recall) == pytest.approx((2 / 3, 2 / 3))
    assert (medium.precision, medium.recall) == pytest.approx((1 / 2, 1))
    assert (other.precision, other.recall, other.f1) == (0, 0, 0)
    assert figures.macro_f1 == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)


def test_numbers_are_alike_and_the_rest_of_a_long_message_is_not_read() -> None:
    assert features("size 42") == features("size 39")
    assert features("a" * LONGEST + "price") == features("a" * LONGEST)


def test_chinese_is_told_by_its_characters() -> None:
    assert (language_of("M 码有吗"), language_of("size M?")) == ("zh", "en")

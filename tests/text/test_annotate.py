"""What the annotator writes on an event, and when it leaves the event alone."""

import pytest

from seamark.text.annotate import all_annotated, annotated
from seamark.text.intents.training import train
from seamark.text.reading import intent_reader, readers_of
from seamark.text.terms import Lexicon
from tests.text.test_intents import FEW

LEXICON = Lexicon({"price": {"en": ["price"], "zh": ["价格"]}, "stock": {"zh": ["有货"]}})


def test_terms_words_and_version_are_added():
    assert annotated({"text": "有货吗?價格?", "amount": 3}, LEXICON) == {
        "text": "有货吗?價格?",
        "amount": 3,
        "mentions": ["price", "stock"],
        "words": ["price: 价格", "stock: 有货"],
        "annotator": LEXICON.version,
    }


def test_a_text_without_terms_is_seen_to_have_been_read():
    assert annotated({"text": "ok"}, LEXICON) == {
        "text": "ok",
        "mentions": [],
        "words": [],
        "annotator": LEXICON.version,
    }


def test_another_lexicon_reads_again():
    before = annotated({"text": "price 有货"}, Lexicon({"stock": {"zh": ["有货"]}}))
    assert annotated(before, LEXICON)["mentions"] == ["price", "stock"]


def test_the_written_event_itself_is_not_changed():
    props: dict[str, object] = {"text": "price"}
    annotated(props, LEXICON)
    assert props == {"text": "price"}


@pytest.mark.parametrize(
    "props",
    [
        {},
        {"text": ""},
        {"text": None},
        {"text": ["price"]},
        {"page": "price"},
        {"text": "price", "mentions": ["by hand"], "annotator": LEXICON.version},
    ],
)
def test_it_is_left_alone(props: dict[str, object]):
    assert annotated(props, LEXICON) is props
    assert all_annotated([props], LEXICON)[0] is props


def test_many_are_as_one_by_one():
    many: list[dict[str, object]] = [{"text": "price"}, {}, {"text": "有货"}, {"text": "x", "annotator": "old"}]
    assert all_annotated(many, LEXICON) == [annotated(props, LEXICON) for props in many]


def test_with_a_model_the_intent_is_written_too():
    model = train(FEW, high_from=0.0)
    props = annotated({"text": "how much is the green lamp"}, LEXICON, [intent_reader(model)])
    assert (props["intent"], props["annotator"]) == ("high", f"{LEXICON.version} {model.version}")
    assert annotated(props, LEXICON, [intent_reader(model)]) is props
    assert "intent" not in annotated({"text": "how much is the green lamp"}, LEXICON)


def test_an_intent_that_came_with_the_event_stays_and_one_of_ours_is_judged_anew():
    model = train(FEW, high_from=0.0)
    text = {"text": "how much is the green lamp", "intent": "other"}
    assert annotated(text, LEXICON, [intent_reader(model)])["intent"] == "other"
    assert annotated({**text, "annotator": "of another version"}, LEXICON, [intent_reader(model)])["intent"] == "high"


def test_what_is_asked_of_a_text_is_read_and_no_more():
    read = annotated({"text": "Wie viel kostet das? 谢"}, LEXICON, readers_of(["lang", "form", "question"]))
    assert {prop: read[prop] for prop in ("lang", "form")} == {"lang": "zh", "form": "words"}
    assert "question" in read
    assert "intent" not in read


def test_what_a_text_does_not_have_is_left_out():
    read = annotated({"text": "👍"}, LEXICON, readers_of(["lang", "form", "question"]))
    assert (read["form"], "lang" in read, "question" in read) == ("emoji", False, False)

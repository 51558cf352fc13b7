"""What messages intend and speak of, judged by the bundled models beside the terms of the rulebooks."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from operator import and_
from pathlib import Path
from time import perf_counter

from benchmarks.report import Row, goal, note
from seamark.rulebooks import open_rulebook
from seamark.text.intents import Example, Figures, Intent, Judged, bundled, bundled_examples, example
from seamark.text.intents.training import cross_validated
from seamark.text.normalise import normalise
from seamark.text.terms import Lexicon
from seamark.text.topics import TOPICS, Topic, TopicExample, bundled_topic_examples, bundled_topics, topic_examples

UNSEEN = Path(__file__).parent / "messages"
DATA = "SEAMARK_DATA"
"""The environment variable that names a folder with `hint3` and `intents_en`, which their licence keeps from here."""
SHOPS = ("sofmattress", "curekart")
ACCURACY, MACRO_F1 = 0.75, 0.65
"""To be reached on messages nobody who wrote terms or examples had seen, in each language."""
FALSE_ALARMS = 0.02
"""The most of talk that is no shopping that may be called high."""
LANGUAGES = {"en": "English", "zh": "Chinese"}

Judge = Callable[[str], Intent]


def run(scale: float = 1.0) -> list[Row]:
    """Tables by language and by intent, and what was to be reached; `scale` thins out the foreign data."""
    model = bundled()
    known = {normalise(each.text) for each in bundled_examples()}
    rows = [note(f"Model {model.version}, {len(model.weights.rows):,} features, {len(known):,} examples.")]
    unseen = {language: _messages(UNSEEN / f"unseen_{language}.csv") for language in LANGUAGES}
    judges: dict[str, Judge] = {
        "Seamark's model": model.intent,
        "terms of whatsapp-selling": _by_terms(),
        "always medium": lambda text: "medium",
    }
    for language, messages in unseen.items():
        rows += [_overall(f"{LANGUAGES[language]}, unseen", name, messages, judge) for name, judge in judges.items()]
        fresh = [each for each in messages if normalise(each.text) not in known]
        told = f"Seamark's model, the {len(fresh)} that are no example word for word"
        rows.append(_overall(f"{LANGUAGES[language]}, unseen", told, fresh, judges["Seamark's model"]))
    for language, messages in unseen.items():
        rows += _by_intent(f"{LANGUAGES[language]}, unseen", _judged(messages, judges["Seamark's model"]))
    rows += _topics()
    rows += _foreign(scale, judges)
    rows.append(_pace([each.text for messages in unseen.values() for each in messages], judges["Seamark's model"]))
    return rows + _goals(unseen, judges["Seamark's model"])


def _messages(file: Path) -> list[Example]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [example(row["text"], row["intent"]) for row in csv.DictReader(lines)]


def _by_terms() -> Judge:
    """What the rulebook's terms alone would say, in the order of its levels."""
    lexicon = Lexicon(open_rulebook("whatsapp-selling").terms)
    levels: tuple[tuple[Intent, set[str]], ...] = (
        ("none", {"refusal", "waits"}),
        ("high", {"price", "discount", "stock"}),
        ("medium", {"specs", "after-sales", "shipping", "durability"}),
        ("potential", {"thanks"}),
    )

    def judge(text: str) -> Intent:
        found = set(lexicon.find(text).mentions)
        return next((intent for intent, terms in levels if terms & found), "other")

    return judge


def _judged(messages: Iterable[Example], judge: Judge) -> list[Judged]:
    return [Judged(each, judge(each.text)) for each in messages]


def _overall(what: str, who: str, messages: Sequence[Example], judge: Judge) -> Row:
    return _figures_row(what, who, Figures.of(_judged(messages, judge)))


def _figures_row(what: str, who: str, figures: Figures) -> Row:
    return {
        "messages": what,
        "judged by": who,
        "number": figures.messages,
        "accuracy": f"{figures.accuracy:.1%}",
        "macro-F1": f"{figures.macro_f1:.3f}",
    }


def _by_intent(what: str, judged: Sequence[Judged]) -> list[Row]:
    return [
        {
            "messages": what,
            "intent": intent,
            "number": each.examples,
            "precision": f"{each.precision:.2f}",
            "recall": f"{each.recall:.2f}",
            "F1": f"{each.f1:.2f}",
        }
        for intent, each in Figures.of(judged).of_intents.items()
    ]


# Interests and needs

TERMS_OF = {
    "discount-sensitive": {"discount"},
    "new-product": {"new-product"},
    "function": {"specs", "durability"},
    "content-learner": {"learning"},
    "brand-loyal": {"loyalty"},
    "product": {"price", "discount", "stock", "specs", "durability"},
    "service": {"after-sales", "shipping", "service"},
    "information": {"new-product", "learning", "company-news"},
}
"""The terms by which the rulebooks know a topic without the model."""


TOPIC_MESSAGES = {
    "topics": "Topics, kept apart, and written before the examples by the session that wrote both: no fresh eyes saw "
    "them. The thresholds of the topic model were chosen on these messages, so the figures of the model flatter it.",
    "topics_unseen": "Topics, written and labelled by someone who saw neither terms nor examples, seldom in a topic's "
    "own words, each interest about as often.",
}
"""Messages, as their files begin, and how far to trust what they say."""


def _topics() -> list[Row]:
    rows = [note(f"Topics: model {bundled_topics().version}, {len(bundled_topic_examples()):,} examples.")]
    known = {normalise(each.text) for each in bundled_topic_examples()}
    for name, told in TOPIC_MESSAGES.items():
        messages = {language: _topic_messages(UNSEEN / f"{name}_{language}.csv") for language in LANGUAGES}
        copies = sum(normalise(each.text) in known for found in messages.values() for each in found)
        rows.append(note(f"{told} Examples word for word: {copies}."))
        for language, found in messages.items():
            rows += _by_topic(LANGUAGES[language], found)
    return rows


def _topic_messages(file: Path) -> list[TopicExample]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(topic_examples(lines))


def _by_topic(language: str, messages: Sequence[TopicExample]) -> list[Row]:
    lexicons = [Lexicon(open_rulebook(name).terms) for name in ("whatsapp-selling", "private-message")]
    by_model = [bundled_topics().topics(each.text) for each in messages]
    by_terms = [_by_terms_of(each.text, lexicons) for each in messages]
    rows: list[Row] = []
    for topic in TOPICS:
        right = [topic in each.topics for each in messages]
        terms = [topic in found for found in by_terms]
        either = [topic in one | other for one, other in zip(by_model, by_terms, strict=True)]
        rows.append(
            {
                "topics": f"{language}, {len(messages)} messages",
                "topic": topic.name,
                "number": sum(right),
                "terms: precision / recall / F1": _prf(right, terms),
                "model or terms": _prf(right, either),
            }
        )
    return rows


def _by_terms_of(text: str, lexicons: Sequence[Lexicon]) -> frozenset[Topic]:
    found = {term for lexicon in lexicons for term in lexicon.find(text).mentions}
    return frozenset(topic for topic in TOPICS if TERMS_OF[topic.name] & found)


def _prf(right: Sequence[bool], said: Sequence[bool]) -> str:
    """Precision, recall and F1 of one topic."""
    hits = sum(map(and_, right, said))
    precision, recall = hits / (sum(said) or 1), hits / (sum(right) or 1)
    return f"{precision:.2f} / {recall:.2f} / {2 * precision * recall / ((precision + recall) or 1):.2f}"


# Data that others labelled


def _foreign(scale: float, judges: dict[str, Judge]) -> list[Row]:
    folder = Path(os.environ.get(DATA, ""))
    if not (folder / "hint3").is_dir() or DATA not in os.environ:
        return [note(f"HINT3 and intents_en were not judged: {DATA} names no folder that holds them.")]
    shops = _hint3(folder / "hint3")[:: max(1, round(1 / scale))]
    rows = [_overall("HINT3, two shops, training part", name, shops, judge) for name, judge in judges.items()]
    folds = cross_validated(shops, bundled_examples())
    rows.append(_figures_row("HINT3, two shops, training part", "Seamark's training, five-fold", Figures.of(folds)))
    rows += _by_intent("HINT3, five-fold", folds)
    alarms = Counter[str]()
    talks = {name: _talk(folder / "intents_en" / f"{name}.csv", scale) for name in ("clinc150", "banking77")}
    for name, texts in talks.items():
        alarms[name] = sum(judges["Seamark's model"](text) == "high" for text in texts)
        rows.append({"talk": name, "number": len(texts), "called high": f"{alarms[name] / len(texts):.2%}"})
    share = alarms.total() / sum(map(len, talks.values()))
    told = f"at most {FALSE_ALARMS:.0%} of talk called high (its topics were known to who wrote the examples)"
    return [*rows, goal(told, f"{share:.2%}", share <= FALSE_ALARMS)]


def _hint3(folder: Path) -> list[Example]:
    """Messages whose intent is mapped to one of ours, doubtful ones too."""
    with (folder / "intent_to_tier.csv").open(encoding="utf-8", newline="") as lines:
        intents = {(row["bot"], row["intent"]): row["tier"] for row in csv.DictReader(lines) if row["tier"]}
    found = []
    for shop in SHOPS:
        with (folder / "dataset" / "v2" / "train" / f"{shop}_train.csv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if intent := intents.get((shop, row["label"])):
                    found.append(example(row["sentence"], intent))
    return found


def _talk(file: Path, scale: float) -> list[str]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [row["text"] for row in csv.DictReader(lines)][:: max(1, round(1 / scale))]


def _pace(texts: Sequence[str], judge: Judge) -> Row:
    begin = perf_counter()
    for text in texts:
        judge(text)
    return note(f"{len(texts) / (perf_counter() - begin):,.0f} messages a second, one at a time, on one core.")


def _goals(unseen: dict[str, list[Example]], judge: Judge) -> list[Row]:
    rows = []
    for language, messages in unseen.items():
        figures = Figures.of(_judged(messages, judge))
        reached = figures.accuracy >= ACCURACY and figures.macro_f1 >= MACRO_F1
        told = f"{LANGUAGES[language]}: accuracy {ACCURACY:.0%}, macro-F1 {MACRO_F1} on unseen messages"
        rows.append(goal(told, f"{figures.accuracy:.1%}, {figures.macro_f1:.3f}", reached))
    return rows

"""The page: in both languages, escaped, and in need of nothing from outside."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from seamark.report import page, views
from seamark.report.words import WORDS
from tests.report.conftest import RFM, MakeSubject

NOW = "2026-03-16T12:00:00Z"
TALK = ("ann,2026-03-16T09:00:00Z,message.received", "bob,2026-03-10T09:00:00Z,message.received")
LANGUAGES = ("en", "zh")


class Reader(HTMLParser):
    """What a page is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.values: list[str] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.values += [value for _, value in attrs if value]

    def handle_data(self, text: str) -> None:
        self.texts.append(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_fetched_and_nothing_runs(subject: MakeSubject, language: str) -> None:
    html = page(subject(*TALK, now=NOW, language=language))
    read = Reader(html)
    assert not {"script", "img", "iframe", "object"} & set(read.tags)
    assert not re.search(r"https?:|//[a-z]|url\(|@import", " ".join(read.values) + "".join(read.texts))


def test_names_are_text(subject: MakeSubject) -> None:
    name = "<script>alert(1)</script>"
    html = page(subject(f"{name},2026-03-16T09:00:00Z,message.received", now=NOW))
    assert "script" not in Reader(html).tags
    assert name in Reader(html).texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_left_untranslated(subject: MakeSubject, language: str) -> None:
    texts = " ".join(Reader(page(subject(*TALK, now=NOW, language=language))).texts)
    assert [key for key in WORDS if "." in key and key in texts] == []
    assert "{" not in re.sub(r"(?s):root.*@media print.*?\}\s*\}", "", texts)


def test_chinese_is_chinese(subject: MakeSubject) -> None:
    texts = Reader(page(subject(*TALK, now=NOW, language="zh"))).texts
    assert {"今天联系这些客户", "活跃度 ", "ann，您好吗?"} <= set(texts)


def test_a_share_stands_against_its_range(subject: MakeSubject) -> None:
    texts = Reader(page(subject(*TALK, now=NOW))).texts
    assert {"50.0%", "above 20–40%"} <= set(texts)


def test_levels_that_were_held_in_other_weeks_are_shown(subject: MakeSubject) -> None:
    html = page(subject("ann,2026-01-30T00:00:00Z,order.placed", now=NOW, rulebook=RFM))
    assert "week to 9 Feb · recent: 1" in Reader(html).texts
    assert "recent" in Reader(html).texts


def test_those_beyond_the_first_twenty_are_counted(subject: MakeSubject) -> None:
    events = (f"c{each},2026-03-16T09:00:00Z,message.received" for each in range(23))
    assert "And 3 more customers: the 20 most urgent are shown." in Reader(page(subject(*events, now=NOW))).texts


def test_an_empty_history_says_what_to_do(subject: MakeSubject) -> None:
    assert WORDS["empty"][0] in page(subject(now=NOW))


def test_both_languages_take_the_same_values() -> None:
    values = re.compile(r"\{(\w+)")
    assert [key for key, (en, zh) in WORDS.items() if set(values.findall(en)) != set(values.findall(zh))] == []


def test_every_word_is_used() -> None:
    folder = Path(views.__file__).parent
    source = "".join(path.read_text("utf-8") for path in folder.iterdir() if path.suffix in (".py", ".html"))
    source = source.replace((folder / "words.py").read_text("utf-8"), "").replace("'", '"')
    families = set(re.findall(r'f"([a-z.]+)\.\{', source))
    unused = [
        key
        for key in WORDS
        if f'"{key}"' not in source
        and f'counted("{key.removeprefix("count.")}"' not in source
        and not any(key.startswith(f"{family}.") for family in families - {"count"})
    ]
    assert unused == []

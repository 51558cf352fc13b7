"""Everything is said in both languages, with the same values, and nothing is said that nobody hears."""

from __future__ import annotations

import re
from pathlib import Path

import seamark.cli
from seamark.cli.texts import TEXTS

FILES = [path for path in Path(seamark.cli.__file__).parent.glob("*.py") if path.stem != "texts"]
SOURCE = "".join(path.read_text("utf-8") for path in FILES).replace("'", '"')
VALUES = re.compile(r"\{(\w+)")


def test_both_languages_take_the_same_values() -> None:
    assert [key for key, (en, zh) in TEXTS.items() if set(VALUES.findall(en)) != set(VALUES.findall(zh))] == []


def test_no_text_is_empty() -> None:
    assert [key for key, texts in TEXTS.items() if not all(text.strip() for text in texts)] == []


def test_every_text_is_used() -> None:
    assert [key for key in TEXTS if not is_used(key)] == []


def is_used(key: str) -> bool:
    """Whether it is asked for by its key, by the beginning of it, or for counting."""
    family, _, name = key.rpartition(".")
    made = "|".join(re.escape(each) for each in {family, family.split(".")[0]})
    return f'"{key}"' in SOURCE or f'counted("{name}"' in SOURCE or bool(re.search(rf'"({made})\.[^"]*\{{', SOURCE))


def test_every_text_that_is_asked_for_is_there() -> None:
    asked = re.findall(r'\b(?:say|Failure|one_of)\(\s*"([^"{]+)"', SOURCE)
    asked += [f"count.{what}" for what in re.findall(r'\bcounted\("(\w+)"', SOURCE)]
    assert set(asked) - TEXTS.keys() == set()


def test_chinese_marks_are_wide() -> None:
    narrow = re.compile(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]")
    assert [key for key, (_, chinese) in TEXTS.items() if narrow.search(chinese)] == []

"""The bundled rulebooks, listed and as sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from seamark.engine.rulebook import rulebook_schema
from seamark.rulebooks import bundled
from tests.cli.conftest import Run


def test_all_are_listed(run: Run) -> None:
    out = run("rulebooks").out
    assert all(f"\n{name} " in out for name in bundled())


def test_all_are_listed_as_json(run: Run) -> None:
    assert [book["rulebook"] for book in run("rulebooks", "--json").json] == bundled()


def test_one_as_sentences(run: Run, book: Path) -> None:
    out = run("rulebooks", book).out
    assert "Activity  the first that is true\n  ● High          replied within the last 24 hours\n" in out
    assert "● VIP           set by hand" in out
    assert "  much  100  quantile 0.5 of the total amount of orders in the last 365 days\n" in out


def test_one_as_sentences_in_chinese(run: Run, book: Path) -> None:
    assert "● 高            24 小时内回复过\n" in run("rulebooks", book, "--lang", "zh").out


def test_one_as_json(run: Run, book: Path) -> None:
    tag = run("rulebooks", book, "--json").json["groups"][0]["tags"][0]
    assert (tag["when"], tag["sentence"]) == ("last(message.received) within 24h", "replied within the last 24 hours")


def test_the_schema(run: Run) -> None:
    assert run("rulebooks", "--schema").json == rulebook_schema()


@pytest.mark.parametrize("name", bundled())
def test_every_bundled_one_can_be_shown(run: Run, name: str) -> None:
    assert run("rulebooks", name, "--lang", "zh").code == 0


def test_an_unknown_one_has_a_nearest_one(run: Run) -> None:
    done = run("rulebooks", "whatsap-selling")
    assert done.code == 2
    assert "Did you mean whatsapp-selling?" in done.err

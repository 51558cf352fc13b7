"""Two rulebooks over one history."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import RULEBOOK, Done, Run


@pytest.fixture
def compared(run: Run, book: Path, events: Path, tmp_path: Path) -> Run:
    def compared(old: str, new: str, *more: object) -> Done:
        other = tmp_path / "other.yaml"
        other.write_text(RULEBOOK.replace(old, new), encoding="utf-8")
        return run("what-if", "--rulebook", book, "--with", other, "--events", events, "--zone", "UTC", *more)

    return compared


def tag(told: Any, name: str) -> Any:
    return next(each for each in told["tags"] if each["tag"] == name)


@pytest.mark.covers("G03")
def test_who_enters_and_who_leaves(compared: Run) -> None:
    told = compared("within 24h", "within 20h", "--json").json
    assert tag(told, "activity/high") == {
        "tag": "activity/high", "before": 0, "after": 0, "entered": [], "left": []
    }  # fmt: skip
    told = compared("within 24h", "within 25h", "--json").json
    assert tag(told, "activity/high")["entered"] == ["ann"]
    assert tag(told, "activity/medium")["left"] == ["ann"]


def test_the_period_is_the_last_30_days_of_the_events(compared: Run) -> None:
    told = compared("within 24h", "within 25h", "--json").json
    assert (told["from"], told["to"]) == ("2026-01-31T09:00:00Z", "2026-03-02T09:00:00Z")


@pytest.mark.covers("G03")
def test_the_work_of_each(compared: Run) -> None:
    work = compared("  - {edge: enter, tag: trial/asked, do: [{start: quote}]}", "  []", "--json").json["work"]
    assert work["follow_ups"]["before"] == {"total": 1, "a_day": 0.033, "by_day": {"2026-03-01": 1}}
    assert work["follow_ups"]["after"]["total"] == 0
    assert work["messages"]["before"]["by_day"] == {"2026-03-01": 1}


def test_other_terms_read_the_texts_anew(compared: Run) -> None:
    told = compared("en: [price, how much]", "en: [price]", "--json").json
    assert tag(told, "trial/asked")["left"] == ["ann"]


def test_a_tag_of_one_rulebook_alone(compared: Run) -> None:
    told = compared("      local:", "      near:", "--json").json
    assert (tag(told, "trial/local")["after"], tag(told, "trial/near")["before"]) == (None, None)


def test_the_summary(compared: Run) -> None:
    lines = [line.split() for line in compared("within 24h", "within 25h").out.splitlines()]
    assert ["●", "Activity:", "High", "0", "1", "1", "0"] in lines
    assert ["●", "Activity:", "High", "+", "ann"] in lines
    assert ["follow-ups", "0.0", "0.0", "1", "1"] in lines


def test_figures_that_neither_has_are_refused(compared: Run, tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text("params: {muhc: 3}\n")
    done = compared("within 24h", "within 25h", "--params", tmp_path / "params.yaml")
    assert done.code == 2
    assert "no parameter 'muhc'. Did you mean much?" in done.err

"""What messages intend, from the command line: judged, measured, learnt."""

from __future__ import annotations

from pathlib import Path

import pytest

from seamark.cli import intents
from seamark.text.intents import DEFINITIONS, INTENTS, Example, Model
from seamark.text.intents.training import train
from tests.cli.conftest import Run
from tests.cli.test_failures import refused
from tests.text.test_intents import FEW

pytestmark = pytest.mark.covers("A03")

ASKED = [f"is there room for {word} in the bus" for word in ("us", "two", "them", "me")]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A model of a few examples, which takes no time to learn; what it was learnt from stands as the bundled ones."""
    monkeypatch.setattr(intents, "bundled_examples", lambda: FEW)
    file = tmp_path / "small.json.gz"
    train(FEW, high_from=0.0).write(file)
    return file


def messages(folder: Path, examples: list[Example]) -> Path:
    file = folder / "messages.csv"
    file.write_text("text,intent\n" + "".join(f"{each.text},{each.intent}\n" for each in examples), "utf-8")
    return file


def test_texts_are_judged_with_reasons(run: Run) -> None:
    done = run("intents", "show", "how much is this", "谢谢")
    assert "high" in done.out
    assert "potential" in done.out
    assert "how much" in done.out
    told = run("intents", "show", "how much is this", "--json").json["messages"]
    assert [(each["text"], each["intent"]) for each in told] == [("how much is this", "high")]


def test_without_texts_the_intents_are_explained(run: Run) -> None:
    done = run("--lang", "zh", "intents", "show")
    assert all(DEFINITIONS[intent]["zh"][:6] in done.out for intent in INTENTS)


def test_a_model_is_measured_by_language(run: Run, tmp_path: Path) -> None:
    known = [Example("how much is this", "high"), Example("多少钱", "high"), Example("谢谢", "none")]
    found = run("intents", "test", "--messages", messages(tmp_path, known), "--json").json["languages"]
    assert (found["en"]["accuracy"], found["zh"]["accuracy"]) == (1.0, 0.5)
    assert {"right": "none", "taken_for": "potential", "messages": 1} in found["zh"]["confusion"]


def test_rows_that_are_no_messages_are_set_aside(run: Run, tmp_path: Path) -> None:
    file, rejects = tmp_path / "odd.csv", tmp_path / "aside.csv"
    file.write_text("text,intent\nhow much,high\nhello,urgent\n,high\n", "utf-8")
    done = run("intents", "test", "--messages", file, "--rejects", rejects)
    assert "2 rows set aside" in done.out
    assert "'urgent' is no intent" in rejects.read_text("utf-8")


def test_a_model_learns_from_corrections(run: Run, small: Path, tmp_path: Path) -> None:
    output = tmp_path / "new.json.gz"
    known = messages(tmp_path, [Example(text, "medium") for text in ASKED])
    done = run("intents", "train", "--messages", known, "--model", small, "--output", output)
    assert f"written to {output}" in done.out
    assert Model.read(output).judge("is there room for the dog in the bus").intent == "medium"


def test_a_model_that_forgets_is_refused(run: Run, small: Path, tmp_path: Path) -> None:
    output = tmp_path / "new.json.gz"
    turned = {"high": "none", "none": "high"}
    known = messages(tmp_path, [Example(text, turned[intent]) for text, intent in FEW if intent in turned])
    refused(run("intents", "train", "--messages", known, "--model", small, "--output", output), "nothing was")
    assert not output.exists()


@pytest.mark.parametrize(
    ("asked", "told"),
    [(["tell"], "show, test, train"), (["test"], "text and intent"), (["train"], "--output")],
)
def test_what_cannot_be_done_is_told(run: Run, asked: list[str], told: str) -> None:
    refused(run("intents", *asked), told)


def test_a_file_that_is_no_model_is_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "model"
    file.write_text("no model")
    refused(run("intents", "show", "--model", file), "seamark intents train")

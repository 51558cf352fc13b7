"""The demo: real orders and invented chats, moved to end yesterday."""

from __future__ import annotations

from pathlib import Path

import pytest

from seamark.cli import demo
from tests.cli.conftest import Run


@pytest.mark.covers("C03", "A02")
def test_buyers_and_chats_are_classified_with_reasons(run: Run) -> None:
    told = run("demo", "--as-of", "2026-11-25T12:00", "--no-serve", "--json").json
    assert told["as_of"] == "2026-11-20T16:00:00Z"
    assert told["contacts"] == 1263
    assert told["rejects"]["rows"] == 27275
    intent = {tag["tag"]: tag["contacts"] for group in told["groups"] for tag in group["tags"]}
    assert [intent[f"intent/{level}"] for level in ("high", "medium", "potential")] == [2, 1, 0]
    assert [(why["contact"], why["held"]) for why in told["why"]] == [("Priya Nair", True), ("14060", True)]


@pytest.mark.parametrize(("as_of", "days_before"), [("2026-11-21", 0), ("2026-11-27", 6), ("2030-01-05", 0)])
def test_the_examples_end_on_the_last_such_weekday(run: Run, as_of: str, days_before: int) -> None:
    told = run("demo", "--as-of", as_of, "--zone", "UTC", "--json").json
    assert told["as_of"][:8] == as_of[:8]
    assert int(as_of[-2:]) - int(told["as_of"][8:10]) == days_before


def test_it_says_that_chats_are_invented_in_chinese_too_and_makes_the_page(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    out = run("demo", "--lang", "zh", "--as-of", "2026-11-21", "--no-serve").out.replace("\n", "")
    assert str(tmp_path / "demo.html") in out
    assert "今天联系这些客户" in (tmp_path / "demo.html").read_text("utf-8")
    assert "虚构聊天" in out
    assert "整周平移" in out


def test_without_the_examples_it_says_where_they_are(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(demo.seamark, "__file__", str(tmp_path / "src" / "seamark" / "__init__.py"))
    done = run("demo")
    assert (done.code, done.out) == (2, "")
    assert "runs from a clone of the repository" in done.err

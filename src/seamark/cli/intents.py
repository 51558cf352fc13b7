"""`seamark intents`: what messages intend, how well that is judged, and a model that learns from corrections."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from seamark.cli.failures import Failure, one_of
from seamark.cli.frame import show_notes
from seamark.cli.language import counted, say, spoken
from seamark.cli.output import check_folder, replaced, write_rejects
from seamark.cli.screen import out, print_json
from seamark.engine.errors import Unreadable
from seamark.readers.rows import read_rows
from seamark.readers.shape import Reject, shortened
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
)

ACTIONS = ("show", "test", "train")
COLUMNS = ("text", "intent")
FOLDS = 3
FORGOTTEN = 0.01
"""The part of the bundled examples that a model which learnt corrections may judge worse than before."""


def intents(
    action: str,
    texts: Sequence[str],
    messages: Sequence[Path],
    model_file: Path | None,
    output: Path | None,
    rejects: Path | None,
    *,
    as_json: bool,
) -> None:
    """Show what texts intend, test a model on messages whose intent is known, or train one with them."""
    one_of("wrong.action", action, ACTIONS)
    try:
        model = Model.read(model_file) if model_file else bundled()
    except Unreadable as error:
        raise Failure("wrong.told", told=error) from None
    if action == "show":
        _show(model, texts, as_json=as_json)
        return
    notes: list[str] = []
    if action == "test":
        _test(model, _known(messages, rejects, notes), notes, as_json=as_json)
        return
    if output is None:
        raise Failure("wrong.no_output")
    check_folder(output)
    _train(model, _known(messages, rejects, notes), output, notes, as_json=as_json)


def _known(files: Sequence[Path], rejects: Path | None, notes: list[str]) -> list[Example]:
    """The messages of the files; rows that are none are set aside and told."""
    found: list[Example] = []
    aside: list[Reject] = []
    for path in files:
        for row in read_rows(path, aside.append, notes.append, COLUMNS):
            try:
                found.append(example(str(row.values["text"]), str(row.values["intent"])))
            except Unreadable as error:
                aside.append(Reject(row.file, row.line, str(error), shortened(str(row.values["text"]))))
    if aside:
        place = rejects or Path("rejects.csv")
        write_rejects(aside, place)
        notes.append(say("intents.aside", rows=counted("rows", len(aside)), file=place))
    if not found:
        raise Failure("wrong.no_messages")
    return found


# Show


def _show(model: Model, texts: Sequence[str], *, as_json: bool) -> None:
    judged = [(text, model.judge(text)) for text in texts]
    if as_json:
        told = [
            {"text": text, "intent": judgement.intent, "sure": round(judgement.sure, 4)} for text, judgement in judged
        ]
        print_json({"model": model.version, "features": len(model.weights.rows), "messages": told})
        return
    console = out()
    console.print(say("intents.model", version=model.version, features=f"{len(model.weights.rows):,}"))
    console.print()
    table = Table.grid(padding=(0, 2))
    for text, judgement in judged:
        because = Text(" · ".join(judgement.because), style="dim")
        table.add_row(text, Text(judgement.intent, style="bold"), f"{judgement.sure:.0%}", because)
    for intent in () if texts else INTENTS:
        table.add_row(Text(intent, style="bold"), DEFINITIONS[intent][spoken()])
    console.print(table)


# Test


def _test(model: Model, known: Sequence[Example], notes: list[str], *, as_json: bool) -> None:
    judged = [Judged(each, model.intent(each.text)) for each in known]
    if as_json:
        print_json({"model": model.version, "languages": _by_language_json(judged), "notes": notes})
        return
    console = out()
    console.print(say("intents.model", version=model.version, features=f"{len(model.weights.rows):,}"))
    _show_figures(console, judged)
    show_notes(console, notes)


def _by_language(judged: Sequence[Judged]) -> dict[str, Figures]:
    languages = sorted({each.example.language for each in judged})
    return {
        language: Figures.of(each for each in judged if each.example.language == language) for language in languages
    }


def _by_language_json(judged: Sequence[Judged]) -> dict[str, Any]:
    return {
        language: {
            "messages": figures.messages,
            "accuracy": round(figures.accuracy, 4),
            "macro_f1": round(figures.macro_f1, 4),
            "intents": {intent: each._asdict() for intent, each in figures.of_intents.items()},
            "confusion": [
                {"right": right, "taken_for": taken, "messages": count}
                for (right, taken), count in sorted(figures.confusion.items())
            ],
        }
        for language, figures in _by_language(judged).items()
    }


def _show_figures(console: Console, judged: Sequence[Judged]) -> None:
    for language, figures in _by_language(judged).items():
        console.print()
        told = say("intents.figures", accuracy=f"{figures.accuracy:.1%}", f1=f"{figures.macro_f1:.2f}")
        heading = Text(say(f"intents.{language}"), style="bold")
        console.print(heading.append(f"  {counted('messages', figures.messages)} · {told}", style="not bold"))
        console.print(_confusion(figures))


def _confusion(figures: Figures) -> Table:
    """A row for each right intent, a column for what it was taken for."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(Text(say("intents.right"), style="dim"))
    for head in (*INTENTS, say("intents.precision"), say("intents.recall"), "F1"):
        table.add_column(Text(head, style="dim"), justify="right")
    for intent, each in figures.of_intents.items():
        counts = [figures.confusion.get((intent, taken), 0) for taken in INTENTS]
        cells = [
            Text(str(count), style="bold" if taken == intent else "dim")
            for taken, count in zip(INTENTS, counts, strict=True)
        ]
        table.add_row(intent, *cells, f"{each.precision:.2f}", f"{each.recall:.2f}", f"{each.f1:.2f}")
    return table


# Train


def _train(before: Model, corrections: Sequence[Example], output: Path, notes: list[str], *, as_json: bool) -> None:
    """Learn from the corrections too, and keep the model only where it judges better than the one before.

    It is asked of corrections it has not learnt from, and must not have forgotten the bundled examples.
    """
    try:
        from seamark.text.intents.training import cross_validated, train
    except ImportError:
        raise Failure("wrong.no_learn") from None
    examples = bundled_examples()
    mine = corrected([], list(corrections))
    try:
        model = train(corrected(examples, mine))
        judged = cross_validated(mine, examples, min(FOLDS, len(mine)))
    except Unreadable as error:
        raise Failure("wrong.told", told=error) from None
    was = Figures.of(Judged(each, before.intent(each.text)) for each in mine).accuracy
    now = Figures.of(judged).accuracy
    kept = [Figures.of(Judged(each, by.intent(each.text)) for each in examples).accuracy for by in (before, model)]
    if now < was:
        raise Failure("wrong.worse", was=f"{was:.1%}", now=f"{now:.1%}")
    if kept[1] < kept[0] - FORGOTTEN:
        raise Failure("wrong.forgot", was=f"{kept[0]:.1%}", now=f"{kept[1]:.1%}")
    with replaced(output) as made:
        model.write(made)
    if as_json:
        told = {"model": model.version, "corrections": len(mine), "before": round(was, 4), "after": round(now, 4)}
        print_json({**told, "output": str(output), "languages": _by_language_json(judged), "notes": notes})
        return
    console = out()
    console.print(
        say("intents.trained", corrections=counted("messages", len(mine)), was=f"{was:.1%}", now=f"{now:.1%}")
    )
    _show_figures(console, judged)
    console.print()
    console.print(say("intents.written", file=output, version=model.version), soft_wrap=True)
    show_notes(console, notes)

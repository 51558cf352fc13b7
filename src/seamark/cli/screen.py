"""What is shown on the terminal, and how: colours, bars, and what is under way."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.text import Text

COLORS = {
    "green": "#2f9e44",
    "yellow": "#e0a800",
    "orange": "#f76707",
    "gray": "#8a929a",
    "red": "#e03131",
    "blue": "#1c7ed6",
    "purple": "#9c36b5",
    "gold": "#b8860b",
    "pink": "#d6336c",
    "teal": "#0c8599",
    "brown": "#8d5524",
    "black": "#5c636a",
}
"""The colours of tags, each of them legible on black and on white."""

_FILLING = re.compile(r" +$", re.MULTILINE)
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


class _Trimmed(io.TextIOBase):
    """Standard output, without the spaces that fill up the columns of tables: files and pipes have no use for them."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        return sys.stdout.write(_FILLING.sub("", text))

    def flush(self) -> None:
        sys.stdout.flush()


class _Screen(Console):
    def on_broken_pipe(self) -> None:
        """Hands the error on, to be told as everywhere else."""
        raise


def out() -> Console:
    """The console of the answer; nothing in names or texts is taken as markup."""
    file = sys.stdout if sys.stdout.isatty() else _Trimmed()
    return _Screen(file=file, highlight=False, markup=False, emoji=False)  # type: ignore[arg-type]


def color_of(name: str) -> str:
    """A tag's colour as a style; its own code where it has one."""
    return COLORS.get(name, name)


def visible(text: str) -> str:
    """A text from outside on one line, without what would move the cursor or turn the writing.

    >>> visible("two\\nlines\\x1b[31m")
    'two lines [31m'
    """
    return _CONTROLS.sub(" ", text).strip()


def bar(share: float, width: int) -> str:
    """A bar over that share of `width` cells, in eighths; whatever there is shows at least one.

    >>> bar(0.5, 4), bar(0.001, 4), bar(0, 4)
    ('██', '▏', '')
    """
    eighths = max(round(share * width * 8), 1 if share > 0 else 0)
    whole, rest = divmod(min(eighths, width * 8), 8)
    return "█" * whole + _EIGHTHS[rest].strip()


def dot(color: str) -> Text:
    """A dot in a tag's colour."""
    return Text("●", style=color_of(color))


def print_json(value: Any) -> None:
    """The whole answer for machines."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Shows on a terminal how far it is; the function given takes how much more was done."""
    if not sys.stderr.isatty():
        yield lambda more: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    known = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    unknown = (SpinnerColumn(), TextColumn("{task.completed:,.0f}"))
    columns = known if total is not None else unknown
    terminal = Console(file=sys.stderr)
    with Progress(TextColumn("{task.description}"), *columns, console=terminal, transient=True) as shown:
        task = shown.add_task(label, total=total)
        yield lambda more: shown.advance(task, more)

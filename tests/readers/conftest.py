"""Files made for a test, and readers that collect all they say."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from seamark.readers.recognise import read
from seamark.readers.rows import read_rows
from seamark.readers.shape import REQUIRED_OF_EVENTS, Reject


class Got(NamedTuple):
    """All a reader gave."""

    values: list[dict[str, object]]
    lines: list[int]
    rejects: list[Reject]
    notes: list[str]

    @property
    def reasons(self) -> list[tuple[int, str]]:
        return [(reject.line, reject.reason) for reject in self.rejects]


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def made(content: str | bytes, name: str = "events.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return made


@pytest.fixture
def rows_of() -> Callable[..., Got]:
    def all_rows(path: Path, required: Iterable[str] = REQUIRED_OF_EVENTS) -> Got:
        rejects: list[Reject] = []
        notes: list[str] = []
        rows = list(read_rows(path, rejects.append, notes.append, tuple(required)))
        return Got([row.values for row in rows], [row.line for row in rows], rejects, notes)

    return all_rows


@pytest.fixture
def reading_of() -> Callable[..., Got]:
    def everything(*paths: Path, zone: str = "UTC", **said: str | list[str]) -> Got:
        reading = read(paths, ZoneInfo(zone), **said)
        rows = list(reading.rows)
        return Got([row.values for row in rows], [row.line for row in rows], reading.rejects, reading.notes)

    return everything

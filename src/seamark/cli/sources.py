"""What every command that evaluates is given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Sources(NamedTuple):
    """The options about files and moments, as they were written."""

    events: Sequence[Path]
    contacts: Sequence[Path] | None = None
    us: Sequence[str] | None = None
    as_: str | None = None
    zone: str | None = None
    params: Path | None = None
    as_of: str | None = None
    rejects: Path | None = None

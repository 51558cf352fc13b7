"""A lake: a folder of event files in Parquet, and a manifest that names those that belong to it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from seamark.readers.shape import FileError

MANIFEST = "lake.json"


@dataclass
class Manifest:
    """What is in a lake."""

    exported_to: int = 0
    """The id of the last event that is in it."""
    last_event: str = ""
    """What tells the last event that is in it from any other, as long as its history is the same."""
    files: dict[str, list[str]] = field(default_factory=dict)
    """By bucket, the files of it, relative to the folder."""

    def write(self, folder: Path) -> None:
        """Takes effect whole or not at all."""
        made = folder / f"{MANIFEST}.{os.getpid()}"
        made.write_text(json.dumps(vars(self), indent=1))
        made.replace(folder / MANIFEST)


def manifest_of(folder: Path) -> Manifest:
    """The manifest of a lake; an empty one for a folder that is none yet."""
    path = folder / MANIFEST
    if not path.exists():
        return Manifest()
    try:
        return Manifest(**json.loads(path.read_text()))
    except (ValueError, TypeError) as error:
        raise FileError(path, f"is no manifest of a lake: {error}") from None


def expanded(paths: Sequence[Path]) -> list[Path]:
    """The paths, with each lake replaced by its files. Raises `FileError` for a folder that is no lake."""
    return [file for path in paths for file in (_files(path) if path.is_dir() else [path])]


def _files(folder: Path) -> Iterable[Path]:
    if not (folder / MANIFEST).exists():
        raise FileError(folder, f"is a folder without {MANIFEST}: no lake; name its files, such as {folder}/*")
    return [folder / name for _, names in sorted(manifest_of(folder).files.items()) for name in names]

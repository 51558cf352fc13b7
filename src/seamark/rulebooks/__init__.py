"""The bundled rulebooks: fetched by name, and files by their path."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from seamark.engine.errors import Place, Problem, RuleError, nearest
from seamark.engine.rulebook import Rulebook, load_rulebook


def bundled() -> list[str]:
    """The names of the bundled rulebooks."""
    return sorted(
        entry.name.removesuffix(".yaml") for entry in files(__name__).iterdir() if entry.name.endswith(".yaml")
    )


def open_rulebook(name: str) -> Rulebook:
    """The rulebook of a bundled name, or of a file. Raises `RuleError` for what cannot be read."""
    try:
        text, file = fetch(name, "")
    except LookupError as error:
        raise RuleError(Problem("no-rulebook", f"{error.args[0]}.", nearest=nearest(name, bundled()))) from None
    except UnicodeDecodeError as error:
        raise RuleError(
            Problem("encoding", f"A rulebook is UTF-8 text; byte {error.start + 1} is none.", Place(name))
        ) from None
    except OSError as error:
        raise RuleError(Problem("file", f"The rulebook cannot be read: {error.strerror}.", Place(name))) from None
    return load_rulebook(text, file, fetch)


def fetch(name: str, beside: str) -> tuple[str, str]:
    """The text of a bundled rulebook, or of a file (relative to the file `beside`), and what it is called."""
    if name in bundled():
        return files(__name__).joinpath(f"{name}.yaml").read_text("utf-8"), f"{name}.yaml"
    path = Path(beside).parent / name if beside else Path(name)
    if path.suffix not in (".yaml", ".yml", ".json") and not path.exists():
        raise LookupError(
            f"There is no bundled rulebook {name!r}, and no such file; bundled are {', '.join(bundled())}"
        )
    return path.read_text("utf-8-sig"), str(path)

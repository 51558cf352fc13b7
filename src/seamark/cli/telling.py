"""Errors become messages on stderr and exit codes; nowhere else."""

from __future__ import annotations

import os
import sys

from typer.exceptions import Exit, TyperException

from seamark.cli.failures import Failure
from seamark.cli.language import say
from seamark.engine.errors import RuleError, Unreadable
from seamark.readers.shape import FileError

WRONG = 2
"""The exit code of everything that was asked for and could not be done."""
INTERRUPTED = 130
PIPE_CLOSED = 141
"""What a shell gives for a command that a closed pipe ended."""

TOLD = (Failure, RuleError, FileError, Unreadable, TyperException, Exit, OSError, KeyboardInterrupt)
"""What is told in a message; anything else is a mistake of ours and shows where it happened."""
DAMAGED = ("ArrowInvalid", "IOException", "InvalidInputException", "OutOfMemoryException", "SerializationException")
"""What Arrow and DuckDB raise over files that are damaged or too large; told likewise."""


def can_be_told(error: BaseException) -> bool:
    """Whether this is somebody's files or wishes, and no mistake of ours."""
    return isinstance(error, TOLD) or type(error).__name__ in DAMAGED


def tell(error: BaseException) -> int:
    """Says on stderr what went wrong, and returns the exit code."""
    match error:
        case Exit():
            return error.exit_code
        case KeyboardInterrupt():
            _say(say("wrong.interrupted"))
            return INTERRUPTED
        case BrokenPipeError():
            # Python would complain when it empties stdout at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return PIPE_CLOSED
        case RuleError():
            for problem in error.problems:
                _say(str(problem))
        case _:
            _say(f"{say('wrong.begin')}{_message(error)}")
    return WRONG


def _message(error: BaseException) -> str:
    match error:
        case Failure():
            return say(error.key, **error.values) + hint(error.near)
        case OSError():
            return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)
        case TyperException():
            return _usage(error)
    return str(error).partition("\n")[0]


def hint(near: str) -> str:
    """ "Did you mean …?", with a space before it, where there is something near."""
    return say("wrong.near", near=near) if near else ""


def _usage(error: TyperException) -> str:
    """What is wrong with the options, told by the kind of error: Typer's own words are English alone."""
    option = getattr(error, "option_name", "")
    match type(error).__name__:
        case "MissingParameter":
            param = getattr(error, "param")  # noqa: B009
            return say("usage.missing", name=param.opts[0] if param.opts[0].startswith("-") else param.metavar)
        case "NoSuchOption":
            near = next(iter(getattr(error, "possibilities", None) or ()), "")
            return say("usage.option", name=option) + hint(near)
        case "BadOptionUsage":
            return say("usage.value", name=option)
    return error.format_message()


def _say(line: str) -> None:
    print(line, file=sys.stderr)

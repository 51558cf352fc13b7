"""`seamark …`: from files to tags and reasons, on the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0, 1 for what lint found, 2 for what cannot be done."""
    from typer.main import get_command

    from seamark.cli.app import app
    from seamark.cli.language import take_language
    from seamark.cli.telling import can_be_told, tell

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a sign must not end the answer
    try:
        rest = take_language(sys.argv[1:] if arguments is None else arguments)
        command = get_command(app)
        with command.make_context("seamark", rest) as context:
            command.invoke(context)
        sys.stdout.flush()
    except BaseException as error:
        if not can_be_told(error):
            raise
        return tell(error)
    return 0

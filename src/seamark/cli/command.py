"""How commands read their arguments and show their help, in both languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from typer import Context
from typer.core import TyperCommand, TyperGroup, TyperOption

from seamark.cli.failures import Failure, one_of
from seamark.cli.language import say
from seamark.cli.texts import TEXTS

WIDTH = 80
_PIECE = re.compile(r"[\u2e80-\uffef][，。、；：！？）」]*\s*|[^\s\u2e80-\uffef]+\s*|\s+")
MANY = "…"
"""Ends the metavar of options that take several values at once, and of arguments that do."""


class Command(TyperCommand):
    """A command whose file options take several values: `--events a.csv b.csv`."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:  # type: ignore[override]
        many = {name for param in self.params if _takes_many(param) for name in param.opts}
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, spread(args, many))
        if rest:
            raise Failure("usage.extra", found=" ".join(rest))
        return rest

    def format_help(self, ctx: Context, formatter: Any) -> None:  # type: ignore[override]
        formatter.write(help_of_command(self, ctx.command_path))


class Group(TyperGroup):
    """`seamark` itself."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:  # type: ignore[override]
        return super().parse_args(ctx, args or ["--help"])

    def resolve_command(self, ctx: Context, args: list[str]) -> Any:  # type: ignore[override]
        if not args[0].startswith("-"):
            one_of("usage.command", args[0], self.list_commands(ctx))
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: Context) -> list[str]:  # type: ignore[override]
        return list(self.commands)

    def format_help(self, ctx: Context, formatter: Any) -> None:  # type: ignore[override]
        commands = [(name, say(f"command.{name}")) for name in self.list_commands(ctx)]
        lines = [
            say("help.usage", usage=f"{ctx.command_path} {say('help.command')}"),
            "",
            *_wrapped(say("help.about"), 0),
            "",
            say("help.commands"),
            *_columns(commands),
            "",
            say("help.options"),
            *_columns(_common_options()),
            "",
            *_wrapped(say("help.more"), 0),
        ]
        formatter.write("\n".join(lines) + "\n")


def spread(args: Sequence[str], many: set[str]) -> list[str]:
    """The arguments with the name of an option before each of its values.

    >>> spread(["--events", "a", "b", "--zone", "UTC"], {"--events"})
    ['--events', 'a', '--events', 'b', '--zone', 'UTC']
    >>> spread(["--events=a", "b"], {"--events"})
    ['--events=a', '--events', 'b']
    """
    said: list[str] = []
    option = ""
    for place, arg in enumerate(args):
        if arg == "--":
            return [*said, *args[place:]]
        if arg.startswith("-") and arg != "-":
            name = arg.partition("=")[0]
            option = name if name in many else ""
            said.append(arg)
        elif option and said[-1] != option:
            said += [option, arg]
        else:
            said.append(arg)
    return said


def help_of_command(command: TyperCommand, path: str) -> str:
    """What a command does, what it needs, and its options, in the language in use."""
    needed = [_written(param) for param in command.params if param.required]
    other = [] if all(param.required for param in command.params) else [say("help.other")]
    about = say(f"command.{command.name}")
    more = TEXTS.get(f"about.{command.name}") and say(f"about.{command.name}")
    lines = [
        *_wrapped(say("help.usage", usage=" ".join([path, *needed, *other])), 0),
        "",
        *_wrapped(about, 0),
        *(["", *_wrapped(more, 0)] if more else []),
        "",
        say("help.options"),
        *_columns([*((_written(param), option_help(command.name or "", param)) for param in command.params)]),
        *_columns(_common_options()[:2]),
    ]
    return "\n".join(lines) + "\n"


def option_help(command: str, param: Any) -> str:
    """What an option is for: said for this command, or else for all."""
    own = f"option.{command}.{param.name}"
    text = say(own if own in TEXTS else f"option.{param.name}")
    return f"{text} {say('help.needed')}" if param.required else text


def _common_options() -> list[tuple[str, str]]:
    return [(name, say(f"option.{name.split()[0].strip('-')}")) for name in ("--lang en|zh", "--help", "--version")]


def _takes_many(param: Any) -> bool:
    return isinstance(param, TyperOption) and str(param.metavar).endswith(MANY)


def _written(param: Any) -> str:
    """The option with its value, as it is written."""
    if not isinstance(param, TyperOption):
        return str(param.metavar)
    return param.opts[0] if param.is_flag else f"{param.opts[0]} {param.metavar}"


def _columns(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Names on the left, what they are for on the right; a long name has a line of its own."""
    left = 26
    for name, about in pairs:
        first, *rest = _wrapped(about, left)
        if len(name) + 4 > left:
            yield f"  {name}"
            yield first
        else:
            yield f"  {name}{first[len(name) + 2 :]}"
        yield from rest


def _wrapped(text: str, indent: int) -> list[str]:
    """Lines of at most `WIDTH` cells; Chinese breaks between any two characters."""
    lines, line, length = [], "", 0
    for word in _words(text):
        cells = width(word.rstrip())
        if line and indent + length + cells > WIDTH:
            lines.append(line)
            line, length = "", 0
            word = word.lstrip()
        line += word
        length += width(word)
    return [" " * indent + each.rstrip() for each in [*lines, line]]


def _words(text: str) -> list[str]:
    """Pieces after which a line may end: words, and wide characters with the closing marks behind them."""
    return _PIECE.findall(text)


def width(text: str) -> int:
    """The cells a text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)

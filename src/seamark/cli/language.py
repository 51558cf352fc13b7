"""The language the commands speak: chosen once at the start, English unless the machine or `--lang` says Chinese."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from seamark.cli.failures import Failure
from seamark.cli.faults import in_chinese
from seamark.cli.texts import TEXTS, Language
from seamark.engine.sentence import naming
from seamark.readers.shape import Note

LANGUAGES: tuple[Language, ...] = ("en", "zh")
_FROM_MACHINE = ("LC_ALL", "LC_MESSAGES", "LANG")

_spoken: Language = "en"


def speak(language: Language) -> None:
    """Say everything in this language from here on."""
    global _spoken
    _spoken = language


def spoken() -> Language:
    """The language in use."""
    return _spoken


def say(key: str, **values: object) -> str:
    """The text of that key, with its values filled in."""
    return TEXTS[key][LANGUAGES.index(_spoken)].format(**values)


def in_words(note: Note) -> str:
    """What a reader says, in the language in use."""
    return note.zh if _spoken == "zh" else str(note)


def reason_in_words(reason: str) -> str:
    """Why a row could not be read, in the language in use."""
    return in_chinese(reason) if _spoken == "zh" else reason


def counted(what: str, number: int) -> str:
    """So many of something: "1 contact", "1,204 contacts"."""
    one, _, several = say(f"count.{what}", n=f"{number:,}").partition("|")
    return several if several and number != 1 else one


def titled(words: Mapping[str, str]) -> str:
    """A title of the rulebook in the language in use, or in the one it has."""
    return naming.titled(words, _spoken)


def listed(parts: Sequence[str], last: str = "or") -> str:
    """Parts as they are listed in a sentence: "a, b or c"."""
    return naming.listed(parts, last, _spoken)


def take_language(arguments: Sequence[str]) -> list[str]:
    """Speak the language that `--lang` or the machine asks for; returns the other arguments."""
    rest: list[str] = []
    asked = None
    left = iter(arguments)
    for argument in left:
        if argument == "--":
            rest += [argument, *left]
        elif argument == "--lang":
            asked = next(left, "")
        elif argument.startswith("--lang="):
            asked = argument.partition("=")[2]
        else:
            rest.append(argument)
    speak(_of_machine())
    if asked is not None:
        if asked not in LANGUAGES:
            raise Failure("wrong.lang", found=asked)
        speak(asked)
    return rest


def _of_machine() -> Language:
    set_to = next((value for name in _FROM_MACHINE if (value := os.environ.get(name))), "")
    return "zh" if set_to.startswith("zh") else "en"

"""Words to send whose placeholders name nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seamark.engine.errors import Problem, nearest
from seamark.engine.rulebook import Rulebook

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def word_problems(rulebook: Rulebook) -> Iterator[Problem]:
    """Placeholders that are no field of the rulebook; `{contact.name}` is known everywhere."""
    known = {"contact.name"}
    for name, type_ in rulebook.fields.items():
        known |= {f"contact.{name}"} if type_ != "range" else {f"contact.{name}.low", f"contact.{name}.high"}
    for name, words in rulebook.texts.items():
        for language, text in words.items():
            for placeholder in dict.fromkeys(_PLACEHOLDER.findall(text)):
                if placeholder not in known:
                    told = f"{{{placeholder}}} is no field of contacts; declare it under fields."
                    place = rulebook.place("texts", name, language)
                    close = nearest(placeholder, known)
                    yield Problem("unknown-placeholder", told, place, close and f"{{{close}}}", "warning")

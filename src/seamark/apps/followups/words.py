"""What follow-ups and alerts are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping


def in_language(words: Mapping[str, str], language: str) -> str:
    """The words in the language, or in the one they have."""
    return words.get(language) or next(iter(words.values()), "")

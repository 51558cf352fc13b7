"""What a person asked for and cannot have."""

from __future__ import annotations

from collections.abc import Iterable

from seamark.engine.errors import nearest


class Failure(Exception):
    """Told by the text of `key`, in the language then in use, and by the nearest thing that would do."""

    def __init__(self, key: str, *, near: str = "", **values: object) -> None:
        self.key = key
        self.near = near
        self.values = values
        super().__init__(key)


def one_of(key: str, found: str, known: Iterable[str]) -> str:
    """`found`, if it is known; else fails with the text of `key`, which names `found` and `known`."""
    names = list(known)
    if found not in names:
        raise Failure(key, near=nearest(found, names), found=found, known=", ".join(names))
    return found

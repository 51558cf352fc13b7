"""Answers worked out once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Generic, TypeVar

Asked = TypeVar("Asked", bound=Collection[str])
Answer = TypeVar("Answer")


class Remembered(dict[Asked, Answer], Generic[Asked, Answer]):
    """Answers by question. Those to long questions are not kept, and all are forgotten when there are too many.

    >>> shout = Remembered(str.upper)
    >>> shout["ok"], shout["ok"], len(shout)
    ('OK', 'OK', 1)
    """

    def __init__(self, work_out: Callable[[Asked], Answer], most: int = 50_000, longest: int = 200) -> None:
        super().__init__()
        self._work_out = work_out
        self._most = most
        self._longest = longest

    def __missing__(self, asked: Asked) -> Answer:
        answer = self._work_out(asked)
        if len(asked) > self._longest:
            return answer
        if len(self) >= self._most:
            self.clear()
        self[asked] = answer
        return answer

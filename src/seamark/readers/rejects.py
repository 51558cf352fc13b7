"""What was set aside: any number of lines in little memory."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile

from seamark.readers.shape import Reject

IN_MEMORY = 1 << 20
"""Bytes; what goes beyond is kept in a temporary file."""
REASONS_TOLD_APART = 1_000


class Rejects:
    """Lines set aside, in the order they came.

    >>> aside = Rejects([Reject("a.csv", 2, "has no customer", "…")])
    >>> aside.append(Reject("a.csv", 3, "has no customer", "…"))
    >>> len(aside), aside.reasons, next(iter(aside)).line
    (2, Counter({'has no customer': 2}), 2)
    """

    def __init__(self, rejects: Iterable[Reject] = ()) -> None:
        self._kept = SpooledTemporaryFile(IN_MEMORY, mode="w+", encoding="utf-8")  # noqa: SIM115
        self._count = 0
        self.reasons: Counter[str] = Counter()
        """How often each; of many different ones only the first thousand are counted."""
        self.extend(rejects)

    def append(self, reject: Reject) -> None:
        """Set one more aside."""
        self._kept.write(json.dumps(reject) + "\n")
        self._count += 1
        if reject.reason in self.reasons or len(self.reasons) < REASONS_TOLD_APART:
            self.reasons[reject.reason] += 1

    def extend(self, rejects: Iterable[Reject]) -> None:
        """Set more aside."""
        for reject in rejects:
            self.append(reject)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Reject]:
        self._kept.seek(0)
        for line in self._kept:
            yield Reject(*json.loads(line))
        self._kept.seek(0, 2)

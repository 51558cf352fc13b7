"""The one place that reads the clock."""

import time


def now() -> int:
    """The second that has begun, in microseconds since 1970 UTC."""
    return int(time.time()) * 1_000_000


def seconds() -> float:
    """A count of seconds from some beginning, for telling how long something took."""
    return time.perf_counter()

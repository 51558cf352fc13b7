"""Contenders measured in processes of their own, one after the other and round after round."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

ROOT = Path(__file__).parent.parent
KIB_A_MB = 1000 * 1000 / 1024


@dataclass(frozen=True)
class Run:
    """One run of a contender. Peak memory is the process's, its libraries included."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds on all cores."""
    peak: float
    """MB."""
    answer: Any
    """What it found, to be held against what others found."""


Contender = Callable[..., Callable[[], Any]]
"""Makes ready, and returns what is timed; that returns its answer, or what makes the answer afterwards."""


def measured(contender: Contender, **given: Any) -> Run:
    """One run, in this process."""
    work = contender(**given)
    wall, cpu = perf_counter(), process_time()
    answer = work()
    wall, cpu = perf_counter() - wall, process_time() - cpu
    peak = peak_memory()
    return Run(wall, cpu, peak, answer() if callable(answer) else answer)


def measured_apart(contender: Contender, **given: Any) -> Run:
    """One run, in a process of its own. What is given must be JSON."""
    name = f"{contender.__module__}:{contender.__qualname__}"
    done = subprocess.run(
        [sys.executable, "-m", __name__, name, json.dumps(given)],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        cwd=ROOT,
    )
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def peak_memory() -> float:
    """MB that this process has had at most. What `getrusage` tells on Linux counts the parent before `exec`."""
    status = Path("/proc/self/status")
    if status.exists():
        found = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(found["VmHWM"].removesuffix("kB")) / KIB_A_MB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000_000


def interleaved(contenders: Mapping[str, Callable[[], Run]], rounds: int) -> dict[str, list[Run]]:
    """All contenders once, then all again: what slows the machine down for a while slows all of them."""
    runs: dict[str, list[Run]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            runs[name].append(contender())
    return runs


def spread(values: list[float], unit: str = "") -> str:
    """The median and the range, such as `1.4 (1.3–1.7) s`."""
    middle, low, high = (_rounded(value) for value in (median(values), min(values), max(values)))
    return f"{middle} ({low}–{high}){unit and ' ' + unit}"


def _rounded(value: float) -> str:
    """Three digits, and thousands apart."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def ratio(runs: list[Run], against: list[Run], of: Callable[[Run], float] = lambda run: run.wall) -> float:
    """How many times as long, as the median over the rounds."""
    return median(of(one) / of(other) for one, other in zip(runs, against, strict=True))


def _child(name: str, given: str) -> None:
    module, _, function = name.partition(":")
    run = measured(getattr(import_module(module), function), **json.loads(given))
    print(json.dumps(vars(run)))


if __name__ == "__main__":
    _child(*sys.argv[1:])

"""A few rounds of `tests.faults.soak`; `make soak` runs many."""

import os
import subprocess
import sys


def test_nothing_is_lost_or_doubled_when_web_worker_and_database_are_killed():
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "DJANGO_"))}
    command = [sys.executable, "-m", "tests.faults.soak", "--rounds", "4", "--seed", "11"]
    done = subprocess.run(command, env=mine, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert "'deliveries': 160" in done.stdout

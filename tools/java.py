"""The Java that Spark runs on: found, or installed where root can."""

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

OLDEST = 17
"""What Spark 4 needs (https://spark.apache.org/docs/latest/)."""

PACKAGES = ("openjdk-17-jre-headless", "openjdk-21-jre-headless")
"""Debian 12 has the first, Debian 13 the second only."""


def java() -> str | None:
    """The command Spark would start: `JAVA_HOME` first, then the path; None without one, or when it is too old."""
    home = os.environ.get("JAVA_HOME")
    command = str(Path(home, "bin", "java")) if home else shutil.which("java")
    return command if command and java_version(command) >= OLDEST else None


@cache
def java_version(command: str) -> int:
    """The feature release, such as 17; 0 where the command does not run or says something else."""
    try:
        said = subprocess.run([command, "-version"], capture_output=True, text=True, timeout=60).stderr
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found[1]) if found else 0


def install() -> None:
    """Installs the first of `PACKAGES` that apt has."""
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, stdout=subprocess.DEVNULL)
    for package in PACKAGES:
        command = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", package]
        if subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL).returncode == 0:
            return


def main() -> None:
    """Sees to it that there is a Java; without one says so and goes on, for most tests need none."""
    if java():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Spark needs Java {OLDEST} or newer: installing it", flush=True)
        install()
    if not java():
        print(f"No Java {OLDEST} or newer: the tests on Spark cannot run", file=sys.stderr)


if __name__ == "__main__":
    main()

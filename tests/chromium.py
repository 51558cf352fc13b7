"""A pytest plugin: the system's Chromium, started once for all tests of a process that look at pages."""

import os
import shutil
import warnings
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), "")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A running Chromium; without one on the machine, the test is skipped."""
    if not CHROMIUM:
        warnings.warn("No page was opened: no Chromium was found.", stacklevel=1)
        pytest.skip("No Chromium: no page was opened (Debian: apt-get install chromium).")
    # Chromium refuses its sandbox to root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()

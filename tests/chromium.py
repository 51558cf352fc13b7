"""A pytest plugin: the system's Chromium, started once for all tests of a process that look at pages."""

import os
import shutil
import warnings
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MILLISECONDS = 30_000
"""A busy machine is slow: what a page is to show may take that long."""
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), "")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A running Chromium; without one on the machine, the test is skipped."""
    if not CHROMIUM:
        warnings.warn("No page was opened: no Chromium was found.", stacklevel=1)
        pytest.skip("No Chromium: no page was opened (Debian: apt-get install chromium).")
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    # Chromium refuses its sandbox to root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps a loop running in this thread, and Django would take our queries for a slip.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()

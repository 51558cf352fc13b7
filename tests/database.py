"""A pytest plugin: one PostgreSQL for the run, shared by its processes, and started by the first test that needs it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

from seamark.site import postgres

FOLDER = "SEAMARK_TEST_POSTGRES"


def _set_up_django() -> Path | None:
    """Says where the database will be, for settings and for pytest-xdist's workers, which inherit it.

    Returns the folder made for it, if one was. Done on import: conftests that import models come next.
    """
    folder = None
    if "DATABASE_URL" not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="seamark-tests-"))
        os.environ[FOLDER] = str(folder)
        os.environ["DATABASE_URL"] = postgres.url(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    return folder


_made = _set_up_django()


def pytest_unconfigure() -> None:
    """Takes away what this process made."""
    if _made:
        shutil.rmtree(_made)


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The URL of a running PostgreSQL: that of `DATABASE_URL`, where it was set, else one of the run's own."""
    if FOLDER not in os.environ:
        yield os.environ["DATABASE_URL"]
        return
    with postgres.running(Path(os.environ[FOLDER]), durable=False) as url:
        yield url


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, database_url: str) -> None:
    """Starts the database before pytest-django makes its own in it."""

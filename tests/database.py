"""A pytest plugin: one PostgreSQL for the run, shared by its processes, and started by the first test that needs it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from seamark.site import postgres

FOLDER = "SEAMARK_TEST_POSTGRES"


def pytest_configure(config: pytest.Config) -> None:
    """Says where the database will be, for settings and for pytest-xdist's workers, which inherit it."""
    if "DATABASE_URL" in os.environ:
        return
    folder = Path(tempfile.mkdtemp(prefix="seamark-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(folder))
    os.environ[FOLDER] = str(folder)
    os.environ["DATABASE_URL"] = postgres.url(folder)


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

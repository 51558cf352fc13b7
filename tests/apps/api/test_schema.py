"""Requests drawn from the API's own schema: no 500, and every answer as the schema says."""

from collections.abc import Iterator

import hypothesis
import pytest
import schemathesis
from django.core import signals
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from schemathesis.specs.openapi.checks import positive_data_acceptance

from seamark.apps.api.keys import add_key
from tests.apps.conftest import Cast, happened

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
QUIET = [hypothesis.HealthCheck.function_scoped_fixture, *hypothesis.HealthCheck]


@pytest.fixture
def text(cast: Cast, tiers: None) -> Iterator[str]:
    """A key that may do everything; requests leave the test's connection alone."""
    happened()
    scopes = ("events:write", "contacts:read", "tags:write")
    _, text = add_key(name="a shop", source="shop", member=cast.boss, scopes=scopes)
    hooks = (signals.request_started, signals.request_finished)
    for hook in hooks:
        hook.disconnect(close_old_connections)
    yield text
    for hook in hooks:
        hook.connect(close_old_connections)


@schema.parametrize()
@hypothesis.settings(max_examples=25, deadline=None, suppress_health_check=QUIET)
def test_the_api_answers_as_it_says(case, text):
    cache.clear()  # how many requests are allowed is another subject
    case.call_and_validate(
        headers={"Authorization": f"Bearer {text}"},
        excluded_checks=[positive_data_acceptance],  # which tags there are, and which moments are past, no schema says
    )

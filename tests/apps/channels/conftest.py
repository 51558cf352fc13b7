"""A channel of a platform that tests hold in their hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from seamark.apps.channels.actions import add_channel
from seamark.apps.channels.models import Channel
from seamark.apps.channels.registry import adapter_of, adapters
from tests.apps.channels.platform import Platform
from tests.apps.conftest import Cast


@pytest.fixture
def platform(settings: Any) -> Iterator[Platform]:
    settings.CHANNEL_ADAPTERS = {"test": "tests.apps.channels.platform.Platform"}
    adapters.cache_clear()
    found = adapter_of("test")
    assert isinstance(found, Platform)
    found.sent = []
    yield found
    adapters.cache_clear()


@pytest.fixture
def channel(platform: Platform, cast: Cast) -> Channel:
    return add_channel(
        kind="test", name="Line", team=cast.south, options={"number": "1"}, secrets={"token": "x"}, by=cast.admin
    )

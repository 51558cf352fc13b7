"""What a log may hold."""

import json
import logging
import sys

import pytest

from seamark.site.logs import Lines


@pytest.mark.covers("C07")
def test_a_traceback_holds_no_phone_number():
    try:
        raise ValueError("DETAIL: Key (external_id)=(8613912345678) of li@example.com exists")
    except ValueError:
        record = logging.LogRecord("it", logging.ERROR, "x.py", 1, "loop.failed", None, sys.exc_info())
    told = json.loads(Lines().format(record))
    assert told["event"] == "loop.failed"
    assert "8613***678" in told["traceback"]
    assert "li@" not in told["traceback"]

"""Structured logs: one JSON object a line, `noun.verb` with keys, never contents or phone numbers."""

from __future__ import annotations

import json
import logging
import logging.config
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from seamark.text.masks import masked_text

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request", "taskName", "status_code"}


class Lines(logging.Formatter):
    """A record as JSON: moment, level, logger, message, and whatever `extra` told."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": masked_text(record.getMessage()),
        }
        told |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            told["traceback"] = masked_text(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False, default=str)


def configure(options: Mapping[str, Any]) -> None:
    """Django's hook: `LOGGING` names the level."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": {"()": Lines}},
            "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["console"], "level": options["level"]},
            "loggers": {
                name: {"level": "WARNING"} for name in ("httpx", "procrastinate", "asyncio", "axes", "_granian")
            },
        }
    )

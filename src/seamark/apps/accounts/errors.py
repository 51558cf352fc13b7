"""What actions say when they do not do what was asked of them."""

from __future__ import annotations

from django.utils.functional import Promise


class ActionRefused(Exception):
    """The action was understood and will not be done; the message is shown as it is."""

    def __init__(self, code: str, message: str | Promise) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return str(self.message)

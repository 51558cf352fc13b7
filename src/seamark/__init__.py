"""Seamark: tags that are true now, for every customer of a team that sells by chat."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seamark.client import Desk as Desk

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """`from seamark import Desk`, without loading an HTTP library for everybody else."""
    if name == "Desk":
        from seamark.client import Desk

        return Desk
    raise AttributeError(f"module 'seamark' has no attribute {name!r}")

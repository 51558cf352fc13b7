"""A page for a shop owner: where every contact stands, and whom to write to."""

from seamark.report.page import page
from seamark.report.subject import Subject

__all__ = ["Subject", "page"]

"""Files become histories: read, annotated, typed as a rulebook reads them, and put in order."""

from seamark.histories.store import Histories, open_histories

__all__ = ["Histories", "open_histories"]

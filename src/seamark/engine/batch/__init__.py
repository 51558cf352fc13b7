"""Tags over all history: a plan as one SQL query, for DuckDB on one machine and Spark on many.

The query scans the events once, groups them by contact once with each distinct aggregate once, and
projects the aggregates to leaves and the leaves to tags. It is a tree of sqlglot, rendered to either
dialect.
"""

from seamark.engine.batch.query import compile_batch, compile_wide
from seamark.engine.batch.run import render, run_duckdb, run_spark
from seamark.engine.batch.source import FEW_TEXTS, EventTable

__all__ = ["FEW_TEXTS", "EventTable", "compile_batch", "compile_wide", "render", "run_duckdb", "run_spark"]

"""Queries rendered and run, on DuckDB and on Spark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from sqlglot import exp

from seamark.engine.batch.query import compile_batch
from seamark.engine.batch.source import EventTable
from seamark.engine.plan import Plan

if TYPE_CHECKING:
    import duckdb


SPARK_WIDEST = "DECIMAL(38, 0)"
SPARK_NAMES = {"arg_max_null": "max_by", "arg_min_null": "min_by", "list_position": "array_position", "row": "struct"}


def render(query: exp.Expr, dialect: Literal["duckdb", "spark"]) -> str:
    """The query as text."""
    return (query.transform(_for_spark) if dialect == "spark" else query).sql(dialect=dialect)


def run_duckdb(
    plan: Plan, now: int, zone: ZoneInfo, source: EventTable, connection: duckdb.DuckDBPyConnection
) -> duckdb.DuckDBPyRelation:
    """The relation of (contact, tag) in DuckDB, contacts in no particular order."""
    return connection.sql(render(compile_batch(plan, now, zone, source), "duckdb"))


def run_spark(plan: Plan, now: int, zone: ZoneInfo, source: EventTable, session: Any) -> Any:
    """The data frame of (contact, tag) in Spark; the source's relations are views of the session."""
    return session.sql(render(compile_batch(plan, now, zone, source), "spark"))


def _for_spark(node: exp.Expr) -> exp.Expr:
    """What sqlglot does not translate; sums are as wide as DuckDB's are."""
    match node:
        case exp.Sum() if not isinstance(node.this, exp.Cast):
            node.set("this", exp.cast(node.this, SPARK_WIDEST))
        case exp.DataType(this=exp.DType.INT128):
            return exp.DataType.build(SPARK_WIDEST)
        case exp.Anonymous(this="list_unique"):
            node.set("expressions", [exp.Anonymous(this="array_distinct", expressions=node.expressions)])
            node.set("this", "size")
        case exp.Anonymous():
            node.set("this", SPARK_NAMES.get(node.name, node.name))
    return node

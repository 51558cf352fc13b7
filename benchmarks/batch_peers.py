"""Eight features and ten tags of `sixty.yaml` by hand: in DuckDB's SQL, in Polars and in pandas.

Each reads the event file as it lies there and ends with (contact, tag) in memory, in the way its own
users would write it for speed. A bare scan of the columns that the whole rulebook reads stands beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import duckdb

from benchmarks.synthetic import NOW
from seamark.engine.moments import as_datetime, moment_text

AS_OF = as_datetime(NOW)
CHINA = timedelta(hours=8)

FEATURES = f"""
    SELECT
        contact,
        max(occurred_at) FILTER (kind = 'message.received') AS last_message,
        count(*) FILTER (kind = 'order.placed' AND occurred_at > now - INTERVAL 365 DAY) AS orders,
        sum(amount) FILTER (kind = 'order.placed' AND occurred_at > now - INTERVAL 365 DAY) AS spend,
        sum(amount) FILTER (kind = 'order.refunded' AND occurred_at > now - INTERVAL 365 DAY) AS refunds,
        bool_or(list_contains(mentions, 'price'))
            FILTER (kind = 'message.received' AND occurred_at > now - INTERVAL 30 DAY) AS asked_price,
        count(*) FILTER (kind = 'link.clicked' AND occurred_at > now - INTERVAL 30 DAY) AS clicks,
        count(DISTINCT channel)
            FILTER (kind = 'message.received' AND occurred_at > now - INTERVAL 90 DAY) AS channels,
        count(*) FILTER (
            kind = 'message.received' AND occurred_at > now - INTERVAL 90 DAY
            AND (epoch_us(occurred_at) // 3_600_000_000 + 8) % 24 BETWEEN 20 AND 22
        ) AS evening
    FROM read_parquet($file), (SELECT TIMESTAMPTZ '{moment_text(NOW)}' AS now)
    GROUP BY contact
"""
TAGS = f"""
    SELECT contact, unnest([
        CASE
            WHEN last_message > now - INTERVAL 24 HOUR THEN 'activity/high'
            WHEN last_message > now - INTERVAL 3 DAY THEN 'activity/medium'
            WHEN last_message > now - INTERVAL 7 DAY THEN 'activity/low'
        END,
        CASE WHEN orders >= 4 THEN 'frequency/often' END,
        CASE
            WHEN spend >= 5000 THEN 'monetary/high'
            WHEN coalesce(spend, 0) - coalesce(refunds, 0) >= 1000 THEN 'monetary/net'
        END,
        CASE WHEN asked_price THEN 'interest/asked-price' END,
        CASE WHEN clicks >= 2 THEN 'browsing/clicker' END,
        CASE WHEN channels >= 2 THEN 'habits/many-channels' END,
        CASE WHEN evening >= 3 THEN 'habits/evening' END
    ]) AS tag
    FROM features, (SELECT TIMESTAMPTZ '{moment_text(NOW)}' AS now)
"""
TEN = (
    "activity/high",
    "activity/medium",
    "activity/low",
    "frequency/often",
    "monetary/high",
    "monetary/net",
    "interest/asked-price",
    "browsing/clicker",
    "habits/many-channels",
    "habits/evening",
)

SCAN = """
    SELECT
        max(contact), max(epoch_us(occurred_at)), max(kind), max(channel), max(len(mentions)), max(target), max(page),
        max(seconds), max(amount), max(category), max(product), max(quantity)
    FROM read_parquet($file)
"""

Answer = dict[str, list[int]]
"""Tag → how many contacts hold it, and a hash of who they are."""


def answer(connection: duckdb.DuckDBPyConnection, relation: str = "tags") -> Answer:
    """What is compared between contenders, of a relation of (contact, tag)."""
    names = ", ".join(f"'{tag}'" for tag in TEN)
    rows = connection.execute(
        f"SELECT tag, count(*), bit_xor(hash(contact))::VARCHAR FROM {relation} WHERE tag IN ({names}) GROUP BY tag"
    )
    return {tag: [count, int(hashed)] for tag, count, hashed in rows.fetchall()}


def scan(file: str) -> Callable[[], Any]:
    connection = duckdb.connect()

    def work() -> None:
        connection.execute(SCAN, {"file": file}).fetchall()

    return work


def by_hand(file: str) -> Callable[[], Any]:
    connection = duckdb.connect()

    def work() -> Any:
        tags = f"SELECT contact, tag FROM (WITH features AS ({FEATURES}) {TAGS}) WHERE tag IS NOT NULL"
        connection.execute(f"CREATE TABLE tags AS {tags}", {"file": file})
        return partial(answer, connection)

    return work


def by_polars(file: str) -> Callable[[], Any]:
    import polars as pl

    def since(**ago: int) -> Any:
        return pl.col("occurred_at") > AS_OF - timedelta(**ago)

    received, placed = pl.col("kind") == "message.received", pl.col("kind") == "order.placed"
    hour = (pl.col("occurred_at") + CHINA).dt.hour()
    features = {
        "last_message": pl.col("occurred_at").filter(received).max(),
        "orders": (placed & since(days=365)).sum(),
        "spend": pl.col("amount").filter(placed & since(days=365)).sum(),
        "refunds": pl.col("amount").filter((pl.col("kind") == "order.refunded") & since(days=365)).sum(),
        "asked_price": pl.col("mentions").list.contains("price").filter(received & since(days=30)).any(),
        "clicks": ((pl.col("kind") == "link.clicked") & since(days=30)).sum(),
        "channels": pl.col("channel").filter(received & since(days=90)).n_unique(),
        "evening": (received & since(days=90) & hour.is_between(20, 22)).sum(),
    }

    def last(**ago: int) -> Any:
        return pl.col("last_message") > AS_OF - timedelta(**ago)

    activity = (
        pl.when(last(hours=24)).then(pl.lit("activity/high"))
        .when(last(days=3)).then(pl.lit("activity/medium"))
        .when(last(days=7)).then(pl.lit("activity/low"))
    )  # fmt: skip
    monetary = (
        pl.when(pl.col("spend") >= 5000).then(pl.lit("monetary/high"))
        .when(pl.col("spend") - pl.col("refunds") >= 1000).then(pl.lit("monetary/net"))
    )  # fmt: skip
    alone = {
        "frequency/often": pl.col("orders") >= 4,
        "interest/asked-price": pl.col("asked_price"),
        "browsing/clicker": pl.col("clicks") >= 2,
        "habits/many-channels": pl.col("channels") >= 2,
        "habits/evening": pl.col("evening") >= 3,
    }
    held = [activity, monetary, *(pl.when(condition).then(pl.lit(tag)) for tag, condition in alone.items())]

    def work() -> Any:
        tags = (
            pl.scan_parquet(file)
            .group_by("contact")
            .agg(**features)
            .select("contact", tag=pl.concat_list(held))
            .explode("tag")
            .drop_nulls("tag")
            .collect()
        )
        return lambda: _answer_of(tags.to_arrow())

    return work


def by_pandas(file: str) -> Callable[[], Any]:
    import pandas as pd

    columns = ["contact", "occurred_at", "kind", "channel", "mentions", "amount"]

    def work() -> Any:
        events = pd.read_parquet(file, columns=columns, dtype_backend="pyarrow")
        contacts = pd.Index(events["contact"].unique(), name="contact")

        def of(kind: str, **ago: int) -> Any:
            return events[(events["kind"] == kind) & (events["occurred_at"] > AS_OF - timedelta(**ago))]

        received = events[events["kind"] == "message.received"]
        last_message = received.groupby("contact", sort=False)["occurred_at"].max().reindex(contacts)
        orders = of("order.placed", days=365).groupby("contact", sort=False)["amount"].agg(["count", "sum"])
        refunds = of("order.refunded", days=365).groupby("contact", sort=False)["amount"].sum()
        recent = of("message.received", days=30).dropna(subset="mentions")
        asked_price = recent.loc[["price" in mentions for mentions in recent["mentions"]], "contact"].unique()
        clicks = of("link.clicked", days=30).groupby("contact", sort=False).size()
        quarter = of("message.received", days=90)
        channels = quarter.groupby("contact", sort=False)["channel"].nunique()
        in_the_evening = (quarter["occurred_at"] + CHINA).dt.hour.between(20, 22)
        evening = quarter[in_the_evening].groupby("contact", sort=False).size()

        spend = orders["sum"].astype("float64").reindex(contacts, fill_value=0)
        net = spend - refunds.astype("float64").reindex(contacts, fill_value=0)
        within = {name: (last_message > AS_OF - ago).fillna(False) for name, ago in LEVELS.items()}
        held = {
            "activity/high": contacts[within["high"]],
            "activity/medium": contacts[within["medium"] & ~within["high"]],
            "activity/low": contacts[within["low"] & ~within["medium"]],
            "frequency/often": orders.index[orders["count"] >= 4],
            "monetary/high": contacts[spend >= 5000],
            "monetary/net": contacts[(net >= 1000) & (spend < 5000)],
            "interest/asked-price": asked_price,
            "browsing/clicker": clicks.index[clicks >= 2],
            "habits/many-channels": channels.index[channels >= 2],
            "habits/evening": evening.index[evening >= 3],
        }
        tags = pd.concat([pd.DataFrame({"contact": ids, "tag": tag}) for tag, ids in held.items()])
        return lambda: _answer_of(tags)

    return work


LEVELS = {"high": timedelta(hours=24), "medium": timedelta(days=3), "low": timedelta(days=7)}


def _answer_of(tags: Any) -> Answer:
    connection = duckdb.connect()
    connection.register("tags", tags)
    return answer(connection)

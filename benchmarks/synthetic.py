"""Synthetic histories: seeded, quick to write, with the kinds and props that `sixty.yaml` reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

SEED = 20261120
EVENTS_A_CONTACT = 10
EVENTS_A_SESSION = 5
GAP = 15 * 60_000_000
"""Microseconds from a session's begin to one of its events, on average."""
SPAN = 400 * 86_400_000_000
"""Microseconds over which sessions begin, up to `NOW`."""
NOW = int(datetime(2026, 11, 20, 10, tzinfo=UTC).timestamp()) * 1_000_000
"""The moment that tags are asked for, in microseconds; no event is later."""
ROWS_A_GROUP = 122_880
CHUNK = 10_000_000
"""Events that are made at once; contacts never straddle two chunks."""

KINDS = {
    "message.received": 0.30,
    "message.sent": 0.28,
    "page.viewed": 0.20,
    "link.clicked": 0.08,
    "item.bought": 0.05,
    "order.placed": 0.03,
    "coupon.issued": 0.025,
    "quote.sent": 0.02,
    "coupon.redeemed": 0.01,
    "order.refunded": 0.005,
}
"""Each kind's share of the events."""
CHANNELS = ("whatsapp", "wecom", "web", "email")
TERMS = ("price", "discount", "stock", "specs", "shipping", "after-sales", "new-product", "refusal")
TARGETS = ("manual", "offer", "video")
PAGES = ("home", "price", "catalogue", "product", "about")
CATEGORIES = ("shoes", "tea", "cups", "lamps")
PRODUCTS = tuple(f"p{number:02}" for number in range(40))


def write_events(path: Path, events: int, *, in_order: bool = True) -> None:
    """An event file of so many events of a tenth as many contacts, in order of (contact, moment) or in none."""
    chunks = _chunks(events, in_order)
    first = next(chunks)
    with pq.ParquetWriter(path, first.schema, store_schema=False, store_decimal_as_integer=True) as writer:
        for chunk in chain((first,), chunks):
            writer.write_table(chunk, row_group_size=ROWS_A_GROUP)


def _chunks(events: int, in_order: bool) -> Iterator[pa.Table]:
    for number, begin in enumerate(range(0, events, CHUNK)):
        yield made(min(CHUNK, events - begin), number, in_order=in_order)


def made(events: int, number: int = 0, *, in_order: bool = True) -> pa.Table:
    """The events of one chunk: contacts come by for a session now and then, few of them often."""
    random = np.random.default_rng((SEED, number))
    contacts = max(1, events // EVENTS_A_CONTACT)
    sessions = max(1, events // EVENTS_A_SESSION)
    session = random.integers(0, sessions, events)
    contact = (contacts * random.random(sessions) ** 1.5).astype(np.int64)[session]
    begun_at = random.integers(NOW - SPAN, NOW, sessions)
    occurred_at = np.minimum(begun_at[session] + random.exponential(GAP, events).astype(np.int64), NOW)
    if in_order:
        order = np.lexsort((occurred_at, contact))
        contact, occurred_at = contact[order], occurred_at[order]
    kind = np.searchsorted(np.cumsum(list(KINDS.values()))[:-1], random.random(events)).astype(np.int8)
    columns = {
        "contact": _contact_ids(contact + number * (CHUNK // EVENTS_A_CONTACT)),
        "occurred_at": pa.array(occurred_at, pa.timestamp("us", tz="UTC")),
        "kind": _words(tuple(KINDS), kind),
        **_props(random, kind),
    }
    return pa.table(columns)


def _props(random: np.random.Generator, kind: np.ndarray) -> dict[str, pa.Array]:
    """The props that events of each kind bear; all others are absent."""
    size = len(kind)

    def of(*kinds: str) -> np.ndarray:
        return np.isin(kind, [list(KINDS).index(name) for name in kinds])

    def words(choices: tuple[str, ...], bearing: np.ndarray) -> pa.Array:
        return _words(choices, random.integers(0, len(choices), size, dtype=np.int8), bearing)

    def numbers(low: int, high: int, bearing: np.ndarray) -> pa.Array:
        return _decimals(random.integers(low, high, size) * 10_000, bearing)

    messages = of("message.received", "message.sent")
    return {
        "channel": words(CHANNELS, messages),
        "mentions": _mentions(random, of("message.received") & (random.random(size) < 0.3)),
        "target": words(TARGETS, of("link.clicked")),
        "page": words(PAGES, of("page.viewed")),
        "seconds": numbers(1, 300, of("page.viewed")),
        "amount": numbers(20, 2_000, of("order.placed", "item.bought", "order.refunded", "quote.sent")),
        "category": words(CATEGORIES, of("order.placed", "item.bought")),
        "product": words(PRODUCTS, of("item.bought")),
        "quantity": numbers(1, 12, of("item.bought")),
    }


def _contact_ids(numbers: np.ndarray) -> pa.Array:
    padded = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 9, "0")
    return pc.binary_join_element_wise("c", padded, "")


def _words(choices: tuple[str, ...], codes: np.ndarray, bearing: np.ndarray | None = None) -> pa.Array:
    places = pa.array(codes, mask=None if bearing is None else ~bearing)
    return pa.DictionaryArray.from_arrays(places, pa.array(choices))


def _decimals(scaled: np.ndarray, bearing: np.ndarray) -> pa.Array:
    """Ten-thousandths as decimal(18,4), which is 128 bits wide in memory: low word, then sign."""
    wide = np.stack([scaled, scaled >> 63], axis=1)
    validity = pa.array(bearing).buffers()[1]
    return pa.Array.from_buffers(pa.decimal128(18, 4), len(scaled), [validity, pa.py_buffer(wide)])


def _mentions(random: np.random.Generator, bearing: np.ndarray) -> pa.Array:
    """One or two terms on the messages that bear any."""
    lengths = np.where(bearing, random.integers(1, 3, len(bearing)), 0)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    first = random.integers(0, len(TERMS), len(bearing))
    place = np.repeat(first, lengths) + (np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)) * 3
    terms = _words(TERMS, (place % len(TERMS)).astype(np.int8)).cast(pa.string())
    return pa.ListArray.from_arrays(pa.array(offsets), terms, mask=pa.array(~bearing))

"""Reading a chat export and an order export, side by side with a plain loop of `re` or `csv`."""

from __future__ import annotations

import csv
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measure import Run, interleaved, measured_apart, ratio, spread
from benchmarks.report import Row, note
from benchmarks.rulebook import ZONE
from seamark.readers.recognise import read

MESSAGES = 1_000_000
ORDER_LINES = 500_000
ROUNDS = 3
SHARES = (0.1, 1.0)
"""Of the full size: memory that stays the same is bounded."""
SEED = 20261122
BEGIN = datetime(2024, 1, 1, 8, tzinfo=UTC)
CHAT, ORDERS = "WhatsApp export", "Shopify orders"
OURS, PLAIN = "Seamark", "plain loop"

WORDS = "how much is the big one please and when can you ship it to our shop thanks 你好 请问 多少钱 有货 吗".split()
"""Of messages, in two languages."""
LINES_AN_ORDER = (1, 1, 1, 2, 3)
COLUMNS = [
    *("Name", "Email", "Financial Status", "Paid at", "Currency", "Subtotal", "Total", "Created at"),
    *("Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku", "Cancelled at", "Refunded Amount"),
]


def run(scale: float = 1.0) -> list[Row]:
    """A row for each kind of file, size and way."""
    rows = [
        note(
            "A message in ten goes on over a second line and one in twenty is a picture left out; an order has one to "
            "three lines. The plain loop splits lines and types times and amounts, but recognises no format, language, "
            "order of dates or charset, makes no ids, and checks no row. One process, one core; rates are by "
            "processor time."
        )
    ]
    with TemporaryDirectory(prefix="seamark-bench-") as folder:
        for what, (write, count) in FILES.items():
            for share in SHARES:
                file = Path(folder) / NAMES[what]
                write(file, int(count * scale * share))
                rows += _compared(what, file)
    return rows


def _compared(what: str, file: Path) -> Iterator[Row]:
    runs = interleaved(
        {way: partial(measured_apart, CONTENDERS[what, way], file=str(file)) for way in (OURS, PLAIN)}, ROUNDS
    )
    check_agreement({way: each[0].answer for way, each in runs.items()})
    for way, each in runs.items():
        yield _row(what, way, each, runs[PLAIN], file)


def _row(what: str, way: str, runs: list[Run], plain: list[Run], file: Path) -> Row:
    size = file.stat().st_size / 1e6
    events = sum(runs[0].answer["kinds"].values())
    return {
        "file": what,
        "way": way,
        "MB": size,
        "MB a second": spread([size / run.cpu for run in runs]),
        "events a second": spread([events / run.cpu for run in runs]),
        "× the time of the loop": ratio(runs, plain, lambda run: run.cpu),
        "peak MB": max(run.peak for run in runs),
    }


def check_agreement(answers: dict[str, Any]) -> None:
    """Both ways find the same events, and take the same amounts."""
    assert answers[OURS] == answers[PLAIN], f"the plain loop finds {answers[PLAIN]}, the reader {answers[OURS]}"


# Contenders


def ours(file: str) -> Callable[[], Any]:
    """Every event of the file, one after the other."""

    def work() -> Any:
        reading = read([Path(file)], ZONE)
        return _answer(row.values for row in reading.rows) | {"rejects": len(reading.rejects)}

    return work


def chat_by_loop(file: str) -> Callable[[], Any]:
    line_begins = re.compile(r"(\d\d/\d\d/\d{4}, \d\d:\d\d) - ([^:]+): (.*)")

    def messages() -> Iterator[dict[str, object]]:
        message: dict[str, object] = {}
        with open(file, encoding="utf-8") as lines:
            for line in lines:
                if found := line_begins.match(line):
                    if message:
                        yield message
                    when, sender, text = found.groups()
                    message = {
                        "kind": "message.received" if sender == "Ann" else "message.sent",
                        "occurred_at": datetime.strptime(when, "%d/%m/%Y, %H:%M").replace(tzinfo=ZONE).astimezone(UTC),
                        "text": text,
                    }
                elif message:
                    message["text"] = f"{message['text']}\n{line}"
        yield message

    return lambda: _answer(messages()) | {"rejects": 0}


def orders_by_loop(file: str) -> Callable[[], Any]:
    def events() -> Iterator[dict[str, object]]:
        with open(file, encoding="utf-8", newline="") as lines:
            for line in csv.DictReader(lines):
                if line["Total"]:
                    moment = datetime.fromisoformat(line["Created at"]).astimezone(UTC)
                    yield {"kind": "order.placed", "occurred_at": moment, "amount": Decimal(line["Total"])}
                amount = Decimal(line["Lineitem price"]) * Decimal(line["Lineitem quantity"])
                yield {"kind": "item.bought", "occurred_at": moment, "amount": amount, "product": line["Lineitem name"]}

    return lambda: _answer(events()) | {"rejects": 0}


def _answer(events: Iterator[dict[str, object]]) -> dict[str, Any]:
    kinds: Counter[str] = Counter()
    amount = Decimal(0)
    for event in events:
        kinds[str(event["kind"])] += 1
        amount += event.get("amount", 0)  # type: ignore[operator]
    return {"kinds": dict(sorted(kinds.items())), "amount": str(amount)}


# Files


def write_chat(file: Path, count: int) -> None:
    """So many messages of a contact and of us, over as many days as they need."""
    draw = random.Random(SEED)
    moment = BEGIN
    with file.open("w", encoding="utf-8") as stream:
        for _ in range(count):
            moment += timedelta(seconds=draw.randrange(120))
            text = " ".join(draw.choices(WORDS, k=draw.randrange(3, 15)))
            if draw.random() < 0.05:
                text = "<Media omitted>"
            elif draw.random() < 0.1:
                text += "\nand one more thing"
            stream.write(f"{moment:%d/%m/%Y, %H:%M} - {draw.choice(('Ann', 'Tea House'))}: {text}\n")


def write_orders(file: Path, count: int) -> None:
    """So many lines of orders, by a tenth as many contacts."""
    draw = random.Random(SEED)
    lines = number = 0
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        while lines < count:
            number += 1
            wanted = draw.choice(LINES_AN_ORDER)
            for place in range(min(wanted, count - lines)):
                writer.writerow(_order_line(draw, number, count) if place == 0 else _item(draw, number))
                lines += 1


def _order_line(draw: random.Random, number: int, count: int) -> dict[str, str]:
    moment = f"{BEGIN + timedelta(minutes=number):%Y-%m-%d %H:%M:%S} +0000"
    return _item(draw, number) | {
        "Email": f"buyer{draw.randrange(count // 10 + 1)}@example.com",
        "Financial Status": "paid",
        "Paid at": moment,
        "Created at": moment,
        "Currency": "EUR",
        "Total": f"{draw.randrange(500, 50_000) / 100:.2f}",
        "Refunded Amount": "0.00",
    }


def _item(draw: random.Random, number: int) -> dict[str, str]:
    return {
        "Name": f"#{number}",
        "Lineitem quantity": str(draw.randrange(1, 5)),
        "Lineitem name": f"Tea, no. {draw.randrange(40)}",
        "Lineitem price": f"{draw.randrange(100, 5_000) / 100:.2f}",
        "Lineitem sku": f"T-{draw.randrange(40)}",
    }


FILES: dict[str, tuple[Callable[[Path, int], None], int]] = {
    CHAT: (write_chat, MESSAGES),
    ORDERS: (write_orders, ORDER_LINES),
}
NAMES = {CHAT: "WhatsApp Chat with Ann.txt", ORDERS: "orders_export.csv"}
"""What the files are called; the name of the chat tells the contact."""
CONTENDERS = {
    (CHAT, OURS): ours,
    (CHAT, PLAIN): chat_by_loop,
    (ORDERS, OURS): ours,
    (ORDERS, PLAIN): orders_by_loop,
}

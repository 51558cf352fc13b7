"""Raw rows become typed rows: what evaluators read of each, or the reason why it was set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

from seamark.engine.errors import Unreadable
from seamark.engine.events import Event, Reads
from seamark.engine.kinds import LOCAL_PROPS
from seamark.engine.moments import parse_moment
from seamark.histories.annotation import Reader
from seamark.readers.shape import OnReject, Reject, Row, shortened

LARGEST_SEQ = 2**63 - 1


class Typing:
    """Types rows one after the other, and counts what it met."""

    def __init__(self, reads: Reads, zone: ZoneInfo, on_reject: OnReject) -> None:
        self.reads = without_local(reads)
        self.zone = zone
        self.on_reject = on_reject
        self.kinds: Counter[str] = Counter()
        self.clock_notes: Counter[str] = Counter()
        """How many local times were ambiguous or did not exist."""
        self.oldest: int | None = None
        self.newest: int | None = None

    def rows(self, rows: Iterable[Row], annotate: Reader | None) -> Iterator[list[Event]]:
        """The typed rows, some thousands at a time; unreadable ones go to `on_reject`."""
        for parcel in _parcels(rows):
            written = [row.values for row in parcel]
            if annotate is not None:
                written = annotate(written)
            yield [typed for row, values in zip(parcel, written, strict=True) if (typed := self.row(row, values))]

    def row(self, row: Row, values: Mapping[str, object]) -> Event | None:
        try:
            moment, note = parse_moment(_text(values, "occurred_at"), self.zone)
            kind = _text(values, "kind")
            typed = Event(
                _text(values, "contact"),
                moment,
                kind,
                self.reads.props_of(kind, moment, values, self.zone),
                str(values.get("id") or "").strip(),
                _seq(values.get("seq")),
            )
        except Unreadable as error:
            self.on_reject(Reject(row.file, row.line, str(error), shortened(str(row.values))))
            return None
        self.kinds[kind] += 1
        if note:
            self.clock_notes[note] += 1
        self.oldest = moment if self.oldest is None else min(self.oldest, moment)
        self.newest = moment if self.newest is None else max(self.newest, moment)
        return typed


def without_local(reads: Reads) -> Reads:
    """The same without `hour`, `weekday` and `month`, which follow from the moment."""
    props = {
        kind: {name: type_ for name, type_ in props.items() if name not in LOCAL_PROPS}
        for kind, props in reads.props.items()
    }
    return Reads(props, reads.fields)


def _parcels(rows: Iterable[Row], size: int = 4096) -> Iterator[list[Row]]:
    parcel: list[Row] = []
    for row in rows:
        parcel.append(row)
        if len(parcel) == size:
            yield parcel
            parcel = []
    if parcel:
        yield parcel


def _text(values: Mapping[str, object], name: str) -> str:
    written = values.get(name)
    text = written.strip() if isinstance(written, str) else str(written) if isinstance(written, int | Decimal) else ""
    if not text:
        raise Unreadable(f"{name} is missing" if written in (None, "") else f"{name}: {written!r} is not a text")
    return text


def _seq(written: object) -> int:
    if written is None or written == "":
        return 0
    text = str(written).strip()
    try:
        seq = int(Decimal(text))
        if Decimal(text) == seq and abs(seq) <= LARGEST_SEQ:
            return seq
    except ArithmeticError:
        pass
    raise Unreadable(f"seq: {written!r} is not a whole number of at most 64 bits")

"""What a reader wishes to see in the list of contacts, as the address of the page says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal, NamedTuple, get_args
from urllib.parse import urlencode

from django.http import QueryDict

from seamark.engine.moments import as_datetime, as_moment

MINE = "me"
SEA = "sea"
Kind = Literal["all", "any", "none"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MOST_TAGS = 20
"""Of each kind; more in an address are left out."""


MOST_LIMITS = 20
"""Fields that narrow one list; more in an address are left out."""
PARTS = {"value": "is", "least": "from", "most": "to"}
"""What each part of a limit is called in an address."""


class Order(NamedTuple):
    """In what order the list is; a list has none but those that an index has."""

    columns: tuple[str, ...]
    """Of a standing; the last of them is the contact."""
    falls: bool
    """Whether it begins with the greatest."""


PANELS = ("fields", "columns")
RECENCY = ("recency", "contact")
SORTS: dict[str, Order] = {
    "": Order(RECENCY, falls=True),
    "stale": Order(RECENCY, falls=False),
    "new": Order(("contact",), falls=True),
    "old": Order(("contact",), falls=False),
}
"""The last event, newest or oldest first; when the contact became known, newest or oldest first."""


class Limit(NamedTuple):
    """What is wanted of a field; nothing of it that is empty."""

    value: str = ""
    """What it is, has in it, or has among its values."""
    least: str = ""
    most: str = ""


class Place(NamedTuple):
    """A row of the list, as what comes before and after it finds its way: the list is in this order, newest first."""

    last_event_at: datetime
    contact: int

    def __str__(self) -> str:
        return f"{as_moment(self.last_event_at)}.{self.contact}"


@dataclass(frozen=True)
class Wish:
    """Which contacts, and from where on."""

    sought: str = ""
    """A part of a name or of a number."""
    tags: Mapping[str, Kind] = field(default_factory=dict)
    """Held by all, held unless another of the kind is, or not held."""
    owner: str = ""
    """A member's id, `MINE`, or `SEA`; empty: whoever."""
    segment: int | None = None
    """A saved segment that they are in."""
    found: int | None = None
    """A search of the reader's own that found them."""
    beside: Place | None = None
    """The last row of the page before, or the first of the page after; None: the first page."""
    way: Literal["after", "before"] = "after"
    first: int = 1
    """The number of the first row, for showing it."""
    limits: Mapping[str, Limit] = field(default_factory=dict)
    """What is wanted of fields, by their names."""
    sort: str = ""
    """One of `SORTS`."""
    panel: str = ""
    """What the reader is setting beside the list: one of `PANELS`, or nothing."""
    picks: bool = False
    """Whether the reader is choosing tags."""

    @property
    def narrows(self) -> bool:
        """Whether it leaves anybody out."""
        return bool(self.owner or self.picks_out)

    @property
    def picks_out(self) -> bool:
        """Whether those whom it finds may be few, and far apart in the list."""
        return bool(self.sought or self.tags or self.segment or self.found or self.limits)

    def at(self, way: Literal["after", "before"], beside: Place | None, first: int) -> Wish:
        """The same contacts from another place on."""
        return replace(self, way=way, beside=beside, first=first)

    @property
    def begun(self) -> Wish:
        """The first page."""
        return replace(self, way="after", beside=None, first=1)

    @property
    def whom(self) -> Wish:
        """The same contacts, and nothing of how they are shown."""
        return replace(self.begun, sort="", panel="", picks=False)

    def picking(self, picks: bool) -> Wish:
        """With tags to choose from, or without."""
        return replace(self, picks=picks, panel="")

    def setting(self, panel: str) -> Wish:
        """With something to set beside the list, or without."""
        return replace(self, panel="" if panel == self.panel else panel, picks=False)

    def sorted_by(self, sort: str) -> Wish:
        """The same contacts in another order."""
        return replace(self.begun, sort=sort)

    def of(self, kind: Kind) -> list[str]:
        """The tags wished for in this way."""
        return [tag for tag, way in self.tags.items() if way == kind]

    def turned(self, kind: Kind, tag: str) -> Wish:
        """With the tag wished for in this way and no other; without it, where it was already."""
        others = {each: way for each, way in self.tags.items() if each != tag}
        return replace(self.begun, tags=others if self.tags.get(tag) == kind else others | {tag: kind})

    def without_limit(self, field: str) -> Wish:
        """Whatever that field holds."""
        return replace(self.begun, limits={name: limit for name, limit in self.limits.items() if name != field})

    def without_words(self) -> Wish:
        """Whatever they are called."""
        return replace(self.begun, sought="")

    def anywhere(self) -> Wish:
        """Whatever segment or search they are of."""
        return replace(self.begun, segment=None, found=None)

    def of_all_owners(self) -> Wish:
        """Whoever owns them, and whatever segment they are in."""
        return replace(self.begun, owner="", segment=None)

    def unlimited(self) -> Wish:
        """Whatever their fields hold."""
        return replace(self.begun, limits={})

    @property
    def query(self) -> str:
        """The wish as it stands in an address, with its question mark."""
        said = self.said()
        return f"?{urlencode(said)}" if said else "?"

    def said(self) -> list[tuple[str, object]]:
        """The wish as the parts of an address."""
        said: list[tuple[str, object]] = [("q", self.sought)] if self.sought else []
        said += [(kind, tag) for tag, kind in self.tags.items()]
        said += [("owner", self.owner)] if self.owner else []
        said += [(name, id) for name in ("segment", "found") if (id := getattr(self, name))]
        said += [
            (f"{PARTS[part]}.{name}", value)
            for name, limit in self.limits.items()
            for part, value in limit._asdict().items()
            if value
        ]
        said += [("sort", self.sort)] if self.sort else []
        said += [("panel", self.panel)] if self.panel else []
        said += [("pick", "1")] if self.picks else []
        return said + ([(self.way, self.beside), ("first", self.first)] if self.beside else [])


def wish_of(asked: QueryDict, known_tags: Iterable[str]) -> Wish:
    """The wish that an address says; what it says amiss, or of tags that are no more, is left out."""
    known = set(known_tags)
    tags: dict[str, Kind] = {tag: kind for kind in KINDS for tag in asked.getlist(kind)[:MOST_TAGS] if tag in known}
    owner = asked.get("owner", "")
    way: Literal["after", "before"] = "before" if "before" in asked else "after"
    return Wish(
        sought=asked.get("q", "").replace("\0", "").strip()[:200],
        tags=tags,
        owner=owner if owner in (MINE, SEA) or is_id(owner) else "",
        segment=int(segment) if is_id(segment := asked.get("segment", "")) else None,
        found=int(found) if is_id(found := asked.get("found", "")) else None,
        beside=_place(asked.get(way, "")),
        way=way,
        first=int(first) if is_id(first := asked.get("first", "")) else 1,
        limits=_limits(asked),
        sort=sort if (sort := asked.get("sort", "")) in SORTS else "",
        panel=panel if (panel := asked.get("panel", "")) in PANELS else "",
        picks="pick" in asked,
    )


def _limits(asked: QueryDict) -> dict[str, Limit]:
    """`is.city=Shanghai`, `from.budget=100`, `to.budget=200`."""
    found: dict[str, Limit] = {}
    for part, prefix in PARTS.items():
        for key, value in asked.items():
            name = key.removeprefix(f"{prefix}.")
            if name != key and (wanted := str(value).replace("\0", "").strip()[:200]):
                found[name] = found.get(name, Limit())._replace(**{part: wanted})
    return dict(list(found.items())[:MOST_LIMITS])


def _place(text: str) -> Place | None:
    moment, _, contact = text.partition(".")
    if not (is_id(moment.removeprefix("-")) and is_id(contact)):
        return None
    try:
        return Place(as_datetime(int(moment)).astimezone(UTC), int(contact))
    except OverflowError:
        return None


def is_id(text: str) -> bool:
    """Whether it can be the id of a row."""
    return text.isascii() and text.isdecimal() and len(text) < 19

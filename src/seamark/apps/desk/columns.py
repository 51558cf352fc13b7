"""The columns of the list of contacts: which there are, which a member has chosen, and what stands in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from seamark.apps.accounts.models import Member
from seamark.apps.contacts.masks import Masks, masks_of
from seamark.apps.contacts.models import Contact, Field
from seamark.apps.contacts.values import in_words
from seamark.apps.desk.models import ChosenColumns
from seamark.apps.desk.queries import channels_of
from seamark.apps.desk.sources import Origin, origins
from seamark.apps.desk.telling import chips_in_row
from seamark.apps.tagging.queries import HeldTag, held_by
from seamark.apps.tagging.rulebooks import Live
from seamark.apps.tagging.words import Chip, chip, field_title, titled

USUAL = ("tags", "owner", "channel", "last")
FIELD, GROUP = "field:", "group:"

CellKind = Literal["chips", "owner", "origins", "moment", "text"]


class Column(NamedTuple):
    """Something that is shown of each contact."""

    key: str
    title: str
    kind: CellKind


class Cell(NamedTuple):
    """What is shown of one contact in one column."""

    column: Column
    chips: Sequence[Chip] = ()
    more: Sequence[Chip] = ()
    """For which the row has no room."""
    origins: Sequence[Origin] = ()
    moment: datetime | None = None
    text: str = ""

    @property
    def words(self) -> str:
        """All of it, where there is nothing but text."""
        if self.column.kind == "moment":
            return f"{timezone.localtime(self.moment):%Y-%m-%d %H:%M}" if self.moment else ""
        named = [chip.hint for chip in (*self.chips, *self.more)] or [origin.name for origin in self.origins]
        return ", ".join(named) or self.text


class Row(NamedTuple):
    """A contact as the list shows it."""

    contact: Contact
    name: str
    cells: list[Cell]


def columns_known(live: Live | None, fields: Iterable[Field]) -> dict[str, Column]:
    """All that can be chosen, in the order in which they are shown."""
    groups = live.rulebook.groups if live else ()
    columns = [
        Column("tags", _("Tags"), "chips"),
        *(Column(f"{GROUP}{group.name}", titled(group.title), "chips") for group in groups),
        *(Column(f"{FIELD}{field.name}", field_title(field), "text") for field in fields),
        Column("owner", _("Owner"), "owner"),
        Column("team", _("Team"), "text"),
        Column("channel", _("Channel"), "origins"),
        Column("known", _("Known since"), "moment"),
        Column("last", _("Last event"), "moment"),
    ]
    return {column.key: column for column in columns}


def chosen_by(member: Member, known: Mapping[str, Column]) -> list[Column]:
    """What the member has chosen; the usual ones of whoever chose nothing yet."""
    chosen = ChosenColumns.objects.filter(member=member).values_list("columns", flat=True).first()
    wanted = set(USUAL if chosen is None else chosen)
    return [column for key, column in known.items() if key in wanted]


def choose(*, member: Member, columns: Collection[str], known: Mapping[str, Column]) -> None:
    """Remember what the member wants to see."""
    kept = [key for key in known if key in columns]
    ChosenColumns.objects.update_or_create(member=member, defaults={"columns": kept})


@dataclass(frozen=True)
class Table:
    """The columns that are shown, and to whom."""

    columns: Sequence[Column]
    live: Live | None
    masks: Masks
    fields: Sequence[Field]

    def rows(self, contacts: Sequence[Contact]) -> list[Row]:
        """These contacts, as `queries.rows_of` fetched them."""
        held, channels = held_by([contact.pk for contact in contacts]), channels_of(contacts)
        rows = []
        for contact in contacts:
            tags, values = held.get(contact.pk, []), self.masks.fields(contact, self.fields)
            origin = origins(contact, channels)
            cells = [self._cell(column, contact, tags, values, origin) for column in self.columns]
            rows.append(Row(contact, self.masks.name(contact), cells))
        return rows

    def _cell(
        self,
        column: Column,
        contact: Contact,
        held: Sequence[HeldTag],
        values: Mapping[str, object],
        known_from: list[Origin],
    ) -> Cell:
        match column.key:
            case "tags":
                chips, more = chips_in_row(held, self.live)
                return Cell(column, chips=chips, more=more)
            case "owner":
                return Cell(column, text=contact.owner.name if contact.owner else _("Public sea"))
            case "team":
                return Cell(column, text=contact.team.name)
            case "channel":
                return Cell(column, origins=known_from)
            case "known":
                return Cell(column, moment=contact.created_at)
            case "last":
                return Cell(column, moment=contact.standing.last_event_at)
        if column.key.startswith(GROUP):
            return Cell(column, chips=self._of_group(column.key.removeprefix(GROUP), held))
        return Cell(column, text=in_words(values.get(column.key.removeprefix(FIELD))))

    def _of_group(self, group: str, held: Sequence[HeldTag]) -> list[Chip]:
        """The tags of a column that says which group they are of."""
        tags = [each.tag for each in held if each.tag.name.partition("/")[0] == group]
        return [chip(self.live.rulebook, tag)._replace(group="") for tag in tags] if self.live else []


def table_for(member: Member, live: Live | None) -> Table:
    """The list as the member sees it."""
    fields = list(Field.objects.all())
    return Table(chosen_by(member, columns_known(live, fields)), live, masks_of(member), fields)

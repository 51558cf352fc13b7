"""What the options name becomes rulebook, zone, moment and histories; what was chosen unasked is noted."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from seamark.cli import clock
from seamark.cli.failures import Failure
from seamark.cli.language import counted, in_words, reason_in_words, say
from seamark.cli.output import check_folder, write_rejects
from seamark.cli.screen import progress
from seamark.cli.sources import Sources
from seamark.cli.when import Times
from seamark.engine.errors import Unreadable, nearest
from seamark.engine.kinds import FIELD_KIND, HAND_KINDS
from seamark.engine.located import load_yaml
from seamark.engine.moments import parse_moment
from seamark.engine.rulebook import Rulebook
from seamark.engine.units import DAY
from seamark.histories import Histories, open_histories
from seamark.histories.annotation import reader_for, reads_with_texts
from seamark.readers.lake import expanded
from seamark.readers.recognise import EXPECTED, SHORT_NAMES, kind_named
from seamark.readers.rejects import Rejects
from seamark.rulebooks import open_rulebook

LONG_AGO = 30 * DAY
"""When the newest event is older, that is said: the moment was probably meant to be another one."""


@dataclass
class Opened:
    """Everything a command needs."""

    rulebook: Rulebook
    histories: Histories
    times: Times
    notes: list[str] = field(default_factory=list)
    rejects_file: Path | None = None

    @property
    def zone(self) -> ZoneInfo:
        return self.times.zone

    @property
    def now(self) -> int:
        """The moment asked about."""
        return self.times.now

    def set_aside(self, beside: Path | None = None) -> None:
        """Write the rejects where they were asked for, or beside an output, and note how many there are."""
        self.rejects_file = set_aside(self.histories.rejects, self.rejects_file, beside, self.notes)


def set_aside(rejects: Rejects, asked: Path | None, beside: Path | None, notes: list[str]) -> Path | None:
    """Write the rejects where they were asked for, or beside an output; notes how many, and returns where."""
    if not rejects:
        return None
    file = asked or (beside and beside.with_name(f"{beside.name}.rejects.csv"))
    if file:
        write_rejects(rejects, file)
    reasons = rejects.reasons.most_common()
    few = say("list.between").join(reason_in_words(reason) for reason, _ in reasons[:3])
    few += say("list.more") if len(reasons) > 3 else ""
    told = "note.rejects.written" if file else "note.rejects"
    notes.append(say(told, rows=counted("rows", len(rejects)), reasons=few, file=file))
    return file


@contextmanager
def opened(name: str, sources: Sources, *, with_texts: bool = False) -> Iterator[Opened]:
    """The rulebook of that name over the files. `with_texts` keeps what messages say, for showing it."""
    with opened_for(rulebook_of(name, sources.params), sources, with_texts=with_texts) as found:
        if warnings := found.rulebook.warnings:
            found.notes.append(say("note.warnings", warnings=counted("warnings", len(warnings)), name=name))
        found.notes += about_figures(found.rulebook)
        yield found


@contextmanager
def opened_for(rulebook: Rulebook, sources: Sources, *, with_texts: bool = False) -> Iterator[Opened]:
    """The rulebook over the files."""
    notes: list[str] = []
    if sources.rejects:
        check_folder(sources.rejects)
    zone = zone_of(sources.zone, notes)
    now = moment_of(sources.as_of, zone, notes) if sources.as_of else clock.now()
    with histories_of(rulebook, sources, zone, with_texts=with_texts) as histories:
        found = Opened(rulebook, histories, Times(zone, now), notes, sources.rejects)
        notes += map(in_words, histories.notes)
        notes += about_kinds(rulebook, histories.kinds)
        if histories.newest is not None and now - histories.newest > LONG_AGO:
            notes.append(say("note.old", newest=found.times.full(histories.newest)))
        yield found


def rulebook_of(name: str, params: Path | None = None) -> Rulebook:
    """The bundled rulebook or file of that name, with the figures of a params file."""
    rulebook = open_rulebook(name)
    return rulebook.with_params(figures_of(params)) if params else rulebook


def figures_of(path: Path) -> dict[str, object]:
    """The figures of a params file, by name."""
    written = load_yaml(path.read_bytes(), str(path)).value
    figures = written.get("params") if isinstance(written, dict) else None
    if not isinstance(figures, dict):
        raise Failure("wrong.params", file=path)
    return figures


def histories_of(rulebook: Rulebook, sources: Sources, zone: ZoneInfo, *, with_texts: bool = False) -> Histories:
    """What the files tell, typed as the rulebook reads it."""
    reads = reads_with_texts(rulebook) if with_texts else rulebook.reads
    with progress(say("progress.reading")) as told:
        return open_histories(
            expanded(sources.events),
            sources.contacts or (),
            reads,
            zone,
            annotate=reader_for(rulebook),
            as_=kind_of(sources.as_),
            us=sources.us,
            progress=told,
        )


def kind_of(name: str | None) -> str | None:
    """The kind of file that `--as` names, or the mapping of columns that it gives."""
    try:
        return kind_named(name) if name else None
    except Unreadable:
        raise
    except ValueError:
        known = [*SHORT_NAMES, *EXPECTED]
        raise Failure("wrong.kind", near=nearest(name or "", known), found=name, known=", ".join(known)) from None


def zone_of(name: str | None, notes: list[str]) -> ZoneInfo:
    """The zone of that name, or else the machine's, which is noted."""
    if name:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            near = nearest(name, available_timezones())
            raise Failure("wrong.zone", near=near, found=name) from None
    zone = machine_zone()
    notes.append(say("note.zone", zone=zone.key))
    return zone


def machine_zone() -> ZoneInfo:
    """The zone this machine is set to; UTC where it does not say."""
    local = Path("/etc/localtime")
    linked = str(local.resolve()).partition("/zoneinfo/")[2] if local.exists() else ""
    for name in (os.environ.get("TZ", "").removeprefix(":"), linked):
        try:
            if name and name not in ("Etc/UTC", "localtime"):
                return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")


def moment_of(text: str, zone: ZoneInfo, notes: list[str]) -> int:
    """The moment that an option names, local to the zone where it has no offset."""
    moment, clocks = parse_moment(text, zone)
    if clocks:
        notes.append(say(f"note.{clocks}", moment=Times(zone, moment).full(moment)))
    return moment


def about_kinds(rulebook: Rulebook, kinds: Counter[str]) -> Iterator[str]:
    """What to say of kinds of event that nobody looks at, and that were perhaps meant to be others."""
    for kind, times in kinds.items():
        near = nearest(kind, rulebook.kinds)
        if kind not in rulebook.kinds and near:
            yield say("note.kind", kind=kind, events=counted("events", times), near=near)
    if kinds and not kinds.keys() & rulebook.reads.props.keys():
        looked_at = [kind for kind in sorted(rulebook.reads.props) if kind not in (*HAND_KINDS, FIELD_KIND)]
        yield say("note.no_kind", kinds=", ".join(looked_at))


def unfitted(rulebook: Rulebook) -> list[str]:
    """The names of figures that stand in until they are fitted."""
    return [param.name for param in rulebook.params.values() if param.quantile is not None and not param.fitted]


def about_figures(rulebook: Rulebook) -> Iterator[str]:
    """The note that figures are not fitted, where that is so."""
    names = unfitted(rulebook)
    if names:
        yield say("note.unfitted", names=", ".join(names))

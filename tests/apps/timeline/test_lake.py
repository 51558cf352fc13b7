"""The lake holds the history, each event once, and is read like any event file."""

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from seamark.apps.tagging.rulebooks import ORGANISATION_ZONE, live_rulebook
from seamark.apps.timeline import lake
from seamark.apps.timeline.models import Event
from seamark.histories import open_histories
from seamark.readers.lake import expanded, manifest_of
from seamark.readers.shape import FileError
from tests.apps.conftest import happened

pytestmark = [pytest.mark.usefixtures("tiers"), pytest.mark.django_db(transaction=True)]


def kinds(folder: Path) -> list[tuple[str, int]]:
    files = [str(file) for file in expanded([folder])]
    query = "SELECT kind, count(*) FROM read_parquet(?, union_by_name = true) GROUP BY ALL ORDER BY ALL"
    return duckdb.execute(query, [files]).fetchall()


def test_what_is_new_is_added_and_parts_become_one_file(tmp_path: Path):
    for number in range(5):
        happened(external_id=f"c{number}", props={"text": "how much?"})
        happened("order.placed", external_id=f"c{number}", props={"amount": 12.5, "category": "tea"})
    assert lake.export(tmp_path) > 0
    assert lake.export(tmp_path) == 0
    happened(external_id="c1")
    lake.export(tmp_path)
    assert kinds(tmp_path) == [("message.received", 6), ("order.placed", 5)]
    lake.compact(tmp_path, always=True)
    assert kinds(tmp_path) == [("message.received", 6), ("order.placed", 5)]
    assert all(len(names) == 1 for names in manifest_of(tmp_path).files.values())
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.parquet")} == {
        name for names in manifest_of(tmp_path).files.values() for name in names
    }


def test_fields_of_every_type_and_what_no_condition_asks_for_go_in(tmp_path: Path):
    fields = {"budget": {"low": "50000", "high": "80000"}, "products": ["tea", "cups"], "city": "Taipei"}
    for place, (field, value) in enumerate(fields.items()):
        happened("field.changed", seq=place, props={"field": field, "old": None, "new": value})
    happened(props={"text": "how much?", "files": [{"name": "a;b.png"}]})
    lake.export(tmp_path)
    read = "SELECT new FROM read_parquet(?, union_by_name = true) WHERE field IS NOT NULL ORDER BY field"
    told = duckdb.execute(read, [[str(file) for file in expanded([tmp_path])]]).fetchall()
    assert told == [("50000..80000",), ("Taipei",), ("tea;cups",)]


def test_a_part_that_a_killed_run_left_does_not_count(tmp_path: Path):
    happened()
    lake.export(tmp_path)
    left = next(tmp_path.rglob("*.parquet"))
    (left.parent / "left-over.parquet").write_bytes(left.read_bytes())
    assert kinds(tmp_path) == [("message.received", 1)]


def test_a_lake_of_another_history_begins_anew(tmp_path: Path):
    for number in range(3):
        happened(external_id=f"c{number}")
    lake.export(tmp_path)
    Event.objects.filter(pk=Event.objects.latest("pk").pk).update(source_key="of another history")
    lake.export(tmp_path)
    assert kinds(tmp_path) == [("message.received", 3)]
    Event.objects.latest("pk").delete()
    lake.export(tmp_path)
    assert kinds(tmp_path) == [("message.received", 2)]


def test_the_rulebook_gives_the_same_tags_over_the_lake(tmp_path: Path):
    contact = happened(ago=timedelta(hours=30), props={"text": "how much?"})
    lake.export(tmp_path)
    lake.compact(tmp_path, always=True)
    live = live_rulebook()
    assert live is not None
    with open_histories(expanded([tmp_path]), [], live.plan.reads, ORGANISATION_ZONE) as histories:
        history = histories.one(str(contact.pk))
    assert history is not None
    assert [event.kind for event in history.events] == ["message.received"]


def test_a_folder_that_is_no_lake_is_refused(tmp_path: Path):
    with pytest.raises(FileError, match="no lake"):
        expanded([tmp_path])

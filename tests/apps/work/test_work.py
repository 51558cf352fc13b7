"""Long work is done once and whole, whoever is killed, stopped or refused on the way."""

from __future__ import annotations

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from seamark.apps.accounts.models import Member, Team
from seamark.apps.contacts.models import Source
from seamark.apps.work.actions import begin, cancel
from seamark.apps.work.kinds import Tell, kind_of
from seamark.apps.work.models import Work
from seamark.apps.work.running import Overtaken, WorkerStops, run
from tests.apps.conftest import Cast
from tests.apps.work.kinds import WORKERS, Killed

NAMES = ["a", "b", "c"]


@pytest.fixture(autouse=True)
def kinds(settings: Settings) -> None:
    settings.WORKERS = settings.WORKERS | WORKERS


@pytest.fixture
def member(db: None) -> Member:
    Team.objects.create(name="Headquarters")
    return Member.objects.create_user("lin@example.com", name="Lin", language="en")


def named() -> list[str]:
    return list(Source.objects.order_by("key").values_list("key", flat=True))


def shown(member: Member, work: Work) -> str:
    client = Client()
    client.force_login(member)
    return client.get(f"/work/{work.pk}/").content.decode()


def test_work_is_done_and_its_result_kept(member: Member) -> None:
    work = begin(kind="naming", by=member, asked={"names": NAMES})
    assert ProcrastinateJob.objects.get().args == {"work_id": work.pk}
    assert "every 1s" in shown(member, work)
    run(work.pk)
    work.refresh_from_db()
    assert (work.state, work.done, work.total, work.result) == ("done", 3, 3, {"named": 3})
    assert "3 named" in shown(member, work)
    assert "every 1s" not in shown(member, work)


def test_killed_work_goes_on_where_it_was(member: Member) -> None:
    work = begin(kind="naming", by=member, asked={"names": NAMES, "killed_at": 2})
    with pytest.raises(Killed):
        run(work.pk)
    work.refresh_from_db()
    assert (named(), work.state, work.done) == (["a"], "running", 1)
    run(work.pk)
    work.refresh_from_db()
    assert (named(), work.state, work.tries) == (NAMES, "done", 2)


def test_what_has_ended_is_not_done_again(member: Member) -> None:
    work = begin(kind="naming", by=member, asked={"names": NAMES})
    run(work.pk)
    run(work.pk)
    assert named() == NAMES


def test_stopped_work_keeps_the_steps_it_made(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    work = begin(kind="naming", by=member, asked={"names": NAMES, "killed_at": 2})
    with pytest.raises(Killed):
        run(work.pk)
    cancel(work=work)
    run(work.pk)
    work.refresh_from_db()
    assert (named(), work.state) == (["a"], "cancelled")
    assert "1 named" in shown(member, work)


def test_waiting_work_is_stopped_at_once(member: Member) -> None:
    work = begin(kind="naming", by=member, asked={"names": NAMES})
    client = Client()
    client.force_login(member)
    assert "Stopped" in client.post(f"/work/{work.pk}/cancel/").content.decode()
    run(work.pk)
    assert named() == []


def test_a_worker_that_was_believed_dead_writes_no_more(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    work = begin(kind="naming", by=member, asked={"names": NAMES})
    kept: list[Tell] = []
    naming = kind_of("naming")
    monkeypatch.setitem(naming.__dict__, "run", lambda work, tell: kept.append(tell) or {})
    run(work.pk)
    Work.objects.update(state="running")
    run(work.pk)
    Work.objects.update(state="running")
    with pytest.raises(Overtaken):
        kept[0](1, 3)
    kept[1](2, 3)


def test_a_worker_that_stops_leaves_the_rest_to_another(member: Member) -> None:
    work = begin(kind="naming", by=member, asked={"names": NAMES})
    answers = iter([False, True])
    with pytest.raises(WorkerStops):
        run(work.pk, is_stopping=lambda: next(answers))
    assert named() == ["a"]
    run(work.pk)
    assert named() == NAMES


def test_refusals_are_told_in_words_and_faults_by_their_number(member: Member) -> None:
    refused, broken = (begin(kind=kind, by=member, asked={}) for kind in ("refusing", "broken"))
    run(refused.pk)
    run(broken.pk)
    assert "Not on a Friday." in shown(member, refused)
    assert f"The log has it, as work {broken.pk}" in shown(member, broken)


@pytest.mark.covers("F01")
def test_members_see_their_own_work_alone(cast: Cast) -> None:
    work = begin(kind="naming", by=cast.alice, asked={"names": NAMES})
    for member in (cast.charlie, cast.boss):
        client = Client()
        client.force_login(member)
        assert client.get(f"/work/{work.pk}/").status_code == 404
        assert client.post(f"/work/{work.pk}/cancel/").status_code == 404
        assert "Naming sources" not in client.get("/work/").content.decode()
    client.force_login(cast.alice)
    assert "Naming sources" in client.get("/work/").content.decode()

"""Contacts leave as a file only by those who may, as they see them, and the record knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from seamark.apps.accounts.models import Deed, Member, Post
from seamark.apps.accounts.roles import ROLES, Action
from seamark.apps.batches import running
from seamark.apps.contacts.models import Contact, Field
from seamark.apps.work.models import Work
from seamark.apps.work.running import run
from tests.apps.conftest import Cast, MakeContact

pytestmark = pytest.mark.covers("C07", "F03")


def client_of(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


@pytest.fixture
def rosa(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Member:
    """She may export whom she sees in the south, and sees no number in full: the organisation wants it so."""
    role = ROLES["regional-manager"]
    seen = {action: scope for action, scope in role.may.items() if action != Action.UNMASK}
    monkeypatch.setitem(ROLES, role.name, replace(role, may=seen))
    member = Member.objects.create_user("rosa@example.com", name="Rosa", language="en", zone="UTC")
    Post.objects.create(member=member, team=cast.south, role=role.name)
    return member


def exported(member: Member, **given: object) -> int:
    """The id of an export that is done."""
    answer = client_of(member).post("/contacts/batch/export/", given)
    assert answer.status_code == 200
    work = Work.objects.latest("pk")
    run(work.pk)
    return work.pk


def csv(member: Member, export: int) -> list[str]:
    answer = client_of(member).get(f"/contacts/exports/{export}/contacts.csv")
    return answer.content.decode("utf-8-sig").splitlines()


def test_the_file_has_the_columns_of_the_list_and_no_formula(cast: Cast, make_contact: MakeContact) -> None:
    Field.objects.create(name="city", title_en="City", title_zh="城市")
    contact = make_contact(name="=1+1", fields={"city": "上海, 浦东"})
    client = client_of(cast.boss)
    client.post("/contacts/columns/", {"column": ["field:city", "owner"]})
    assert "columns of your list: Contact, City, Owner." in client.get("/contacts/batch/export/").content.decode()
    export = exported(cast.boss, chosen=contact.pk)
    assert csv(cast.boss, export) == ["Number,Contact,City,Owner", f'{contact.pk},\'=1+1,"上海, 浦东",Alice']


def test_who_has_no_name_is_called_in_the_file_as_in_the_list(cast: Cast, make_contact: MakeContact) -> None:
    contact = make_contact(name="")
    Member.objects.filter(pk=cast.boss.pk).update(language="zh-hans")
    assert f"{contact.pk},访客 " in csv(cast.boss, exported(cast.boss, chosen=contact.pk))[1]


def test_the_same_as_a_workbook(cast: Cast, make_contact: MakeContact, tmp_path: Path) -> None:
    contact = make_contact(name="=1+1 <王>\x07", owner=None)
    export = exported(cast.boss, chosen=contact.pk)
    file = tmp_path / "contacts.xlsx"
    file.write_bytes(client_of(cast.boss).get(f"/contacts/exports/{export}/contacts.xlsx").content)
    rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    assert rows[1][:2] == [str(contact.pk), "=1+1 <王>"]


def test_numbers_are_masked_and_contacts_out_of_reach_left_out(
    cast: Cast, make_contact: MakeContact, rosa: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "STEP", 1)
    Field.objects.create(name="phone", title_en="Phone", title_zh="电话", mask="phone")
    client_of(rosa).post("/contacts/columns/", {"column": ["field:phone"]})
    first = make_contact(name="+852 5555 1234", fields={"phone": "0912345456"})
    other = make_contact(name="He", owner=cast.charlie, team=cast.north)
    last = make_contact(name="Li", owner=cast.bob)
    export = exported(rosa, chosen=f"{last.pk},{other.pk},{first.pk}")
    assert csv(rosa, export)[1:] == [f"{first.pk},'+852***234,0912***456", f"{last.pk},Li,"]
    assert Work.objects.get(pk=export).result == {"done": 2, "refused": 1}
    everybody = exported(rosa, everybody="1", wish="")
    assert len(csv(rosa, everybody)) == 3


def test_an_export_is_its_makers_alone_as_long_as_they_may(cast: Cast, make_contact: MakeContact) -> None:
    export = exported(cast.boss, chosen=make_contact().pk)
    assert client_of(cast.alice).get("/contacts/batch/export/").status_code == 404
    for stranger in (cast.charlie, cast.admin):
        assert client_of(stranger).get(f"/contacts/exports/{export}/").status_code == 404
        assert client_of(stranger).get(f"/contacts/exports/{export}/contacts.csv").status_code == 404
    assert "contacts.xlsx" in client_of(cast.boss).get(f"/contacts/exports/{export}/").content.decode()
    assert client_of(cast.boss).get(f"/contacts/exports/{export}/contacts.exe").status_code == 404
    Post.objects.filter(member=cast.boss).update(role="auditor")
    assert client_of(cast.boss).get(f"/contacts/exports/{export}/contacts.csv").status_code == 403


def test_the_record_has_the_export_and_every_download(cast: Cast, make_contact: MakeContact) -> None:
    export = exported(cast.boss, chosen=make_contact().pk)
    csv(cast.boss, export)
    deeds = Deed.objects.filter(about_id=export).order_by("pk").values_list("what", "by", "about")
    assert list(deeds) == [
        ("contacts.exported", cast.boss.pk, "Export of contacts (1)"),
        ("export.fetched", cast.boss.pk, "1 (csv)"),
    ]
    assert client_of(cast.boss).post(f"/batches/{export}/undo/").content.decode().count("That cannot be undone.") == 1
    assert Contact.objects.count() == 1

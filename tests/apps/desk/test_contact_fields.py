"""Fields changed in place, the preference note, and consent, on a contact's page."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from seamark.apps.channels.consents import wishes_of
from seamark.apps.channels.models import Consent
from seamark.apps.contacts.models import Contact, Field
from seamark.apps.contacts.typed import read_field
from seamark.apps.timeline.models import Event
from tests.apps.accounts.test_pages import signed_in
from tests.apps.conftest import Cast, happened

pytestmark = pytest.mark.usefixtures("tiers")


@pytest.fixture
def wang(cast: Cast, tiers: None) -> Contact:
    contact = happened(name="Wang")
    Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
    return Contact.objects.get(pk=contact.pk)


@pytest.fixture
def industry(db: None) -> Field:
    return Field.objects.create(
        name="industry", title_en="Industry", title_zh="行业", type="choice", choices=["retail", "trade"]
    )


def page(contact: Contact, part: str) -> str:
    return f"/contacts/{contact.pk}/{part}/"


def mark(client: Client, address: str) -> str:
    """What the member saw when the form was opened."""
    found = re.search(r'name="saw" value="(\w+)"', client.get(f"{address}?edit").content.decode())
    assert found
    return found[1]


@pytest.mark.covers("A09", "A11")
def test_a_field_is_changed_in_place_and_the_history_says_who(cast: Cast, wang: Contact, industry: Field):
    alice, address = signed_in(cast.alice), page(wang, "fields/industry")
    answer = alice.post(address, {"value": "trade", "saw": mark(alice, address)})
    assert "trade" in answer.content.decode()
    wang.refresh_from_db()
    assert wang.fields["industry"] == "trade"
    event = Event.objects.get(kind="field.changed")
    assert event.actor == f"member:{cast.alice.pk}"
    assert event.props == {"field": "industry", "old": None, "new": "trade"}
    history = alice.get(page(wang, "events")).content.decode()
    assert "Industry: – → trade" in history
    assert "Alice" in history


@pytest.mark.covers("A09")
def test_of_two_who_change_a_field_the_later_is_told(cast: Cast, wang: Contact, industry: Field):
    alice, address = signed_in(cast.alice), page(wang, "fields/industry")
    seen = mark(alice, address)
    signed_in(cast.boss).post(address, {"value": "trade", "saw": seen})
    answer = alice.post(address, {"value": "retail", "saw": seen})
    assert answer.status_code == 422
    assert "trade" in answer.content.decode()
    wang.refresh_from_db()
    assert wang.fields["industry"] == "trade"
    renewed = re.search(r'name="saw" value="(\w+)"', answer.content.decode())
    assert renewed
    assert alice.post(address, {"value": "retail", "saw": renewed[1]}).status_code == 200
    wang.refresh_from_db()
    assert wang.fields["industry"] == "retail"


@pytest.mark.parametrize(
    ("type_", "written", "value"),
    [
        ("text", {"value": " tea "}, "tea"),
        ("number", {"value": "1，234.50"}, "1234.50"),
        ("money", {"value": "-3"}, "-3"),
        ("date", {"value": "2026-11-27"}, "2026-11-27"),
        ("list", {"value": "tea\n\ncups\ntea"}, ["tea", "cups"]),
        ("range", {"low": "20", "high": ""}, {"low": "20"}),
        ("range", {"low": "", "high": ""}, None),
        ("choice", {"value": ""}, None),
    ],
)
def test_values_are_read_by_type(type_: str, written: dict[str, str], value: object):
    assert read_field(Field(type=type_, choices=["a"]), written) == value


@pytest.mark.parametrize(
    ("type_", "written"),
    [
        ("number", {"value": "many"}),
        ("number", {"value": "NaN"}),
        ("number", {"value": "1e99"}),
        ("number", {"value": "0.00001"}),
        ("date", {"value": "27.11.2026"}),
        ("choice", {"value": "b"}),
        ("range", {"low": "3", "high": "2"}),
        ("text", {"value": "x" * 2_001}),
    ],
)
def test_what_no_value_of_the_type_is_is_refused(type_: str, written: dict[str, str]):
    with pytest.raises(ValidationError):
        read_field(Field(type=type_, choices=["a"]), written)


def test_a_new_name_is_found_at_once(cast: Cast, wang: Contact):
    alice, address = signed_in(cast.alice), page(wang, "fields/name")
    alice.post(address, {"value": "Zhao Min", "saw": mark(alice, address)})
    wang.refresh_from_db()
    assert wang.name == "Zhao Min"
    assert "Zhao Min" in alice.get("/contacts/?q=zhao").content.decode()


@pytest.mark.parametrize("part", ["fields", "fields/industry", "preferences", "consent"])
def test_nobody_changes_contacts_beyond_their_reach(cast: Cast, wang: Contact, industry: Field, part: str):
    charlie, rita = signed_in(cast.charlie), signed_in(cast.rita)
    assert charlie.get(page(wang, part)).status_code == 404
    assert charlie.post(page(wang, part), {"value": "trade"}).status_code == 404
    assert rita.get(page(wang, part)).status_code == 200
    if part != "fields":
        assert rita.post(page(wang, part), {"value": "trade", "answer": "no"}).status_code == 404
    assert not Event.objects.filter(kind__in=["field.changed", "unsubscribed"]).exists()


def test_who_sees_a_number_masked_sees_no_more_in_the_history(cast: Cast, wang: Contact):
    Field.objects.create(name="street", title_en="Street", title_zh="街道", mask="address")
    alice, address = signed_in(cast.alice), page(wang, "fields/street")
    alice.post(address, {"value": "12 Canal Street", "saw": mark(alice, address)})
    assert "12 Canal Street" in alice.get(page(wang, "events")).content.decode()
    for part in ("events", "fields", "fields/street"):
        assert "Canal Street" not in signed_in(cast.rita).get(page(wang, part)).content.decode()


NOTE = "Mr. Wang | Prefers text communication | Can be contacted Mon-Fri 9 AM-6 PM | Max 2 pushes per week"


@pytest.mark.covers("A05")
def test_the_note_is_read_into_fields_and_written_as_the_seed_writes_it(cast: Cast, wang: Contact):
    alice, address = signed_in(cast.alice), page(wang, "preferences")
    assert NOTE in alice.post(address, {"note": NOTE, "saw": mark(alice, address)}).content.decode()
    wang.refresh_from_db()
    held: dict[str, Any] = dict(wang.fields)
    assert (wang.name, held["preferred_format"], held["pushes_per_week"]) == ("Mr. Wang", "text", "2")
    shorter = "Mr. Wang | Voice of 20-30 seconds"
    assert shorter in alice.post(address, {"note": shorter, "saw": mark(alice, address)}).content.decode()
    wang.refresh_from_db()
    assert wang.fields["pushes_per_week"] is None
    assert wang.fields["voice_seconds"] == {"low": "20", "high": "30"}


@pytest.mark.covers("A05")
def test_of_two_who_change_the_note_the_later_is_told(cast: Cast, wang: Contact):
    alice, address = signed_in(cast.alice), page(wang, "preferences")
    seen = mark(alice, address)
    signed_in(cast.boss).post(address, {"note": NOTE, "saw": seen})
    answer = alice.post(address, {"note": "Wang | Voice", "saw": seen})
    assert answer.status_code == 422
    assert f"Meanwhile somebody else has made it: {NOTE}." in answer.content.decode()


@pytest.mark.covers("A05")
def test_more_than_five_pushes_a_week_are_warned_of(cast: Cast, wang: Contact):
    alice, address = signed_in(cast.alice), page(wang, "preferences")
    told = alice.post(address, {"note": "Wang | Max 6 pushes per week", "saw": mark(alice, address)})
    assert "More than 5 pushes" in told.content.decode()


@pytest.mark.covers("A05")
def test_what_the_note_cannot_say_is_named_and_nothing_is_kept(cast: Cast, wang: Contact):
    alice, address = signed_in(cast.alice), page(wang, "preferences")
    answer = alice.post(address, {"note": "Wang | Loves tea | Voice", "saw": mark(alice, address)})
    assert answer.status_code == 422
    assert "“Loves tea”" in answer.content.decode()
    wang.refresh_from_db()
    assert "preferred_format" not in wang.fields


@pytest.mark.covers("F04")
def test_a_yes_by_telephone_is_noted_with_its_moment_and_who(cast: Cast, wang: Contact):
    said_at = timezone.now().replace(microsecond=0, second=0) - timedelta(days=2)
    told = {"purpose": "marketing", "answer": "yes", "how": "on the telephone", "said_at": f"{said_at:%Y-%m-%dT%H:%M}"}
    shown = signed_in(cast.alice).post(page(wang, "consent"), told).content.decode()
    assert "on the telephone" in shown
    consent = Consent.objects.get()
    assert (consent.by, consent.said_at) == (cast.alice, said_at)
    assert wishes_of([wang.pk])[wang.pk, "marketing"]


@pytest.mark.covers("F04")
@pytest.mark.parametrize("wrong", [{"how": " "}, {"purpose": "fun"}, {"said_at": "2099-01-01T00:00"}, {"answer": ""}])
def test_consent_without_purpose_source_or_past_is_refused(cast: Cast, wang: Contact, wrong: dict[str, str]):
    told = {"purpose": "marketing", "answer": "yes", "how": "on the telephone"} | wrong
    assert signed_in(cast.alice).post(page(wang, "consent"), told).status_code == 422
    assert not Consent.objects.exists()


def test_a_tag_is_held_by_hand_until_a_moment(cast: Cast, wang: Contact):
    until = timezone.now().replace(microsecond=0, second=0) + timedelta(days=3)
    told = {"tag": "asked/price", "lasts": "until", "until": f"{until:%Y-%m-%dT%H:%M}"}
    signed_in(cast.alice).post(page(wang, "tags/set"), told)
    assert Event.objects.get(kind="tag.set").props["until"].startswith(f"{until:%Y-%m-%dT%H:%M}")


def test_what_was_held_is_asked_for_any_moment(cast: Cast, wang: Contact):
    shown = signed_in(cast.alice).get(f"/contacts/{wang.pk}/").content.decode()
    assert 'name="at"' in shown

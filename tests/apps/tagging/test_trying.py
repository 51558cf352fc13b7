"""A draft tried on a contact, on a sentence, and on the history of all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.drafts import save_draft, start_draft
from seamark.apps.tagging.editions import live_version
from seamark.apps.tagging.imagining import begin_what_if
from seamark.apps.tagging.models import Draft, TagChange
from seamark.apps.work.models import Work
from seamark.apps.work.running import run
from tests.apps.conftest import Cast, happened
from tests.apps.tiers import TIERS

SLOWER = TIERS.replace("within 24h", "within 36h")
ANOTHER_WORD = TIERS.replace("how much", "quote")
REACTS = (
    TIERS + "reactions:\n  - {edge: enter, tag: activity/high, do: [{alert: {to: owner, title: {en: Hot, zh: 热}}}]}\n"
)


@pytest.fixture
def draft(cast: Cast, tiers: None) -> Draft:
    base = live_version()
    assert base
    return start_draft(base=base, name="Slower", by=cast.boss)


@pytest.fixture
def wang(cast: Cast, tiers: None) -> Contact:
    """Wrote 30 hours ago: high for 24 hours, medium since."""
    contact = happened(ago=timedelta(hours=30), name="Wang", props={"text": "A quote, please"})
    Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
    return contact


def saved(draft: Draft, text: str, cast: Cast) -> Draft:
    return save_draft(draft=draft, text=text, revision=draft.revision, by=cast.boss)


@pytest.mark.covers("G03")
def test_a_contact_by_both(client: Client, cast: Cast, draft: Draft, wang: Contact) -> None:
    saved(draft, SLOWER, cast)
    client.force_login(cast.boss)
    page = client.get(f"/rulebooks/drafts/{draft.pk}/try/?contact={wang.pk}")
    held = {each.chip.name: (each.by_draft, each.by_live) for _, tags in page.context["groups"] for each in tags}
    assert held == {"activity/high": (True, False), "activity/medium": (False, True)}
    whys = client.get(f"/rulebooks/drafts/{draft.pk}/try/{wang.pk}/activity/high/").content.decode()
    assert "within the last 36 hours" in whys
    assert "within the last 24 hours" in whys


def test_contacts_out_of_reach_are_not_tried_and_not_found(
    client: Client, cast: Cast, draft: Draft, wang: Contact
) -> None:
    client.force_login(cast.admin)  # may change rulebooks, and sees no contacts
    assert client.get(f"/rulebooks/drafts/{draft.pk}/try/?contact={wang.pk}").status_code == 404
    assert client.get(f"/rulebooks/drafts/{draft.pk}/try/{wang.pk}/activity/high/").status_code == 404
    assert client.get(f"/rulebooks/drafts/{draft.pk}/try/?who=Wang").context["found"] == []


def test_a_sentence_is_read_by_the_draft(client: Client, cast: Cast, draft: Draft) -> None:
    saved(draft, ANOTHER_WORD, cast)
    client.force_login(cast.boss)
    found = client.get(f"/rulebooks/drafts/{draft.pk}/try/?text=Can+I+have+a+quote").context["sentence"]
    assert found["words"] == [("the price", "quote")]
    assert [each.name for each in found["tags"]] == ["activity/high", "asked/price"]


def looked(draft: Draft, cast: Cast, days: int = 7) -> Work:
    work = begin_what_if(draft=draft, days=days, by=cast.boss)
    run(work.pk)
    work.refresh_from_db()
    return work


@pytest.mark.covers("G03")
def test_who_would_move(cast: Cast, draft: Draft, wang: Contact) -> None:
    happened(external_id="li", ago=timedelta(days=5))
    result = looked(saved(draft, SLOWER, cast), cast).result
    assert (result["contacts"], result["moved"]) == (2, 1)
    assert result["moves"] == [
        {"left": ["activity/medium"], "entered": ["activity/high"], "number": 1, "contacts": [wang.pk]}
    ]
    assert ["activity/medium", "activity/high", 1] in result["levels"]["activity"]
    assert not TagChange.objects.filter(tag__name="activity/high", contact=wang, edge="enter", version=None).exists()


@pytest.mark.covers("G03")
def test_texts_are_read_anew_where_terms_differ(cast: Cast, draft: Draft, wang: Contact) -> None:
    [move] = looked(saved(draft, ANOTHER_WORD, cast), cast).result["moves"]
    assert move["entered"] == ["asked/price"]


@pytest.mark.covers("G03")
def test_the_work_it_would_have_made(cast: Cast, draft: Draft, wang: Contact) -> None:
    work = looked(saved(draft, REACTS, cast), cast).result["work"]
    assert (sum(work["alerts"]["before"].values()), sum(work["alerts"]["after"].values())) == (0, 1)


def test_only_contacts_within_reach_are_named(client: Client, cast: Cast, draft: Draft, wang: Contact) -> None:
    work = looked(saved(draft, SLOWER, cast), cast)
    for member, names in [(cast.boss, ["Wang"]), (cast.admin, [])]:
        client.force_login(member)
        page = client.get(f"/rulebooks/drafts/{draft.pk}/what-if/{work.pk}/")
        assert [sample.name for move in page.context["moves"] for sample in move.samples] == names
    client.force_login(cast.charlie)
    assert client.get(f"/rulebooks/drafts/{draft.pk}/what-if/{work.pk}/").status_code == 403


def test_a_result_says_when_the_draft_has_changed_since(
    client: Client, cast: Cast, draft: Draft, wang: Contact
) -> None:
    work = looked(draft, cast)
    saved(draft, SLOWER, cast)
    client.force_login(cast.boss)
    page = client.get(f"/rulebooks/drafts/{draft.pk}/what-if/{work.pk}/").content.decode()
    assert "changed since" in page
    assert "Nobody moves" in page


def test_a_draft_with_errors_is_tried_on_nobody(client: Client, cast: Cast, draft: Draft) -> None:
    saved(draft, "groups: {}", cast)
    client.force_login(cast.boss)
    client.post(f"/rulebooks/drafts/{draft.pk}/what-if/", {"days": "30"})
    assert not Work.objects.exists()

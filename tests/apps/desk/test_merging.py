"""Tags are merged and renamed, and what a batch of tags sets going is told before it begins."""

from __future__ import annotations

import pytest
from django.test import Client

from seamark.apps.accounts.models import Member
from seamark.apps.followups.models import FollowUp
from seamark.apps.tagging.actions import set_tag
from seamark.apps.tagging.models import Draft
from seamark.apps.tagging.publish import publish
from seamark.apps.tagging.rulebooks import compiled
from seamark.apps.work.models import Work
from seamark.apps.work.running import run
from seamark.engine.rulebook import load_rulebook
from tests.apps.conftest import Cast, MakeContact, tags_of
from tests.apps.tiers import TIERS

pytestmark = [pytest.mark.covers("B12"), pytest.mark.usefixtures("partners")]

VIP, PARTNER = "asked/vip", "asked/partner"
REACTING = """
reactions:
  - {edge: enter, tag: asked/partner, do: [{follow_up: {title: {en: Welcome the partner, zh: 欢迎伙伴}, priority: P2}}]}
  - edge: leave
    tag: asked/vip
    when: any order.placed
    do: [{alert: {title: {en: No VIP any more, zh: 不再是贵宾}, to: manager}}]
"""
NAMING = "      dear: {title: {en: Dear, zh: 老主顾}, color: gold, when: tagged asked/vip and any order.placed}\n"


@pytest.fixture
def partners(db: None) -> None:
    compiled.cache_clear()
    partner = "      partner: {title: {en: Partner, zh: 伙伴}, by_hand: true}\n"
    publish(text=TIERS.replace("terms:", f"{partner}{NAMING}terms:") + REACTING, by=None)


def client_of(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def get(member: Member, path: str) -> str:
    return client_of(member).get(path).content.decode()


def merge(member: Member, **given: str) -> None:
    client_of(member).post(f"/tags/merge/{VIP}/", {"into": PARTNER, **given})
    run(Work.objects.latest("pk").pk)


def test_all_who_hold_one_tag_get_the_other_and_it_can_be_undone(cast: Cast, make_contact: MakeContact) -> None:
    contacts = [make_contact(), make_contact(owner=cast.charlie, team=cast.north)]
    for each in contacts:
        set_tag(contact=each, tag=VIP, by=cast.boss)
    before = [tags_of(each) for each in contacts]
    merge(cast.boss)
    assert [[name for name in tags_of(each) if name in (VIP, PARTNER)] for each in contacts] == [[PARTNER]] * 2
    client_of(cast.boss).post(f"/batches/{Work.objects.latest('pk').pk}/undo/")
    run(Work.objects.latest("pk").pk)
    assert [tags_of(each) for each in contacts] == before


def test_the_page_tells_how_many_what_names_the_tag_and_what_it_sets_going(
    cast: Cast, make_contact: MakeContact
) -> None:
    set_tag(contact=make_contact(), tag=VIP, by=cast.boss)
    set_tag(contact=make_contact(), tag=PARTNER, by=cast.boss)
    page = get(cast.boss, f"/tags/merge/{VIP}/?into={PARTNER}")
    for told in ("1 contact holds it", "Asked · Dear", "when “Asked · VIP” is left", "Welcome the partner"):
        assert told in page
    assert "1 contact at most" in page  # the alert asks for an order, too


@pytest.mark.parametrize("quietly", [False, True])
def test_merging_sets_going_what_was_told_unless_it_is_to_be_quiet(
    cast: Cast, make_contact: MakeContact, quietly: bool
) -> None:
    set_tag(contact=make_contact(), tag=VIP, by=cast.boss)
    merge(cast.boss, **({"quiet": "1"} if quietly else {}))
    assert FollowUp.objects.count() == (0 if quietly else 1)


def test_a_tag_made_by_a_rule_leads_to_the_rulebook(cast: Cast) -> None:
    page = get(cast.boss, "/tags/merge/asked/price/")
    assert "held while its rule says so" in page
    assert 'name="path" value="groups.asked.tags.price.when"' in page
    for one, other in (("asked/price", VIP), (VIP, "asked/price")):
        client_of(cast.boss).post(f"/tags/merge/{one}/", {"into": other})
    assert not Work.objects.exists()


def test_who_may_not_change_rulebooks_merges_nothing(cast: Cast) -> None:
    for member in (cast.alice, cast.charlie, cast.rita):
        assert client_of(member).get(f"/tags/merge/{VIP}/").status_code == 403
    assert client_of(cast.boss).get("/tags/merge/asked/none/").status_code == 404
    assert "Your roles change rulebooks" in get(cast.admin, f"/tags/merge/{VIP}/")


def test_a_tag_is_renamed_in_a_draft_and_stays_the_same(cast: Cast) -> None:
    client_of(cast.boss).post(f"/tags/{VIP}/rename/", {"en": "Valued: very", "zh": "重要客户"})
    text = Draft.objects.get().text
    assert load_rulebook(text).tags[VIP].title == {"en": "Valued: very", "zh": "重要客户"}
    client_of(cast.boss).post(f"/tags/{VIP}/rename/", {"en": "", "zh": "重要"})
    assert Draft.objects.count() == 1


def test_the_dialog_of_a_batch_tells_what_it_sets_going(cast: Cast, make_contact: MakeContact) -> None:
    mine, theirs = make_contact(), make_contact(owner=cast.charlie, team=cast.north)
    told = {"tag": PARTNER, "chosen": f"{mine.pk},{theirs.pk}"}
    page = client_of(cast.alice).post("/contacts/batch/tag/foretold/", told).content.decode()
    assert "Welcome the partner" in page
    assert "1 contact<" in page  # theirs is beyond Alice's reach
    assert client_of(cast.alice).post("/contacts/batch/tag/foretold/", told | {"tag": VIP}).content.strip() == b""
    client_of(cast.alice).post("/contacts/batch/tag/", told | {"quiet": "1"})
    run(Work.objects.latest("pk").pk)
    assert PARTNER in tags_of(mine)
    assert not FollowUp.objects.exists()

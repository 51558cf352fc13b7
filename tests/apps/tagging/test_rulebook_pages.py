"""Versions and drafts of rulebooks: read, compared, changed by two at once, published and rolled back."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Deed
from seamark.apps.tagging.additions import put_addition
from seamark.apps.tagging.comparing import Change, differences
from seamark.apps.tagging.drafts import publish_draft, save_draft, start_draft
from seamark.apps.tagging.editions import live_version, read
from seamark.apps.tagging.models import Draft, Version
from seamark.apps.tagging.publish import publish
from tests.apps.conftest import Cast
from tests.apps.tiers import TIERS

SLOWER = TIERS.replace("within 24h", "within 36h")
BROKEN = TIERS.replace("last(message.received) within 24h", "last(message.recieved) within 24h")

pytestmark = [pytest.mark.usefixtures("tiers")]


@pytest.fixture
def boss(client: Client, cast: Cast) -> Client:
    client.force_login(cast.boss)
    return client


@pytest.fixture
def draft(cast: Cast) -> Draft:
    return start_draft(base=live(), name="Slower", by=cast.boss)


def live() -> Version:
    found = live_version()
    assert found
    return found


@pytest.mark.parametrize("path", ["", "progress/", "compare/", "versions/1/", "drafts/{}/", "drafts/{}/text/"])
def test_rulebooks_are_for_those_who_may_change_them(client: Client, cast: Cast, draft: Draft, path: str) -> None:
    for member, status in [(cast.boss, 200), (cast.admin, 200), (cast.alice, 403), (cast.charlie, 403)]:
        client.force_login(member)
        assert client.get(f"/rulebooks/{path.format(draft.pk)}").status_code == status


def test_what_there_is_not_is_not_found(boss: Client) -> None:
    for path in ("versions/9/", "drafts/9/", "compare/?new=draft-9", "compare/?new=x"):
        assert boss.get(f"/rulebooks/{path}").status_code == 404


def test_a_version_reads_as_sentences(boss: Client) -> None:
    page = boss.get("/rulebooks/versions/1/").content.decode()
    assert "Replied within the last 24 hours" in page
    assert "last(message.received) within 24h" in page


@pytest.mark.covers("G03")
def test_differences_are_told_by_tag_as_sentences(draft: Draft) -> None:
    before, after = read(draft).rulebook, read(draft, SLOWER).rulebook
    assert before
    assert after
    [found] = differences(before, after)
    assert (found.kind, found.name, found.state) == ("tag", "activity/high", "changed")
    assert found.changes == (Change("when", "Replied within the last 24 hours", "Replied within the last 36 hours"),)


def test_new_and_lost_words_of_a_term_are_told(draft: Draft) -> None:
    before, after = read(draft).rulebook, read(draft, TIERS.replace("how much", "quote")).rulebook
    assert before
    assert after
    assert [each.changes for each in differences(before, after)] == [(Change("en", "how much", "quote"),)]


def test_a_comparison_shows_both(boss: Client, draft: Draft, cast: Cast) -> None:
    save_draft(draft=draft, text=SLOWER, revision=1, by=cast.boss)
    page = boss.get(f"/rulebooks/compare/?old=1&new=draft-{draft.pk}").content.decode()
    assert "<del>Replied within the last 24 hours</del>" in page
    assert "<ins>Replied within the last 36 hours</ins>" in page
    assert "<mark>36h</mark>" in page


def test_problems_stand_beside_the_text(boss: Client, draft: Draft) -> None:
    page = boss.post(f"/rulebooks/drafts/{draft.pk}/problems/", {"text": BROKEN}).content.decode()
    line = BROKEN.split("\n").index(next(each for each in BROKEN.split("\n") if "recieved" in each)) + 1
    assert f'data-line="{line}"' in page
    assert "message.received" in page


def test_the_linter_warns_of_a_dead_level(boss: Client, cast: Cast, draft: Draft) -> None:
    dead = TIERS.replace("within 3d}", "within 2h}")
    save_draft(draft=draft, text=dead, revision=1, by=cast.boss)
    page = boss.get(f"/rulebooks/drafts/{draft.pk}/lint/").content.decode()
    assert "activity/medium" in page


def test_a_draft_is_saved_from_the_page(boss: Client, draft: Draft) -> None:
    answer = boss.post(f"/rulebooks/drafts/{draft.pk}/text/", {"text": SLOWER.replace("\n", "\r\n"), "revision": 1})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.text.strip(), draft.revision) == (SLOWER.strip(), 2)


def test_the_later_of_two_editors_is_told_and_nothing_is_lost(boss: Client, cast: Cast, draft: Draft) -> None:
    save_draft(draft=draft, text=SLOWER, revision=1, by=cast.admin)
    mine = TIERS.replace("within 7d", "within 9d")
    answer = boss.post(f"/rulebooks/drafts/{draft.pk}/text/", {"text": mine, "revision": 1})
    assert answer.status_code == 409
    assert "Ada saved this draft" in answer.content.decode()
    boss.post(f"/rulebooks/drafts/{draft.pk}/settle/", {"text": mine, "revision": 2, "keep": "mine-here"})
    texts = {each.text.strip() for each in Draft.objects.all()}
    assert texts == {mine.strip(), SLOWER.strip()}
    draft.refresh_from_db()
    assert draft.text.strip() == mine.strip()


def test_mine_is_kept_beside_theirs(boss: Client, cast: Cast, draft: Draft) -> None:
    save_draft(draft=draft, text=SLOWER, revision=1, by=cast.admin)
    boss.post(f"/rulebooks/drafts/{draft.pk}/settle/", {"text": TIERS, "revision": 2, "keep": "mine-beside"})
    assert {each.name for each in Draft.objects.all()} == {"Slower", "Slower, by Hugo"}


@pytest.mark.covers("G08")
def test_a_text_with_errors_is_not_published(boss: Client, cast: Cast, draft: Draft) -> None:
    save_draft(draft=draft, text=BROKEN, revision=1, by=cast.boss)
    assert "cannot be published" in boss.get(f"/rulebooks/drafts/{draft.pk}/publish/").content.decode()
    boss.post(f"/rulebooks/drafts/{draft.pk}/publish/", {"revision": 2, "after": 1, "note": "x"})
    assert live().number == 1
    assert Draft.objects.count() == 1


def test_a_draft_is_published_with_its_note(boss: Client, cast: Cast, draft: Draft) -> None:
    save_draft(draft=draft, text=SLOWER, revision=1, by=cast.boss)
    boss.post(f"/rulebooks/drafts/{draft.pk}/publish/", {"revision": 2, "after": 1, "note": "slower"})
    assert (live().number, live().note, live().published_by) == (2, "slower", cast.boss)
    assert not Draft.objects.exists()
    assert Deed.objects.filter(what=Deed.What.RULEBOOK_PUBLISHED, by=cast.boss).count() == 1


def test_whoever_publishes_after_another_is_told(cast: Cast, draft: Draft) -> None:
    publish(text=SLOWER, by=cast.admin)
    with pytest.raises(ActionRefused, match="published by Ada"):
        publish_draft(draft=draft, revision=1, note="", after=1, by=cast.boss)
    assert Draft.objects.count() == 1


def test_rolling_back_publishes_the_old_text_anew(boss: Client, cast: Cast) -> None:
    publish(text=SLOWER, by=cast.boss)
    boss.post("/rulebooks/versions/1/live/", {"after": 2})
    assert (live().number, live().text, live().note) == (3, TIERS, "Back to version 1")


def test_a_rulebook_of_the_desk_includes_bundled_ones_alone(draft: Draft) -> None:
    found = read(draft, "include: [/etc/hostname]\n" + TIERS)
    assert [each.code for each in found.problems] == ["include"]


def test_an_old_version_keeps_what_it_included(cast: Cast) -> None:
    words = "rulebook: words\nterms:\n  price: {en: [price]}\ngroups: {a: {kind: set, tags: {b: {by_hand: true}}}}\n"
    text = "include: [words]\n" + TIERS.partition("terms:")[0]
    publish(text=text, by=cast.boss, included={"words": words})
    assert live().included == {"words": words}


def test_a_draft_is_thrown_away_unless_somebody_saved_it(boss: Client, cast: Cast, draft: Draft) -> None:
    save_draft(draft=draft, text=SLOWER, revision=1, by=cast.admin)
    boss.post(f"/rulebooks/drafts/{draft.pk}/discard/", {"revision": 1})
    assert Draft.objects.count() == 1
    boss.post(f"/rulebooks/drafts/{draft.pk}/discard/", {"revision": 2})
    assert Draft.objects.count() == 0


def test_segments_that_would_break_are_named_and_asked_about(boss: Client, cast: Cast, draft: Draft) -> None:
    put_addition(name="segment/s1", title="Curious", when="rule asked")
    without = TIERS.partition("rules:")[0] + "groups:" + TIERS.partition("groups:")[2]
    save_draft(draft=draft, text=without.replace("when: rule asked", "by_hand: true"), revision=1, by=cast.boss)
    sent = {"revision": 2, "after": 1, "note": "x"}
    answer = boss.post(f"/rulebooks/drafts/{draft.pk}/publish/", sent, follow=True)
    assert "Curious" in answer.content.decode()
    assert answer.context["breaks"]
    assert live().number == 1
    boss.post(f"/rulebooks/drafts/{draft.pk}/publish/", sent | {"may_break": "1"})
    assert live().number == 2


@pytest.mark.parametrize("deed", ["publish", "discard", "name"])
def test_whatever_is_done_with_a_draft_that_somebody_saved_meanwhile_is_told_first(
    boss: Client, cast: Cast, draft: Draft, deed: str
) -> None:
    save_draft(draft=draft, text=SLOWER, revision=1, by=cast.admin)
    form = {"revision": 1, "after": 1, "note": "x", "name": "Mine"}
    page = boss.post(f"/rulebooks/drafts/{draft.pk}/{deed}/", form, follow=True).content.decode()
    assert "Ada saved this draft after you had opened it." in page
    assert (live().number, Draft.objects.get().name) == (1, "Slower")


@pytest.mark.parametrize("address", ["drafts/{}/publish/", "versions/1/live/"])
def test_who_publishes_what_was_made_on_another_version_is_told_in_the_page(
    boss: Client, draft: Draft, address: str
) -> None:
    publish(text=SLOWER, by=None, after=1)
    form = {"revision": 1, "after": 1, "note": "x"}
    page = boss.post(f"/rulebooks/{address.format(draft.pk)}", form, follow=True).content.decode()
    assert "version 2" in page.lower()
    assert "meanwhile" in page
    assert live().number == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_is_told(cast: Cast) -> None:
    outcomes: list[str] = []
    both_there = Barrier(2)

    def publish_slower() -> None:
        both_there.wait()
        try:
            publish(text=SLOWER, by=None, after=1)
            outcomes.append("published")
        except ActionRefused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [Thread(target=publish_slower) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["overtaken", "published"]
    assert live().number == 2

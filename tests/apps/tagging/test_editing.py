"""A text changed at one place keeps everything else, comments too."""

from __future__ import annotations

import pytest
from django.test import Client

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.tagging.drafts import save_draft, start_draft
from seamark.apps.tagging.editing import path_of, with_entry, with_group, with_value, without_entry
from seamark.apps.tagging.editions import live_version
from seamark.apps.tagging.models import Draft
from seamark.engine.rulebook import load_rulebook
from seamark.rulebooks import bundled, fetch
from tests.apps.conftest import Cast
from tests.apps.tiers import TIERS

TEXT = """\
# Kept.
rulebook: words
params:
  high: 5 # five, as agreed
rules:
  quiet: |
    no message.received
    over 7d
  # between
  busy: 'any message.received[hour = 9]'
groups:
  one:
    kind: set
    tags:
      first: {when: rule quiet, color: red} # the first
      # the last
# The end.
"""


def changed(path: str, written: str) -> str:
    return with_value(TEXT, path_of(path, TEXT), written)


def test_a_plain_condition_is_replaced_where_it_stands() -> None:
    assert changed("groups.one.tags.first.when", "rule busy") == TEXT.replace("rule quiet,", "rule busy,")


def test_what_needs_quotes_gets_them() -> None:
    found = changed("groups.one.tags.first.when", 'any message.received[lang = "it\'s"]')
    assert """{when: 'any message.received[lang = "it''s"]', color: red} # the first""" in found


def test_a_text_of_several_lines_becomes_one() -> None:
    assert "  quiet: rule busy\n  # between\n" in changed("rules.quiet", "rule busy")


def test_a_figure_keeps_its_comment() -> None:
    assert changed("params.high", "6.5") == TEXT.replace("high: 5 #", "high: '6.5' #")
    assert load_rulebook(changed("params.high", "6.5")).params["high"].value == 65_000


def test_a_tag_is_added_behind_the_last() -> None:
    found = with_entry(TEXT, ("groups", "one", "tags"), "second", {"title": {"en": "Two", "zh": "二"}, "by_hand": True})
    assert "# the first\n      second: {title: {en: Two, zh: 二}, by_hand: true}\n      # the last" in found
    assert list(load_rulebook(found).tags) == ["one/first", "one/second"]


def test_an_entry_is_taken_out_with_its_lines() -> None:
    more = with_entry(TEXT, ("groups", "one", "tags"), "second", {"by_hand": True})
    assert without_entry(more, ("groups", "one", "tags", "second")) == TEXT
    with pytest.raises(ActionRefused, match="only one"):
        without_entry(TEXT, ("groups", "one", "tags", "first"))


def test_entries_in_one_line_are_left_to_the_text() -> None:
    text = "rulebook: a\ngroups: {one: {kind: set, tags: {x: {by_hand: true}, y: {by_hand: true}}}}\n"
    path = ("groups", "one", "tags")
    with pytest.raises(ActionRefused):
        without_entry(text, (*path, "x"))
    with pytest.raises(ActionRefused):
        with_entry(text, path, "z", {"by_hand": True})


def test_a_group_is_added_with_its_first_tag() -> None:
    found = with_group(TEXT, "two", {"kind": "set"}, "only", {"by_hand": True})
    assert list(load_rulebook(found).tags) == ["one/first", "two/only"]
    assert found.startswith("# Kept.")


@pytest.mark.parametrize("name", bundled())
def test_every_condition_of_every_bundled_rulebook_can_be_put_back(name: str) -> None:
    text = fetch(name, "")[0]
    rulebook = load_rulebook(text, "rulebook.yaml", fetch)
    own = [each for each in rulebook.clauses if each.located.file == "rulebook.yaml" and each.path[0] != "params"]
    for clause in own:
        text = with_value(text, clause.path, clause.text)
    again = load_rulebook(text, "rulebook.yaml", fetch)
    assert [each.condition for each in again.clauses] == [each.condition for each in rulebook.clauses]


@pytest.fixture
def draft(cast: Cast, tiers: None) -> Draft:
    base = live_version()
    assert base
    return start_draft(base=base, name="Slower", by=cast.boss)


@pytest.mark.covers("A15")
def test_a_condition_is_changed_in_the_draft(client: Client, cast: Cast, draft: Draft) -> None:
    client.force_login(cast.boss)
    address = f"/rulebooks/drafts/{draft.pk}/conditions/groups.activity.tags.high.when/"
    assert "Activity" in client.get(address).content.decode() or "activity" in client.get(address).content.decode()
    client.post(address, {"when": "last(message.received) within 36h", "revision": 1})
    draft.refresh_from_db()
    assert draft.text == TIERS.replace("within 24h", "within 36h")


def test_title_and_colour_are_changed_beside_the_condition(client: Client, cast: Cast, draft: Draft) -> None:
    client.force_login(cast.boss)
    address = f"/rulebooks/drafts/{draft.pk}/conditions/groups.activity.tags.high.when/"
    assert [each.value for each in client.get(address).context["details"]] == ["High", "高活跃", "green"]
    same = {"when": "last(message.received) within 24h", "revision": 1, "title.zh": "高活跃", "was-title.zh": "高活跃"}
    client.post(address, same | {"title.en": "Hot", "was-title.en": "High", "color": "red", "was-color": "green"})
    draft.refresh_from_db()
    assert draft.text == TIERS.replace("{en: High, zh: 高活跃}, color: green", "{en: Hot, zh: 高活跃}, color: red")


def test_a_condition_of_somebody_elses_newer_draft_is_changed_in_that(client: Client, cast: Cast, draft: Draft) -> None:
    theirs = TIERS.replace("within 7d", "within 9d")
    save_draft(draft=draft, text=theirs, revision=1, by=cast.admin)
    client.force_login(cast.boss)
    address = f"/rulebooks/drafts/{draft.pk}/conditions/groups.activity.tags.high.when/"
    mine, was = "last(message.received) within 36h", "last(message.received) within 24h"
    client.post(address, {"when": mine, "was": was, "revision": 1})
    draft.refresh_from_db()
    assert draft.text == theirs.replace("within 24h", "within 36h")


def test_who_changed_the_same_condition_later_chooses(client: Client, cast: Cast, draft: Draft) -> None:
    save_draft(draft=draft, text=TIERS.replace("within 24h", "within 12h"), revision=1, by=cast.admin)
    client.force_login(cast.boss)
    address = f"/rulebooks/drafts/{draft.pk}/conditions/groups.activity.tags.high.when/"
    mine, was = "last(message.received) within 36h", "last(message.received) within 24h"
    assert client.post(address, {"when": mine, "was": was, "revision": 1}).status_code == 409
    draft.refresh_from_db()
    assert "within 12h" in draft.text


def test_a_condition_that_is_none_is_not_saved(client: Client, cast: Cast, draft: Draft) -> None:
    client.force_login(cast.boss)
    address = f"/rulebooks/drafts/{draft.pk}/conditions/groups.activity.tags.high.when/"
    client.post(address, {"when": "last(", "revision": 1})
    draft.refresh_from_db()
    assert draft.revision == 1
    assert client.get(address.replace("high", "higher")).status_code == 404


FIGURES = "/rulebooks/drafts/{}/conditions/groups.activity.tags.high.when/figures/"


@pytest.mark.covers("A15")
def test_a_threshold_is_set_by_itself(client: Client, cast: Cast, draft: Draft) -> None:
    client.force_login(cast.boss)
    sent = {"was": "last(message.received) within 24h", "figure": ["36h"], "revision": 1}
    page = client.post(FIGURES.format(draft.pk), sent).content.decode()
    assert "Replied within the last 36 hours" in page
    draft.refresh_from_db()
    assert draft.text == TIERS.replace("within 24h", "within 36h")


def test_a_threshold_that_cannot_be_read_is_told(client: Client, cast: Cast, draft: Draft) -> None:
    client.force_login(cast.boss)
    sent = {"was": "last(message.received) within 24h", "figure": ["long"], "revision": 1}
    page = client.post(FIGURES.format(draft.pk), sent).content.decode()
    assert "is not a duration" in page
    draft.refresh_from_db()
    assert draft.revision == 1


def test_a_threshold_that_somebody_else_set_is_not_overwritten(client: Client, cast: Cast, draft: Draft) -> None:
    save_draft(draft=draft, text=TIERS.replace("within 24h", "within 12h"), revision=1, by=cast.admin)
    client.force_login(cast.boss)
    sent = {"was": "last(message.received) within 24h", "figure": ["36h"], "revision": 1}
    assert client.post(FIGURES.format(draft.pk), sent).status_code == 409
    draft.refresh_from_db()
    assert "within 12h" in draft.text


def test_keywords_are_changed_in_their_brackets(client: Client, cast: Cast, draft: Draft) -> None:
    client.force_login(cast.boss)
    address = f"/rulebooks/drafts/{draft.pk}/words/terms.price.en/"
    sent = {"words": "price\r\nhow much, what's it cost", "was": "price\nhow much", "revision": 1}
    assert client.post(address, sent).status_code == 302
    draft.refresh_from_db()
    assert draft.text == TIERS.replace("en: [price, how much]", "en: [price, how much, 'what''s it cost']")
    assert client.post(address.replace("price", "prize"), sent).status_code == 404
    assert client.post(address, sent | {"words": " "}).status_code == 404

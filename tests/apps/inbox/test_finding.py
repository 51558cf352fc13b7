"""Conversations found by words and by tags, however far the list is walked, and by members whose the contact is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from seamark.apps.accounts.models import Member
from seamark.apps.channels.models import Channel
from seamark.apps.contacts import walks
from seamark.apps.contacts.models import Contact
from seamark.apps.inbox import queries
from seamark.apps.inbox.models import Conversation, Participant
from tests.apps.conftest import Cast
from tests.apps.inbox.conftest import said, signed_in

pytestmark = [pytest.mark.usefixtures("tiers"), pytest.mark.covers("F02")]
DAY = timedelta(days=1)


def found(member: Member, query: str, address: str = "/inbox/rows/") -> list[str]:
    """The names in the list."""
    answer = signed_in(member).get(f"{address}?list=all&state=any&{query}")
    return [row.name for row in answer.context["rows"]]


@pytest.fixture(params=["along the list", "by the index"])
def way(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tiers: None, chat: Channel, talk: Conversation
) -> None:
    """How conversations are looked for: either finds the same. Zhou, who is dormant, stands before Wang."""
    said(chat, "hello", who="zhou", ago=9 * DAY)
    Conversation.objects.exclude(pk=talk.pk).update(last_at=timezone.now())
    if request.param == "by the index":
        for name, value in {"STRETCH": 0, "NEWEST": 0}.items():
            monkeypatch.setattr(walks, name, value)
        cache.clear()


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("query", ["q=wan", "tag=activity/high", "q=wang&tag=activity/high"])
def test_each_finds_what_they_may_read(talk: Conversation, cast: Cast, query: str) -> None:
    seen = {member.name: found(member, query) for member in (cast.alice, cast.boss, cast.rita, cast.bob, cast.charlie)}
    assert seen == {"Alice": ["Wang"], "Hugo": ["Wang"], "Rita": ["Wang"], "Bob": [], "Charlie": []}
    Contact.objects.update(owner=None)
    assert found(cast.bob, query) == ["Wang"]
    assert found(cast.charlie, query) == []


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("query", ["q=wan", "tag=activity/high"])
def test_guests_find_what_they_were_asked_into(talk: Conversation, cast: Cast, query: str) -> None:
    assert found(cast.charlie, query) == []
    Participant.objects.create(conversation=talk, member=cast.charlie, is_invited=True)
    assert found(cast.charlie, query) == ["Wang"]
    Participant.objects.update(is_invited=False)
    assert found(cast.charlie, query) == []
    Conversation.objects.filter(pk=talk.pk).update(assignee=cast.charlie)
    assert found(cast.charlie, query) == ["Wang"]
    assert found(cast.charlie, "q=zhou") == []
    assert found(cast.charlie, "tag=activity/dormant") == []
    assert found(cast.bob, query) == []


@pytest.mark.parametrize(
    ("stretch", "handful", "common"), [(100, 100, 0), (100, 1, 0), (3, 2, 0), (3, 3, 9), (100, 1, 9)]
)
def test_pages_of_those_found_follow_each_other(
    talk: Conversation,
    cast: Cast,
    chat: Channel,
    monkeypatch: pytest.MonkeyPatch,
    stretch: int,
    handful: int,
    common: float,
) -> None:
    for name, value in {"STRETCH": stretch, "HANDFUL": handful, "COMMON": common}.items():
        monkeypatch.setattr(walks, name, value)
    monkeypatch.setattr(queries, "PAGE", 2)
    cache.clear()
    for days in range(1, 9):
        said(chat, "hello", who=f"{'zoe' if days % 2 else 'max'} {days}", ago=days * DAY)
    Contact.objects.update(owner=cast.alice)
    Conversation.objects.filter(contact__name="Zoe 5").update(assignee=cast.charlie)
    assert found(cast.charlie, "q=zoe") == ["Zoe 5"]
    answer = signed_in(cast.alice).get("/inbox/rows/?list=all&state=any&q=zoe")
    assert [row.name for row in answer.context["rows"]] == ["Zoe 1", "Zoe 3"]
    following = answer.context["following"]
    assert [row.name for row in signed_in(cast.alice).get(f"/inbox/rows/{following}").context["rows"]] == [
        "Zoe 5",
        "Zoe 7",
    ]

"""Links in messages go by us where the channel says so, and following one is an event, once."""

from __future__ import annotations

import pytest
from django.test import Client

from seamark.apps.accounts.models import Member
from seamark.apps.channels.actions import add_channel, queue_message
from seamark.apps.channels.models import OutboxMessage, ShortLink
from seamark.apps.contacts.models import Identity
from seamark.apps.timeline import intake
from seamark.apps.timeline.models import Event
from tests.apps.conftest import Cast, happened

pytestmark = [pytest.mark.usefixtures("tiers"), pytest.mark.covers("D03")]

PAGE = "https://shop.example/oolong?size=1&from=chat"


@pytest.fixture
def visitor(cast: Cast) -> Identity:
    channel = add_channel(kind="webchat", name="Shop", team=cast.south, options={"links": "short"}, by=None)
    happened(source=channel.source_id, external_id="v1")
    return Identity.objects.get(external_id="v1")


def answered(visitor: Identity, by: Member, text: str = f"See {PAGE}. Thanks!") -> OutboxMessage:
    return queue_message(identity=visitor, reason_key="r1", text=text, by=by)


def follow(link: ShortLink, **headers: str) -> str:
    answer = Client().get(f"/l/{link.token}", headers=headers)
    intake.handle_waiting()
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_a_link_leads_on_and_is_told_of_once_however_often_it_is_tapped(visitor: Identity, cast: Cast) -> None:
    answered(visitor, cast.alice)
    text = answered(visitor, cast.alice).text
    link = ShortLink.objects.get()
    assert text == f"See http://localhost:8000/l/{link.token}. Thanks!"
    assert {follow(link), follow(link)} == {PAGE}
    clicked = Event.objects.get(kind="link.clicked")
    assert (clicked.identity, clicked.props["target"]) == (visitor, PAGE)


def test_who_only_looks_a_link_up_has_not_followed_it(visitor: Identity, cast: Cast) -> None:
    answered(visitor, cast.alice)
    link = ShortLink.objects.get()
    follow(link, user_agent="WhatsApp/2.23")
    follow(link, sec_purpose="prefetch;prerender")
    Client().head(f"/l/{link.token}")
    assert intake.handle_waiting() == 0


def test_nothing_leads_to_where_nobody_linked(visitor: Identity, cast: Cast) -> None:
    text = "javascript:alert(1) ftp://a.example //evil.example"
    assert answered(visitor, cast.alice, text).text == text
    assert Client().get("/l/https://evil.example").status_code == 404
    assert Client().get("/l/unknown").status_code == 404

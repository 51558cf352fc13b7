"""What pops up in a conversation, and the words that are suggested."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from seamark.apps.followups.models import Alert, FollowUp
from seamark.apps.inbox.models import Conversation
from tests.apps.conftest import Cast
from tests.apps.inbox.conftest import page, signed_in

pytestmark = [pytest.mark.usefixtures("tiers"), pytest.mark.covers("B16")]


@pytest.fixture
def coupon(talk: Conversation) -> Alert:
    return Alert.objects.create(
        reason_key="coupon", contact=talk.contact, audience=Alert.Audience.OWNER, pops_up=True,
        title={"en": "A coupon is unused", "zh": "有未使用的优惠券"}, made_at=timezone.now(),
    )  # fmt: skip


def test_a_pop_up_is_shown_and_taken_up_once(talk: Conversation, coupon: Alert, cast: Cast):
    assert "A coupon is unused" in page(cast.alice, f"/inbox/{talk.pk}/")
    address = f"/inbox/{talk.pk}/hints/{coupon.pk}/"
    assert "A coupon is unused" not in signed_in(cast.alice).post(address).content.decode()
    assert "has taken this up already" in signed_in(cast.alice).post(address).content.decode()
    coupon.refresh_from_db()
    assert coupon.handled_by == cast.alice


def test_nobody_takes_up_what_is_meant_for_others(talk: Conversation, coupon: Alert, cast: Cast):
    assert signed_in(cast.charlie).get(f"/inbox/{talk.pk}/hints/").status_code == 404
    for member in (cast.charlie, cast.rita):
        assert signed_in(member).post(f"/inbox/{talk.pk}/hints/{coupon.pk}/").status_code == 404
    assert "Take up" not in page(cast.rita, f"/inbox/{talk.pk}/hints/")


@pytest.mark.covers("B15")
def test_the_words_of_an_open_follow_up_are_suggested(talk: Conversation, cast: Cast):
    row = FollowUp.objects.create(
        reason_key="offer", contact=talk.contact, assignee=cast.alice, title={"en": "Ask about the quote"},
        words={"en": "Hello {contact.name}, any questions?"}, made_at=timezone.now(),
        due_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    assert 'data-words="Hello Wang, any questions?"' in page(cast.alice, f"/inbox/{talk.pk}/")
    FollowUp.objects.filter(pk=row.pk).update(state="done")
    assert "any questions?" not in page(cast.alice, f"/inbox/{talk.pk}/hints/")

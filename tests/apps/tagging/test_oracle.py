"""The oracle finds a difference where there is one, and none where there is none."""

from datetime import timedelta

import pytest

from seamark.apps.tagging.models import Standing
from seamark.apps.tagging.oracle import Difference, differences
from tests.apps.conftest import happened


@pytest.mark.covers("G01", "G05")
@pytest.mark.django_db(transaction=True)
def test_the_oracle_agrees_and_notices_a_planted_error(tiers):
    for hours in (1, 30, 100, 400):
        contact = happened(ago=timedelta(hours=hours), external_id=f"{hours}", props={"text": "how much?"})
    happened(kind="tag.set", props={"tag": "asked/vip"}, external_id="30")
    assert differences() == []
    Standing.objects.filter(contact=contact).update(tags=[], since=[])
    assert differences() == [Difference(contact.pk, ("activity/dormant",), ())]

"""The oracle finds a difference where there is one, and none where there is none."""

from datetime import timedelta

import pytest

from seamark.apps.tagging.models import Comparison, Standing, Tag, Version
from seamark.apps.tagging.oracle import Difference, differences
from seamark.apps.tagging.tasks import ask_the_oracle
from seamark.cli.serving import status
from seamark.site.health import Figures
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


@pytest.mark.covers("G05")
@pytest.mark.django_db(transaction=True)
def test_a_wrong_tag_is_found_in_the_night_and_said(
    tiers: Version, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    _, wrong = (happened(external_id=name, ago=timedelta(hours=400)) for name in ("right", "wrong"))
    ask_the_oracle(0)
    assert figure("seamark_contacts_differing") == 0
    vip = Tag.objects.get(name="asked/vip").pk
    Standing.objects.filter(contact=wrong).update(tags=[vip], since=[None])
    ask_the_oracle(0)
    assert figure("seamark_contacts_differing") == 1
    (said,) = [each for each in caplog.records if each.message == "tags.differ"]
    assert (said.contact_id, said.missing, said.extra) == (wrong.pk, ("activity/dormant",), ("asked/vip",))
    assert Comparison.objects.values_list("contacts", "differing").last() == (2, 1)
    status(as_json=False)
    assert "Tags not as in batch     1.0" in capsys.readouterr().out


def figure(name: str) -> float:
    return next(gauge.samples[0].value for gauge in Figures().collect() if gauge.name == name)

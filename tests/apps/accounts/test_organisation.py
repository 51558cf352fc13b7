"""What is set for the whole organisation."""

from dataclasses import dataclass, field
from typing import ClassVar

from seamark.apps.accounts.models import Deed, Setting
from seamark.apps.accounts.organisation import change, setting
from tests.apps.conftest import Cast


@dataclass(frozen=True)
class Step:
    hours: float = 2


@dataclass(frozen=True)
class Pace:
    KEY: ClassVar = "pace"
    most: int = 200
    steps: tuple[Step, ...] = (Step(),)
    words: dict[str, str] = field(default_factory=dict)


def test_defaults_hold_until_somebody_changes_them(cast: Cast):
    assert setting(Pace) == Pace()
    changed = Pace(most=3, steps=(Step(1), Step(6)), words={"en": "order"})
    change(changed, by=cast.admin)
    assert setting(Pace) == changed
    assert Deed.objects.get().title == "Changed a setting"


def test_a_setting_of_another_version_is_read_as_far_as_it_is_known(cast: Cast):
    Setting.objects.create(key="pace", value={"most": 5, "dropped": True})
    assert setting(Pace) == Pace(most=5)

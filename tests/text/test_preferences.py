"""Notes of preferences: read into fields, written again in either language, and refused where they say nothing."""

import pytest

from seamark.rulebooks import open_rulebook
from seamark.text.normalise import normalise
from seamark.text.preferences import (
    EVENING,
    OFFICE_HOURS,
    NotUnderstood,
    Slot,
    is_too_often,
    read_note,
    read_slot,
    write_note,
    write_slot,
)

MR_WANG = {
    "name": "Mr. Wang",
    "preferred_format": "text",
    "preferred_time": "office hours",
    "pushes_per_week": "2",
}
PARTS = {
    "Prefers text communication": {"preferred_format": "text"},
    "纯文字": {"preferred_format": "text"},
    "语音": {"preferred_format": "voice"},
    "text with pictures": {"preferred_format": "text and image"},
    "偏好图文沟通": {"preferred_format": "text and image"},
    "video calls": {"preferred_format": "video"},
    "voice of 20-30 seconds": {"preferred_format": "voice", "voice_seconds": "20-30"},
    "语音 20至30秒": {"preferred_format": "voice", "voice_seconds": "20-30"},
    "Max 2 pushes per week": {"pushes_per_week": "2"},
    "2-3 times a week": {"pushes_per_week": "3"},
    "twice a week": {"pushes_per_week": "2"},
    "每周最多两次": {"pushes_per_week": "2"},
    "一周3条消息": {"pushes_per_week": "3"},
    "weekdays 9-18": {"preferred_time": "office hours"},
    "周一至周五 上午9点至下午6点可联系": {"preferred_time": "office hours"},
    "night owl": {"preferred_time": "evening"},
    "晚上8点到11点": {"preferred_time": "evening"},
    "Wed/Fri afternoon": {"preferred_slot": "Wed/Fri afternoon"},
    "周三/周五 下午": {"preferred_slot": "周三/周五下午"},
    "daily 8 PM-9:30 PM": {"preferred_slot": "daily 8 PM-9:30 PM"},
    "do not disturb in the evening": {"quiet_time": "evening"},
    "晚上请勿打扰": {"quiet_time": "evening"},
    "will contact us when needed": {"passive_trigger": "yes"},
    "有需要会主动联系": {"passive_trigger": "yes"},
}


@pytest.mark.covers("A05")
def test_the_note_of_the_seed_is_read_and_written() -> None:
    note = "Mr. Wang | Prefers text communication | Can be contacted Mon-Fri 9 AM-6 PM | Max 2 pushes per week"
    assert read_note(note) == MR_WANG
    assert write_note(MR_WANG, "en") == note


@pytest.mark.covers("A05")
@pytest.mark.parametrize(("part", "fields"), PARTS.items())
def test_a_part_is_read(part: str, fields: dict[str, str]) -> None:
    assert read_note(f"王先生｜{part}") == {"name": "王先生", **fields}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("fields", [MR_WANG, *PARTS.values()])
def test_what_is_written_reads_the_same(fields: dict[str, str], language: str) -> None:
    again = read_note(write_note(fields, language))  # type: ignore[arg-type]
    assert _with_slots(again) == _with_slots(fields)


def _with_slots(fields: dict[str, str]) -> dict[str, object]:
    slot = {"preferred_slot": read_slot(normalise(fields["preferred_slot"]))} if "preferred_slot" in fields else {}
    return {**fields, **slot}


def test_values_in_chinese_are_written_too() -> None:
    fields = {"preferred_format": "图文", "preferred_time": "晚间"}
    assert write_note(fields, "en") == "Prefers text and image communication | Can be contacted daily 8 PM-11 PM"


def test_every_part_that_is_not_understood_is_told() -> None:
    with pytest.raises(NotUnderstood, match="“likes blue”, “Wed 18-9” is not understood; expected a format") as error:
        read_note("Mr. Wang | likes blue | voice | Wed 18-9")
    assert error.value.parts == ("likes blue", "Wed 18-9")


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("mon-fri 9 am-6 pm", OFFICE_HOURS),
        ("每天 20:00-23:00", EVENING),
        ("sat", Slot((6,), 0, 1440)),
        ("fri-mon 10-12", Slot((1, 5, 6, 7), 600, 720)),
        ("tue & thu 12 pm to 1:30 pm", Slot((2, 4), 720, 810)),
        ("9-11 am", Slot((1, 2, 3, 4, 5, 6, 7), 540, 660)),
        ("下午2点到4点", Slot((1, 2, 3, 4, 5, 6, 7), 840, 960)),
        ("星期天上午", Slot((7,), 540, 720)),
        ("wed 9-25", None),
        ("someday", None),
        ("", None),
    ],
)
def test_slots(text: str, slot: Slot | None) -> None:
    assert read_slot(text) == slot


def test_slots_are_written_with_their_spans() -> None:
    assert write_slot(Slot((1, 2, 3), 720, 1080), "en") == "Mon-Wed afternoon"
    assert write_slot(Slot((6, 7), 0, 1440), "zh") == "周六/周日"


@pytest.mark.covers("A05")
def test_more_than_five_pushes_a_week_are_too_many() -> None:
    assert [is_too_often({"pushes_per_week": pushes}) for pushes in ("5", "6")] == [False, True]


def test_every_field_of_a_note_is_one_of_the_rulebook() -> None:
    told = {name for fields in PARTS.values() for name in fields}
    assert told <= open_rulebook("contact-preferences").fields.keys()

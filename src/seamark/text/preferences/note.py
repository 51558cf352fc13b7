"""The note of a contact's preferences: parts between bars, read into the fields of `contact-preferences`, and back.

S0 notes a name, a format, a time and a frequency; do-not-disturb, the length of voice messages and waiting to be asked
stand beside them. Values are those that the rulebook's choices list in English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from seamark.engine.errors import Unreadable
from seamark.text.intents.classes import Language, language_of
from seamark.text.normalise import normalise
from seamark.text.preferences.slots import EVENING, OFFICE_HOURS, read_slot, write_slot

Fields = dict[str, str]

MOST_PUSHES = 5
"""S0: of customers who are written to more often than this in a week, 35 % mute or leave."""

EXPECTED = (
    "a format (text, voice, text and image, video), a time (Mon-Fri 9 AM-6 PM, Wed/Fri afternoon), "
    "do not disturb in the evening, pushes a week, or will contact us"
)


class NotUnderstood(Unreadable):
    """Parts of a note that say nothing we know."""

    def __init__(self, parts: list[str]) -> None:
        told = ", ".join(f"“{part}”" for part in parts)
        super().__init__(f"{told} is not understood; expected {EXPECTED}")
        self.parts = tuple(parts)


def read_note(note: str) -> Fields:
    """The fields that a note tells, in either language; a first part that is no preference is the name.

    Raises `NotUnderstood` with every other part that is none.

    >>> read_note("Mr. Wang | Prefers text communication | Can be contacted Mon-Fri 9 AM-6 PM | Max 2 pushes per week")
    {'name': 'Mr. Wang', 'preferred_format': 'text', 'preferred_time': 'office hours', 'pushes_per_week': '2'}
    >>> read_note("李女士 | 语音 20-30 秒 | 周三/周五下午 | 晚间勿扰")["preferred_slot"]
    '周三/周五下午'
    """
    fields: Fields = {}
    unknown: list[str] = []
    for place, part in enumerate(filter(None, map(str.strip, re.split(r"[|｜\n]", note)))):
        if told := _read_part(part):
            fields |= told
        elif place == 0:
            fields["name"] = part
        else:
            unknown.append(part)
    if unknown:
        raise NotUnderstood(unknown)
    return fields


def write_note(fields: Mapping[str, str], language: Language) -> str:
    """The note of these fields, which `read_note` reads again; fields that are no preference are left out.

    >>> write_note({"name": "王先生", "preferred_format": "voice", "pushes_per_week": "2"}, "zh")
    '王先生 | 偏好语音沟通 | 每周最多推送 2 次'
    """
    # Who tells how long a voice message may be has told the format with it.
    left_out = "preferred_format" if fields.get("voice_seconds") else ""
    parts = [_written(name, fields[name], language) for name in _WORDS if fields.get(name) and name != left_out]
    return " | ".join([*filter(None, [fields.get("name")]), *parts])


def is_too_often(fields: Mapping[str, str]) -> bool:
    """Whether more pushes a week were noted than `MOST_PUSHES`, which a member is warned of.

    >>> is_too_often({"pushes_per_week": "5"}), is_too_often({"pushes_per_week": "6"})
    (False, True)
    """
    return int(fields.get("pushes_per_week") or 0) > MOST_PUSHES


# Reading

_FORMATS = {
    "text and image": r"texts? ?(?:and|with|plus|\+) ?(?:image|picture|photo)s?|图文(?:结合)?|文字[加和+]图片",
    "text": r"(?:plain |pure |only )?texts?|纯?文字|文本",
    "voice": r"voice|语音",
    "video": r"video|视频",
}
_FORMAT = re.compile(
    r"(?:prefers? |likes? |accepts? |only |偏好|喜欢|接受|只接受|用)?(?:{})"
    r"(?: (?:communication|messages?|notes?|calls?|only|preferred))*(?:沟通|消息|通话|交流|联系)?".format(
        "|".join(f"(?P<{name.replace(' ', '_')}>{words})" for name, words in _FORMATS.items())
    )
)
_VOICE = re.compile(
    r"(?:prefers? |偏好)?(?:voice|语音)(?: messages?|消息)?,? ?(?:of )?(\d+) ?[-~至到] ?(\d+) ?(?:s|sec|seconds?|秒)"
)
_NUMBERS = {"once": 1, "one": 1, "twice": 2, "two": 2, "three": 3, "four": 4, "five": 5}
_NUMBERS |= {sign: number for number, sign in enumerate("一二三四五六七", 1)} | {"两": 2}
_NUMBER = rf"(?:\d+ ?[-~至到] ?)?(\d+|{'|'.join(_NUMBERS)})"
_MOST = r"(?:max(?:imum)?\.? |at most |up to |no more than )?"
_UP_TO = r"(?:最多|不超过|至多)?"
_PUSHES = re.compile(
    rf"{_MOST}{_NUMBER}(?: ?x)? ?(?:pushes|push|messages?|times?)?(?: (?:per|a|each|every) | ?/ ?)week"
    rf"|(?:每周|一周){_UP_TO}(?:推送|联系|接收)? ?{_UP_TO} ?{_NUMBER} ?[次条](?:推送|消息)?"
)
_BEFORE_TIME = (
    r"(?:can|may) be (?:contacted|reached) |contact |reach |call |available |best(?: time)?:? "
    r"|可联系(?:时间)?[::]? ?|方便时间[::]? ?"
)
_TIME = re.compile(rf"(?:{_BEFORE_TIME})?(.+?)(?: ?(?:可联系|方便|联系))?")
_OFFICE_WORDS = ("office hours", "working hours", "work hours", "contact on weekdays", "工作时间", "上班时间")
_NIGHT_WORDS = ("night owl", "夜猫子")
_QUIET = re.compile(
    r"(?:do not disturb|don't disturb|no messages|not|no contact) (?:in the |at )?(?:evenings?|night)|no evenings"
    r"|(?:晚间|晚上|夜间)(?:请)?(?:勿|不要|别)打?扰"
)
_WAITS = re.compile(
    r"passive trigger|waits? to be asked|(?:will|'ll|he'll|she'll|i'll) contact us(?: if needed| when needed)?"
    r"|被动触发|有需要(?:会|再)?(?:主动)?联系(?:我们)?|等(?:客户|他|她)?联系"
)


def _read_part(part: str) -> Fields | None:
    plain = normalise(part).rstrip(". 。")
    return next((told for read in _READERS if (told := read(plain))), None)


def _format(part: str) -> Fields | None:
    found = _FORMAT.fullmatch(part)
    return {"preferred_format": str(found.lastgroup).replace("_", " ")} if found else None


def _voice(part: str) -> Fields | None:
    found = _VOICE.fullmatch(part)
    return {"preferred_format": "voice", "voice_seconds": f"{found[1]}-{found[2]}"} if found else None


def _pushes(part: str) -> Fields | None:
    found = _PUSHES.fullmatch(part)
    number = found and (found[1] or found[2])
    return {"pushes_per_week": str(_NUMBERS.get(number) or int(number))} if number else None


def _time(part: str) -> Fields | None:
    found = _TIME.fullmatch(part)
    words = found[1] if found else part
    slot = read_slot(words)
    if part in _OFFICE_WORDS or words in _OFFICE_WORDS or slot == OFFICE_HOURS:
        return {"preferred_time": "office hours"}
    if words in _NIGHT_WORDS or slot == EVENING:
        return {"preferred_time": "evening"}
    return {"preferred_slot": write_slot(slot, language_of(part))} if slot else None


def _quiet(part: str) -> Fields | None:
    return {"quiet_time": "evening"} if _QUIET.fullmatch(part) else None


def _waits(part: str) -> Fields | None:
    return {"passive_trigger": "yes"} if _WAITS.fullmatch(part) else None


_READERS: tuple[Callable[[str], Fields | None], ...] = (_voice, _format, _pushes, _quiet, _waits, _time)

# Writing

_WORDS: Mapping[str, Mapping[Language, str]] = {
    "preferred_format": {"en": "Prefers {} communication", "zh": "偏好{}沟通"},
    "voice_seconds": {"en": "Voice of {} seconds", "zh": "语音 {} 秒"},
    "preferred_time": {"en": "Can be contacted {}", "zh": "可联系时间:{}"},
    "preferred_slot": {"en": "Can be contacted {}", "zh": "可联系时间:{}"},
    "quiet_time": {"en": "Do not disturb in the evening", "zh": "晚间勿扰"},
    "pushes_per_week": {"en": "Max {} per week", "zh": "每周最多推送 {} 次"},
    "passive_trigger": {"en": "Will contact us when needed", "zh": "有需要会主动联系"},
}
_IN_CHINESE = {"text": "文字", "voice": "语音", "text and image": "图文", "video": "视频"}
_IN_ENGLISH = {chinese: english for english, chinese in _IN_CHINESE.items()}
_IN_ENGLISH |= {"工作时间": "office hours", "晚间": "evening"}
_TIMES = {"office hours": OFFICE_HOURS, "evening": EVENING}


def _written(name: str, value: str, language: Language) -> str:
    return _WORDS[name][language].format(_value(name, _IN_ENGLISH.get(value, value), language))


def _value(name: str, value: str, language: Language) -> str:
    if name == "preferred_time":
        return write_slot(_TIMES[value], language)
    if name == "preferred_slot" and (slot := read_slot(normalise(value))):
        return write_slot(slot, language)
    if name == "preferred_format" and language == "zh":
        return _IN_CHINESE[value]
    if name == "pushes_per_week" and language == "en":
        return "1 push" if value == "1" else f"{value} pushes"
    return value

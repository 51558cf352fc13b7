"""The stamps of chats are read in the forms that phones write them in, and in the right order."""

from datetime import datetime

import pytest

from seamark.engine.errors import Unreadable
from seamark.readers.chat_times import date_order, local_time, stamp_of

pytestmark = pytest.mark.covers("C03")

DAY, MONTH, YEAR = "day/month/year", "month/day/year", "year/month/day"


@pytest.mark.parametrize(
    ("line", "order", "when"),
    [
        ("12/11/2026, 10:05 - Ann: hi", DAY, (2026, 11, 12, 10, 5)),
        ("12/11/26, 10:05 - Ann: hi", DAY, (2026, 11, 12, 10, 5)),
        ("11/12/26, 1:05 PM - Ann: hi", MONTH, (2026, 11, 12, 13, 5)),
        ("11/12/26, 1:05\u202fPM - Ann: hi", MONTH, (2026, 11, 12, 13, 5)),
        ("12/11/2026, 1:05 p.\u00a0m. - Ann: hi", DAY, (2026, 11, 12, 13, 5)),
        ("11/12/26, 12:05 AM - Ann: hi", MONTH, (2026, 11, 12, 0, 5)),
        ("11/12/26, 12:05 pm - Ann: hi", MONTH, (2026, 11, 12, 12, 5)),
        ("2026-11-12, 10:05 - Ann: hi", YEAR, (2026, 11, 12, 10, 5)),
        ("12.11.26, 10:05 - Ann: hi", DAY, (2026, 11, 12, 10, 5)),
        ("[12.11.26, 10:05:31] Ann: hi", DAY, (2026, 11, 12, 10, 5, 31)),
        ("\u200e[12/11/2026 10:05:31] Ann: hi", DAY, (2026, 11, 12, 10, 5, 31)),
        ("[12/11/26, 10.05.31] Ann: hi", DAY, (2026, 11, 12, 10, 5, 31)),
        ("2026/11/12 上午10:05 - 小林: 你好", YEAR, (2026, 11, 12, 10, 5)),
        ("2026/11/12 上午12:05 - 小林: 你好", YEAR, (2026, 11, 12, 0, 5)),
        ("2026/11/12 中午12:05 - 小林: 你好", YEAR, (2026, 11, 12, 12, 5)),
        ("2026/11/12 中午1:05 - 小林: 你好", YEAR, (2026, 11, 12, 13, 5)),
        ("2026/11/12 晚上9:05 - 小林: 你好", YEAR, (2026, 11, 12, 21, 5)),
        ("2026/11/12 凌晨12:05 - 小林: 你好", YEAR, (2026, 11, 12, 0, 5)),
        ("[2026/11/12 下午3:05:31] 小林: 你好", YEAR, (2026, 11, 12, 15, 5, 31)),
        ("2026年11月12日 10:05 - 小林: 你好", YEAR, (2026, 11, 12, 10, 5)),
        ("2026年11月12日 下午3:05 - 小林: 你好", YEAR, (2026, 11, 12, 15, 5)),
        ("[12/11/26, 1:05:31\u202fPM] Ann: hi", DAY, (2026, 11, 12, 13, 5, 31)),
        ("12.11.2026, 10:05 - Ann: hi", DAY, (2026, 11, 12, 10, 5)),
        ("[12.11.26 um 10:05:31] Ann: hi", DAY, (2026, 11, 12, 10, 5, 31)),
        ("12/11/2026 10:05 - Ann: hi", DAY, (2026, 11, 12, 10, 5)),
        ("12/11/2026, 1:05 p. m. - Ann: hi", DAY, (2026, 11, 12, 13, 5)),
        ("12/11/2026 à 10:05 - Ann: hi", DAY, (2026, 11, 12, 10, 5)),
        ("12/11/26 10.05 - Ann: hi", DAY, (2026, 11, 12, 10, 5)),
        ("12/11/2026, 1:05 PTG - Ann: hi", DAY, (2026, 11, 12, 13, 5)),
        ("2026. 11. 12. 10:05 - Ann: hi", YEAR, (2026, 11, 12, 10, 5)),
        ("2026. 11. 12. 오후 3:05 - Ann: hi", YEAR, (2026, 11, 12, 15, 5)),
        ("2026년 11월 12일 오후 3:05 - Ann: hi", YEAR, (2026, 11, 12, 15, 5)),
        ("[2026/11/12, 下午3:05:31] 小林: 你好", YEAR, (2026, 11, 12, 15, 5, 31)),
        ("\u200f١٢\u200f/١١\u200f/٢٠٢٦، ٣:٠٥ م - آن: مرحبا", DAY, (2026, 11, 12, 15, 5)),
        ("\u200f[١٢/١١/٢٠٢٦، ٣:٠٥:٣١ م] آن: مرحبا", DAY, (2026, 11, 12, 15, 5, 31)),
        ('[12.11.2026, 3:05:31 אחה"צ] Ann: hi', DAY, (2026, 11, 12, 15, 5, 31)),
        ("\u200f١٢/١١/٢٠٢٦, ١٠:٠٥ - آن: مرحبا", DAY, (2026, 11, 12, 10, 5)),
    ],
)
def test_a_stamp_is_read(line, order, when):
    stamp = stamp_of(line)
    assert stamp is not None
    assert local_time(stamp, order) == datetime(*when)
    assert line[stamp.end :].split(":")[0] in ("Ann", "小林", "آن")


@pytest.mark.parametrize(
    "line",
    [
        "hello",
        "12/11/2026",
        "12/11/2026, 10:05 Ann: hi",
        "10:05 - Ann: hi",
        "on 12/11/2026, 10:05 - yes",
        "[12/11] a: b",
    ],
)
def test_other_lines_bear_no_stamp(line):
    assert stamp_of(line) is None


@pytest.mark.parametrize(
    "line", ["31/02/2026, 10:05 - Ann: hi", "12/11/2026, 25:05 - Ann: hi", "1/1/0001, 1:00 - A: b"]
)
def test_impossible_times_are_unreadable(line):
    stamp = stamp_of(line)
    assert stamp is not None
    with pytest.raises(Unreadable, match=r"is no (date|time)"):
        local_time(stamp, DAY)


@pytest.mark.parametrize(
    ("dates", "order", "is_guessed"),
    [
        ("12/11/26 13/11/26", DAY, False),
        ("11/12/26 11/13/26", MONTH, False),
        ("2026/11/12", YEAR, False),
        ("11/12/2026 12/12/2026", DAY, True),
        ("12/11/2026 1/12/2026", DAY, False),  # the other way round, December would come before January
        ("1/11/2026 2/11/2026 3/11/2026 1/12/2026", DAY, False),
        ("11/2/2026 11/3/2026 12/1/2026", MONTH, False),
        ("13/11/26 12/14/26 14/11/26", DAY, False),
    ],
)
def test_the_dates_of_a_chat_tell_their_order(dates, order, is_guessed):
    assert date_order([tuple(written.split("/")) for written in dates.split()]) == (order, is_guessed)


def test_short_years_come_first_where_the_language_puts_them_first():
    assert date_order([("26", "11", "12")], year_first=True) == (YEAR, True)


@pytest.mark.parametrize(
    ("line", "is_first"),
    [
        ("12/11/26, 1:05 p.\u00a0m. - Ann: hi", False),
        ("\u200f١٢/١١/٢٦، ٣:٠٥ م - آن: مرحبا", False),
        ("26/11/12 下午3:05 - 小林: 你好", True),
        ("26. 11. 12. 오후 3:05 - Ann: hi", True),
    ],
)
def test_only_some_languages_put_the_year_first(line, is_first):
    assert stamp_of(line).year_first is is_first

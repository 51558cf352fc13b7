"""Of two who set the same at once the later is told what the earlier changed, and loses nothing that was written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from seamark.apps.accounts import organisation
from seamark.apps.accounts.hours import Hours
from seamark.apps.accounts.models import Post
from seamark.apps.accounts.money import Money, Rate
from seamark.apps.channels.actions import add_channel
from seamark.apps.contacts.models import Field
from seamark.apps.contacts.seas import Seas
from seamark.apps.followups.pace import Pace
from seamark.apps.inbox.models import CannedWords
from tests.apps.accounts.test_pages import signed_in
from tests.apps.conftest import Cast


@pytest.fixture
def ada(cast: Cast) -> Client:
    return signed_in(cast.admin)


@pytest.fixture
def hugo(cast: Cast) -> Client:
    return signed_in(cast.boss)


def drawn(page: HttpResponse, name: str = "form") -> dict[str, str]:
    """What a browser would send of the form, as it stands in the page."""
    forms = page.context[name]  # type: ignore[attr-defined]
    sent = {}
    for form in forms if isinstance(forms, list) else [forms]:
        for field in form:
            if field.value() is not None and field.value() is not False:
                sent[field.html_name] = str(field.value())
    return sent


def text(answer: HttpResponse) -> str:
    return unescape(answer.content.decode())


PACE, SEAS, HOURS, MONEY = (f"/settings/{page}/" for page in ("follow-ups", "seas", "hours", "money"))


def test_the_later_is_told_and_keeps_what_was_written(ada: Client, hugo: Client) -> None:
    adas, hugos = drawn(ada.get(PACE)), drawn(hugo.get(PACE))
    assert hugo.post(PACE, hugos | {"patience_minutes_p1": "10", "tier_share": "60"}).status_code == 302
    answer = ada.post(PACE, adas | {"patience_minutes_p1": "45", "intent_share": "50"})
    assert answer.status_code == 422
    assert text(answer).count("Hugo has set this to") == 2
    assert "Hugo has set this to “10” meanwhile." in text(answer)
    assert organisation.setting(Pace).patience_minutes_p1 == 10
    again = drawn(answer)
    kept = {name: again[name] for name in ("patience_minutes_p1", "tier_share", "intent_share")}
    assert kept == {"patience_minutes_p1": "45", "tier_share": "60", "intent_share": "50"}
    assert ada.post(PACE, again).status_code == 302
    pace = organisation.setting(Pace)
    assert (pace.patience_minutes_p1, pace.tier_share, pace.intent_share) == (45, 60, 50)


def test_nobody_is_told_of_what_both_set_alike_nor_of_what_was_set_back(ada: Client, hugo: Client) -> None:
    adas, hugos = drawn(ada.get(PACE)), drawn(hugo.get(PACE))
    hugo.post(PACE, hugos | {"patience_minutes_p1": "10"})
    assert ada.post(PACE, adas | {"patience_minutes_p1": "10"}).status_code == 302
    hugo.post(PACE, hugos | {"was": "not ours", "patience_minutes_p1": "30"})
    assert ada.post(PACE, adas).status_code == 302
    assert organisation.setting(Pace) == Pace()


def test_of_the_seas_choices_are_told_by_their_titles(ada: Client, hugo: Client) -> None:
    adas, hugos = drawn(ada.get(SEAS)), drawn(hugo.get(SEAS))
    del hugos["old_first"]
    hugo.post(SEAS, hugos | {"by_itself": "turns", "cool_down_days": "0"})
    answer = ada.post(SEAS, adas | {"most_owned": "7"})
    for told in ("No", "By turns", "0"):
        assert f"Hugo has set this to “{told}” meanwhile." in text(answer)
    again = drawn(answer)
    assert (again["most_owned"], again["by_itself"], again["cool_down_days"]) == ("7", "turns", "0")
    assert "old_first" not in again
    assert ada.post(SEAS, again).status_code == 302
    assert organisation.setting(Seas).most_owned == 7


def test_of_the_hours_each_day_is_told_of_by_itself(ada: Client, hugo: Client) -> None:
    adas, hugos = drawn(ada.get(HOURS), "days"), drawn(hugo.get(HOURS), "days")
    hugo.post(HOURS, hugos | {"day5-opens": "10:00", "day5-closes": "12:00"})
    answer = ada.post(HOURS, adas | {"day0-opens": "07:00"})
    assert "Hugo has set this to “10:00” meanwhile." in text(answer)
    again = drawn(answer, "days")
    assert (again["day0-opens"], again["day5-closes"]) == ("07:00", "12:00")
    assert ada.post(HOURS, again).status_code == 302
    hours = organisation.setting(Hours)
    assert (hours.opens[0], hours.opens[5]) == ("07:00", "10:00")


def test_of_money_the_rate_that_is_set_is_looked_at_and_no_other(ada: Client, hugo: Client) -> None:
    organisation.change(Money(home="CNY", rates=[Rate("EUR", "7.8", "2026-01-01")]), by=None)
    usd = {"currency": "usd", "worth": "7.1", "as_of": "2026-01-02"}
    adas, hugos = (drawn(each.get(MONEY), "rate_form") for each in (ada, hugo))
    hugo.post(f"{MONEY}rates/", hugos | usd)
    assert ada.post(f"{MONEY}rates/", adas | usd | {"currency": "eur"}).status_code == 302
    answer = ada.post(f"{MONEY}rates/", adas | usd | {"worth": "7.3"})
    assert "Hugo has set this to “7.1” meanwhile." not in text(answer)  # Ada was the last to set a rate
    assert "has set this to “7.1” meanwhile." in text(answer)
    assert ada.post(f"{MONEY}rates/", drawn(answer, "rate_form")).status_code == 302
    worth = {each.currency: each.worth for each in organisation.setting(Money).rates}
    assert worth == {"EUR": "7.1", "USD": "7.3"}


def test_of_two_who_set_the_currency_the_later_is_told(ada: Client, hugo: Client) -> None:
    adas = drawn(ada.get(MONEY), "home_form")
    hugo.post(MONEY, {"home": "CNY"})
    assert "Hugo has set this to “CNY” meanwhile." in text(ada.post(MONEY, adas | {"home": "USD"}))
    assert organisation.setting(Money).home == "CNY"


def test_of_rows_it_is_the_same(ada: Client, hugo: Client, cast: Cast) -> None:
    field = Field.objects.create(name="tea", title_en="Tea", title_zh="茶", type="choice", choices=["Oolong", "Green"])
    words = CannedWords.objects.create(shortcut="price", title="Price", text_en="It is 38", team=cast.south)
    boss = Post.objects.create(member=cast.boss, team=cast.south, role="administrator").member
    chat = add_channel(kind="webchat", name="Shop", team=cast.south, by=None)
    pages: dict[str, tuple[dict[str, str], dict[str, str], str]] = {
        f"/settings/fields/{field.pk}/": ({"title_en": "Teas"}, {"choices": "Oolong\nBlack"}, "Teas"),
        f"/settings/words/{words.pk}/": ({"team": str(cast.north.pk)}, {"text_en": "It is 40"}, "North"),
        f"/settings/teams/{cast.north.pk}/": ({"kind": "dealer"}, {"name": "Far north"}, "Dealer"),
        f"/settings/channels/{chat.pk}/": ({"name": "Shop of tea"}, {"short": "on"}, "Shop of tea"),
    }
    for page, (hugos, adas, told) in pages.items():
        mine, theirs = drawn(ada.get(page)), drawn(signed_in(boss).get(page))
        assert signed_in(boss).post(page, theirs | hugos).status_code == 302, page
        answer = ada.post(page, mine | adas)
        assert f"Hugo has set this to “{told}” meanwhile." in text(answer), page
        again = drawn(answer)
        assert {name: again[name] for name in hugos} == hugos
        assert ada.post(page, again).status_code == 302, page
        assert drawn(ada.get(page)).items() >= (hugos | ({"short": "True"} if "short" in adas else adas)).items(), page


@pytest.mark.django_db(transaction=True)
def test_two_holidays_at_the_same_moment_are_both_kept(ada: Client, hugo: Client) -> None:
    ready = Barrier(2)

    def add(client: Client, name: str) -> None:
        ready.wait()
        try:
            client.post(f"{HOURS}holidays/", {"name": name, "first": "2098-02-08", "last": "2098-02-09"})
        finally:
            connection.close()

    with ThreadPoolExecutor() as racers:
        list(racers.map(add, (ada, hugo), ("Spring", "Festival")))
    assert {each.name for each in organisation.setting(Hours).holidays} == {"Spring", "Festival"}

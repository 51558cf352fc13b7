"""Nobody reaches further than their roles do, at any address that there is.

Every address is asked on a stage where each has something to show or to change, so a new one is asked by itself; one
that nobody on the stage may use fails the test, for nothing would be shown by refusing it to others.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from seamark.apps.accounts.models import Member
from seamark.apps.accounts.money import Money
from seamark.apps.accounts.organisation import change
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.models import Version
from tests.apps.conftest import Cast
from tests.apps.stage import API, STREAMS, Address, Stage, addresses, signed_in

pytestmark = [pytest.mark.usefixtures("tiers"), pytest.mark.covers("F01")]

OF_NO_TEAM = {
    "desk:segment": "conditions are seen by whoever sees contacts, and changed by those who may",
    "desk:segment-amount": "counts the reader's own contacts",
    "desk:batch": "asks what is to be done to the reader's own contacts",
    "desk:batch-foretold": "tells of the reader's own contacts",
    "tagging:blocks": "draws what its form says",
}
"""What Charlie may ask for as well as anybody, though a parameter stands in the address."""
ASKS_ALONE = {
    "desk:batch-foretold": "tells what a batch would set going",
    "desk:claim": "Wang is somebody's already; the public sea has a test of its own",
    "desk:talk-claim": "as the one before",
    "desk:board-undo": "nothing was given away before",
    "desk:convert": "no amount waits for a rate",
    "desk:fields-missing": "the small rulebook asks for no field",
    "desk:redraw": "draws a box with what its form says",
    "desk:talk-redraw": "as the one before",
    "tagging:blocks": "draws what its form says",
    "tagging:draft-problems": "reads what is not saved yet",
}
"""What is posted to and changes nothing on this stage, whoever does it."""
OWN = {"accounts:preferences", "accounts:mail-choice", "accounts:notices", "desk:hide-tour", "desk:columns"}
"""What every member sets for their own pages."""
FORM = {
    "text": "Hello", "words": "because", "reason": "because", "for": "hour", "until": "hour", "once": "1",
    "seen": "999999999", "title": "A title", "name": "A name", "when": "any message.received", "revision": "1",
    "en": "English", "zh": "中文", "value": "5", "tag": "asked/vip", "first": "2030-01-01", "last": "2030-01-02",
    "currency": "USD", "worth": "7", "as_of": "2026-01-01", "home": "CNY", "priority": "2", "do": "set",
}  # fmt: skip
"""What most forms ask for."""
Form = Callable[[Stage], dict[str, Any]]
FORMS: dict[str, Form] = {
    "api:hand": lambda stage: {"until": None},
    "tagging:roll-back": lambda stage: {"after": Version.objects.get(state="live").number},
    "tagging:figures": lambda stage: {"was": "last(message.received) within 24h", "figure": "48h"},
    "desk:board-reassign": lambda stage: {"chosen": f"{stage.ids['follow-ups/<int:id>']}:", "to": stage.cast.bob.pk},
    "desk:batch": lambda stage: {"chosen": stage.wang.pk},
    "desk:sea-claim": lambda stage: {"chosen": in_sea().pk},
    "desk:sea-allocate": lambda stage: {"chosen": in_sea().pk, "to": stage.cast.bob.pk},
    "desk:transfer": lambda stage: {"was": stage.cast.alice.pk, "to": stage.cast.bob.pk},
    "desk:talk-assign": lambda stage: {"was": stage.cast.alice.pk, "to": stage.cast.bob.pk},
    "desk:sea-rule-add": lambda stage: {"of": "tag:asked/vip", "to": f"team:{stage.cast.south.pk}"},
    "desk:follow-up-hand-over": lambda stage: {"to": stage.cast.bob.pk},
    "desk:follow-up-add": lambda stage: {"due_at": f"{timezone.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"},
    "desk:write": lambda stage: {"line": stage.talk.identity_id},
}
"""What single ones ask for besides."""


def in_sea() -> Contact:
    """The one in the public sea of Alice's team."""
    return Contact.objects.get(name="Contact of None 1")


@pytest.fixture
def stage(cast: Cast, settings: object, tmp_path: Path) -> Stage:
    settings.FILES = tmp_path  # type: ignore[attr-defined]
    change(Money(home="CNY"), by=None)
    found = Stage(cast)
    found.grow(1)
    return found


def ask(client: Client, method: str, address: Address, stage: Stage) -> tuple[int, set[str]]:
    """The status, and the tables in which something would have changed: it is rolled back.

    That somebody saw a contact, and when a key was last used, is kept of everybody.
    """
    path, form = stage.path(address), FORM | FORMS.get(address.name, lambda stage: {})(stage)
    is_api, before = address.pattern.startswith(API), _written()
    with transaction.atomic():
        if method == "get":
            answer = client.get(path, {"tag": "asked/vip", "at": "2026-01-01T00:00Z"} if is_api else {})
        else:
            answer = client.post(path, form, **({"content_type": "application/json"} if is_api else {}))
        transaction.set_rollback(True)
    changed = {name for name, number in _written().items() if number != before.get(name)}
    return answer.status_code, changed - {"accounts_deed", "api_key" if is_api else ""}


def _written() -> dict[str, int]:
    """How many rows of each table were written in this transaction, what was rolled back of it among them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return dict(cursor.fetchall())


def others(stage: Stage) -> list[Client]:
    """Those who may do it, if anybody may."""
    return [signed_in(each) for each in (stage.cast.alice, stage.cast.boss, stage.cast.admin, stage.cast.bob)]


def test_charlie_is_refused_whatever_is_of_another_team(stage: Stage) -> None:
    charlie, insiders = signed_in(stage.cast.charlie), others(stage)
    told = [each for each in addresses() if each.parameters and each.name not in OF_NO_TEAM]
    let_in, open_to_nobody = {}, []
    for address in told:
        for method in ("get", "post"):
            status, _tables = ask(charlie, method, address, stage)
            if status not in (403, 404, 405):
                let_in[method, address.name] = status
            if status != 405 and not any(ask(each, method, address, stage)[0] not in (403, 404) for each in insiders):
                open_to_nobody.append((method, address.name))
    assert let_in == {}
    assert open_to_nobody == []


def test_no_list_shows_charlie_anybody_of_another_team(stage: Stage) -> None:
    paths = [stage.path(each) for each in addresses() if not each.parameters and not each.pattern.startswith(STREAMS)]
    paths += [f"/{wish}" for wish in ("inbox/?list=all&state=any", "contacts/?q=Wang", "contacts/sea/?q=Contact")]

    def shown_to(member: Member) -> set[str]:
        client = signed_in(member)
        pages = {path: client.get(path).content.decode() for path in paths}
        return {path for path, page in pages.items() if "Wang<" in page or "Contact of" in page}

    assert shown_to(stage.cast.charlie) == set()
    assert {"/today/", "/inbox/", "/contacts/", "/contacts/sea/", "/contacts/going-back/"} <= shown_to(stage.cast.alice)
    assert {"/board/", "/contacts/owners/"} <= shown_to(stage.cast.boss)


def test_nothing_that_the_auditor_posts_changes_a_thing(stage: Stage) -> None:
    rita, insiders = signed_in(stage.cast.rita), others(stage)
    changed, changed_by_nobody = {}, []
    for address in addresses():
        if address.name in OWN or address.pattern.startswith(STREAMS):
            continue
        _status, tables = ask(rita, "post", address, stage)
        if tables:
            changed[address.name] = tables
        is_for_posts = address.name not in ASKS_ALONE and ask(rita, "get", address, stage)[0] == 405
        if is_for_posts and not any(ask(each, "post", address, stage)[1] for each in insiders):
            changed_by_nobody.append(address.name)
    assert changed == {}
    assert changed_by_nobody == []

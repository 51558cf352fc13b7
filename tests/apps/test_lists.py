"""However much there is, a page asks the database as often: every address that a member may open."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from seamark.apps.desk.models import ChosenColumns
from seamark.apps.outreach.models import Segment
from tests.apps.conftest import Cast
from tests.apps.stage import API, STREAMS, Stage, addresses, signed_in

pytestmark = pytest.mark.usefixtures("tiers")

WISHES = (
    "contacts/?q=contact",
    "contacts/?all=asked/vip&owner=mine&pick=1",
    "contacts/?segment={segment}&sort=name&panel=columns",
    "contacts/?is.city=City 1&panel=fields",
    "contacts/sea/?q=contact",
    "inbox/?list=all",
    "inbox/?list=all&q=contact",
    "inbox/?list=all&tag=asked/vip&state=any",
    "inbox/?list=unassigned",
    "rulebooks/drafts/{draft}/try/?who=contact",
    "rulebooks/drafts/{draft}/try/?contact={contact}&text=how much",
    "tags/merge/asked/vip/?into=asked/vip1",
)
"""Ways to ask for more of a page than its address alone does; headquarters may ask in all of them."""
FEW_ROWS = {
    "accounts.mail": "sent, and listed nowhere",
    "accounts.setting": "a row a section",
    "desk.chosencolumns": "a row a member",
    "tagging.overlay": "the latest alone counts",
    "tagging.comparison": "the oracle's",
    "timeline.delivery": "no page lists what came in",
    "channels.templatelist": "one of a channel",
    "channels.opening": "counted for the gate alone",
    "channels.allowance": "asked for by the gate alone",
    "channels.shortlink": "followed by contacts alone",
    "seas.arrival": "who waits to be allocated, for a minute",
}
"""Tables of which no page shows a list; of whatever else there is, the stage must make more (`Stage.grow`)."""


def asked(client: Client, paths: Iterable[str]) -> dict[str, int]:
    """How many queries each page takes, of those that open."""
    found = {}
    for path in paths:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        if answer.status_code == 200:
            found[path] = len(queries)
    return found


def rows() -> dict[str, int]:
    """How many rows each table of ours has."""
    models = [each for each in apps.get_models() if each.__module__.startswith("seamark.")]
    return {each._meta.label_lower: each._default_manager.count() for each in models}


@pytest.mark.parametrize("who", ["boss", "alice", "admin"])
def test_every_page_takes_as_many_queries_for_much_as_for_little(
    cast: Cast, who: str, settings: object, tmp_path: Path
) -> None:
    settings.FILES = tmp_path  # type: ignore[attr-defined]
    stage = Stage(cast)
    stage.grow(1)
    member = getattr(cast, who)
    ChosenColumns.objects.create(
        member=member, columns=["tags", "owner", "channel", "last", "group:asked", "field:field1"]
    )
    client = signed_in(member)
    own = [each for each in addresses() if not each.pattern.startswith((*API, *STREAMS))]
    api = [
        each for each in addresses() if each.pattern.startswith(API) and each.name != "api:hand"
    ]  # that is for posts
    then = urlencode({"tag": "asked/vip", "at": timezone.now().isoformat()})
    of_api = [f"{stage.path(each)}?{then}" for each in api]
    ids = {"segment": Segment.objects.get().pk, "draft": stage.draft.pk, "contact": stage.wang.pk}
    wishes = [f"/{wish.format(**ids)}" for wish in WISHES]
    paths = asked(client, [*map(stage.path, own), *of_api, *wishes])
    assert who != "boss" or {*of_api, *wishes} <= paths.keys()
    few, had = asked(client, paths), rows()
    stage.grow(4)
    assert {name for name, number in rows().items() if number == had[name]} - FEW_ROWS.keys() == set()
    asked(client, ["/tags/", "/rulebooks/"])  # the new rulebook is read once
    many = {path: number for path, number in asked(client, few).items() if number != few[path]}
    assert {path: (few[path], number) for path, number in asked(client, many).items() if number != few[path]} == {}

"""The API: events in, tags out, each key no further than its member."""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from seamark.apps.api.keys import add_key
from seamark.apps.api.models import Call, Key, Webhook
from seamark.apps.channels.secrets import sealed
from seamark.apps.timeline import intake
from seamark.apps.timeline.models import Event
from seamark.client import Desk, DeskError
from tests.apps.conftest import Cast, happened

pytestmark = [pytest.mark.usefixtures("tiers"), pytest.mark.covers("C05")]

ALL = ("events:write", "contacts:read", "tags:write")
NOW = timezone.now


class Through(httpx.BaseTransport):
    """Hands requests of httpx to Django, as a server would."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()}
        answer = Client().generic(
            request.method,
            request.url.raw_path.decode(),
            request.read(),
            content_type=request.headers.get("content-type", ""),
            **headers,
        )
        return httpx.Response(answer.status_code, headers=dict(answer.headers), content=answer.content)


OpenDesk = Callable[..., Desk]


@pytest.fixture
def desk_of() -> OpenDesk:
    def opened(member, scopes=ALL, source="shop") -> Desk:
        _, text = add_key(name="a shop", source=source, member=member, scopes=scopes)
        return Desk("http://testserver", text, client=httpx.Client(base_url="http://testserver", transport=Through()))

    return opened


def event(id: str = "1", **overrides: object) -> dict[str, object]:
    return {"contact": "wang", "kind": "message.received", "occurred_at": NOW(), "id": id} | overrides


def test_events_go_in_and_tags_come_out(cast: Cast, desk_of: OpenDesk):
    desk = desk_of(cast.boss)
    assert desk.tell(event("1", props={"text": "how much is it?"}), event("2")) == 2
    intake.handle_waiting()
    contact = Event.objects.first().identity.contact_id
    assert [tag["tag"] for tag in desk.contact(contact)["tags"]] == ["activity/high", "asked/price"]
    account = desk.why(contact, "asked/price")
    assert account["held"]
    assert account["condition"]["evidence"][0]["props"]["text"] == "how much is it?"
    assert desk.then(contact, NOW() - timedelta(days=1))[0]["tag"] == "activity/dormant"


@pytest.mark.covers("C07")
def test_reasons_are_masked_for_whoever_may_not_see_numbers(cast: Cast, desk_of: OpenDesk):
    desk_of(cast.boss).tell(event(props={"text": "how much? call 13912345678"}))
    intake.handle_waiting()
    contact = Event.objects.first().identity.contact_id
    seen = [desk_of(member).why(contact, "asked/price") for member in (cast.boss, cast.rita)]
    texts = [account["condition"]["evidence"][0]["props"]["text"] for account in seen]
    assert texts == ["how much? call 13912345678", "how much? call 1391***678"]


def test_the_same_events_told_again_count_once(cast: Cast, desk_of: OpenDesk):
    desk = desk_of(cast.boss)
    moment = NOW()
    desk.tell(event("1", occurred_at=moment))
    desk.tell(event("1", occurred_at=moment))
    intake.handle_waiting()
    assert Event.objects.count() == 1


def post(body: object, text: str, **headers: str):
    return Client().post(
        "/api/v1/events", body, content_type="application/json", headers={"Authorization": f"Bearer {text}"} | headers
    )


def test_one_idempotency_key_is_one_request(cast: Cast):
    _, text = add_key(name="a shop", source="shop", member=cast.boss, scopes=ALL)
    told = {"events": [{"contact": "wang", "kind": "message.received", "occurred_at": NOW().isoformat()}]}
    answers = [post(told, text, **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [(answer.status_code, answer.json()["repeated"]) for answer in answers] == [(202, False), (202, True)]
    intake.handle_waiting()
    assert Event.objects.count() == 1
    assert [post(told, text).json()["repeated"] for _ in range(2)] == [False, True]


@pytest.mark.parametrize(
    "wrong",
    [
        {"contact": "wang", "kind": "message.received", "occurred_at": "2026-01-01T10:00:00", "id": "1"},
        {"contact": "wang", "kind": "Message Received", "occurred_at": "2026-01-01T10:00:00Z", "id": "1"},
        {"contact": "", "kind": "message.received", "occurred_at": "2026-01-01T10:00:00Z", "id": "1"},
        {"contact": "a\x00b", "kind": "message.received", "occurred_at": "2026-01-01T10:00:00Z", "id": "1"},
        {"kind": "message.received"},
    ],
)
def test_a_bad_event_is_refused_whole_and_says_where(cast: Cast, wrong: dict[str, str]):
    _, text = add_key(name="a shop", source="shop", member=cast.boss, scopes=ALL)
    answer = post({"events": [wrong]}, text)
    assert answer.status_code == 422
    assert answer.json()["details"][0]["where"][:3] == ["body", "told", "events"]
    assert intake.handle_waiting() == 0


@pytest.mark.parametrize("text", ["", "seamark_nonsense"])
def test_without_a_key_nothing(db: None, text: str):
    assert post({"events": []}, text).status_code == 401


def test_a_key_that_was_switched_off_opens_nothing(cast: Cast):
    key, text = add_key(name="a shop", source="shop", member=cast.boss, scopes=ALL)
    Key.objects.filter(pk=key.pk).update(is_active=False)
    assert post({"events": []}, text).status_code == 401


@pytest.mark.covers("F01")
def test_charlies_key_never_sees_alices_contact(cast: Cast, desk_of: OpenDesk):
    contact = happened()
    contact.owner, contact.team = cast.alice, cast.south
    contact.save()
    desk = desk_of(cast.charlie)
    for ask in (
        lambda: desk.contact(contact.pk),
        lambda: desk.why(contact.pk, "activity/high"),
        lambda: desk.then(contact.pk, NOW()),
        lambda: desk.set_tag(contact.pk, "asked/vip"),
    ):
        with pytest.raises(DeskError) as refused:
            ask()
        assert refused.value.status == 404
    counted = Client().get("/api/v1/tags", headers=desk._headers).json()
    assert {tag["contacts"] for tag in counted} == {0}


def test_rita_reads_and_does_not_write(cast: Cast, desk_of: OpenDesk):
    contact = happened()
    desk = desk_of(cast.rita)
    assert desk.contact(contact.pk)["id"] == contact.pk
    with pytest.raises(DeskError, match="404"):
        desk.set_tag(contact.pk, "asked/vip")


def test_a_scope_that_is_missing_is_named(cast: Cast, desk_of: OpenDesk):
    contact = happened()
    with pytest.raises(DeskError, match="contacts:read"):
        desk_of(cast.boss, scopes=["events:write"]).contact(contact.pk)


def test_a_hand_through_the_api(cast: Cast, desk_of: OpenDesk):
    contact = happened()
    desk = desk_of(cast.boss)
    held = [tag["tag"] for tag in desk.set_tag(contact.pk, "asked/vip")["tags"]]
    assert held == ["activity/high", "asked/vip"]
    with pytest.raises(DeskError, match="no tag"):
        desk.set_tag(contact.pk, "asked/nothing")


def test_webhooks_are_told_of_what_their_member_may_see(cast: Cast):
    for member in (cast.boss, cast.charlie):
        Webhook.objects.create(
            url="https://example.com/hook",
            tags=["activity/high"],
            member=member,
            secrets=sealed({"signing": "s"}),
        )
    contact = happened()
    told = Call.objects.get()
    assert told.webhook.member == cast.boss
    assert (told.body["type"], told.body["tag"], told.body["contact"]) == ("tag.entered", "activity/high", contact.pk)

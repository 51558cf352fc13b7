"""A stage on which something of everything stands, and can be made more of; and every address that leads there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from seamark.apps.accounts.gatekeeping import OPEN
from seamark.apps.accounts.models import Deed, Member, Notice, Post, Team
from seamark.apps.api.keys import add_key
from seamark.apps.api.models import Call, Key, Webhook
from seamark.apps.api.webhooks import add_webhook
from seamark.apps.batches.actions import Ask, begin
from seamark.apps.batches.models import Batch, Row
from seamark.apps.channels.actions import add_channel
from seamark.apps.channels.files import keep_file
from seamark.apps.channels.models import ComingFile, Consent, MessageTemplate, OutboxMessage, StoredFile, TemplateList
from seamark.apps.contacts.models import Contact, Field, Identity, Ownership
from seamark.apps.contacts.ownership import Reason, give
from seamark.apps.desk.export import begin_export
from seamark.apps.followups.models import Alert, FollowUp
from seamark.apps.inbox.actions import write_note
from seamark.apps.inbox.helping import let_help
from seamark.apps.inbox.models import CannedWords, Conversation, Participant
from seamark.apps.outreach.actions import save_segment
from seamark.apps.outreach.models import Search, Segment
from seamark.apps.seas.models import Rule
from seamark.apps.tagging.actions import clear_tag, set_tag
from seamark.apps.tagging.drafts import start_draft
from seamark.apps.tagging.imagining import begin_what_if
from seamark.apps.tagging.models import Tag, TagCard, Version, WeekCount
from seamark.apps.tagging.publish import judge_stale, publish
from seamark.apps.timeline.models import Event
from seamark.apps.work.models import Work
from seamark.apps.work.running import run
from tests.apps.conftest import PASSWORD, Cast, happened
from tests.apps.tiers import TIERS

HOUR = timedelta(hours=1)
API = ("api/v1/contacts", "api/v1/tags")
"""What the API shows."""
STREAMS = ("live/", "inbox/live/", "inbox/<int:id>/live/")
"""They do not end."""
TAG = "      vip{0}: {{title: {{en: VIP {0}, zh: 贵宾{0}}}, color: gold, by_hand: true}}\n"
RULE = "  rule{0}: {{title: {{en: rule {0}, zh: 规则{0}}}, when: 'any message.received over {0}d'}}\n"
GROUP = """\
  group{0}:
    title: {{en: Group {0}, zh: 标签组{0}}}
    kind: set
    tags:
      one: {{title: {{en: One {0}, zh: 一{0}}}, color: red, when: rule rule{0}}}
"""
TERM = "  word{0}: {{title: {{en: word {0}, zh: 词{0}}}, en: [word{0}], zh: [词{0}]}}\n"
PARAMS = "params:\n  days: {value: 3, title: {en: days, zh: 天数}}\n"
PARAMETER = re.compile(r"<(?:\w+:)?\w+>")


@dataclass(frozen=True)
class Address:
    """An address of the site as its tables have it."""

    name: str
    """Such as "desk:contact"."""
    pattern: str

    @property
    def parameters(self) -> list[str]:
        """As they stand in it: "<int:id>"."""
        return PARAMETER.findall(self.pattern)


def signed_in(member: Member) -> Client:
    """Their browser, and the key of a system of theirs."""
    _key, text = add_key(name="Own", source="own", member=member, scopes=Key.Scope.values)
    client = Client(headers={"Authorization": f"Bearer {text}"})
    client.force_login(member)
    return client


def addresses() -> list[Address]:
    """Every address that is for members; what looks after itself (`gatekeeping.OPEN`) is left out, but the API."""
    return [
        each
        for each in _below(get_resolver())
        if not f"/{each.pattern}".startswith(OPEN) or each.pattern.startswith(API)
    ]


def _below(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[Address]:
    for each in resolver.url_patterns:
        here = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield Address(f"{space}{each.name}", here)
        else:
            yield from _below(each, here, f"{each.namespace}:" if each.namespace else space)


class Stage:
    """Alice's contact Wang, and round about it whatever Seamark has; `grow` makes more of everything."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self._numbers = count(1)
        self.chat = add_channel(kind="webchat", name="Shop", team=cast.south, by=cast.admin)
        self.wang = happened(source=self.chat.source_id, external_id="wang", name="Wang", props={"text": "Hello"})
        Contact.objects.filter(pk=self.wang.pk).update(team=cast.south, owner=cast.alice)
        self.wang.refresh_from_db()
        self.talk = Conversation.objects.get(contact=self.wang)
        text = PARAMS + TIERS.replace("when: rule asked", "when: any order.placed")
        self.draft = start_draft(base=Version.objects.get(), name="Draft", by=cast.boss, text=text)

    def grow(self, number: int) -> None:
        """So many more of everything, each by another member and of another team."""
        for place in [next(self._numbers) for _ in range(number)]:
            author = self._member(place)
            self._contacts(place, author)
            self._history_of_wang(place, author)
            self._talk_of_wang(place, author)
            self._to_do(place, author)
            self._rules(place, author)
            self._work(place)
            self._settings(place, author)
        while judge_stale():
            pass  # all hold what the new rules say
        Ownership.objects.update(followed_up_at=timezone.now() - timedelta(days=10))  # they go back soon
        self.what_if = begin_what_if(draft=self.draft, days=7, by=self.cast.boss)
        run(self.what_if.pk)
        self.ids = self._ids()

    def _member(self, place: int) -> Member:
        author = Member.objects.create_user(f"m{place}@example.com", PASSWORD, name=f"Member {place}", language="en")
        team = Team.objects.create(name=f"Team {place}", above=self.cast.south)
        for each in (team, self.cast.south):
            Post.objects.create(member=author, team=each, role="salesperson")
        Post.objects.create(member=self.cast.bob, team=team, role="salesperson")
        return author

    def _contacts(self, place: int, author: Member) -> None:
        """One of Alice's, one of the author's, one in the sea; each has written, and changed hands."""
        for owner in (self.cast.alice, author, None):
            who = f"{owner and owner.name} {place}"
            made = happened(
                source=self.chat.source_id, external_id=who, name=f"Contact of {who}", props={"text": "how much"}
            )
            Contact.objects.filter(pk=made.pk).update(team=self.cast.south, fields={"city": f"City {place}"})
            give(contacts=[made.pk], to=author, by=None, reason=Reason.ALLOCATED)
            give(contacts=[made.pk], to=owner, by=None, reason=Reason.TRANSFERRED, words="why not")
            set_tag(contact=made, tag="asked/vip", by=author)

    def _history_of_wang(self, place: int, author: Member) -> None:
        channel = add_channel(kind="webchat", name=f"Shop {place}", team=self.cast.south, by=author)
        happened(source=channel.source_id, external_id="wang", name="Wang", props={"text": "how much", "n": place})
        Identity.objects.filter(source=channel.source_id).update(contact=self.wang)
        happened("order.placed", source="shop", external_id="wang", props={"amount": place})
        Identity.objects.filter(source="shop").update(contact=self.wang)
        for deed in (set_tag, clear_tag):
            deed(contact=self.wang, tag="asked/vip", by=author)
        give(contacts=[self.wang.pk], to=author, by=None, reason=Reason.TRANSFERRED)
        give(contacts=[self.wang.pk], to=self.cast.alice, by=None, reason=Reason.TRANSFERRED)
        for each in self.wang.identities.all():
            Consent.objects.create(
                identity=each,
                purpose="marketing",
                is_allowed=True,
                how=f"form {place}",
                by=author,
                said_at=timezone.now(),
            )

    def _talk_of_wang(self, place: int, author: Member) -> None:
        now = timezone.now()
        happened(source=self.chat.source_id, external_id="wang", props={"text": f"hello {place}"})
        happened(
            "message.sent",
            source=self.chat.source_id,
            external_id="wang",
            actor=f"member:{author.pk}",
            props={"text": "yes"},
        )
        write_note(conversation=self.talk, text="@Bob look", mentioned=[self.cast.bob], by=author, once=f"{place}")
        Participant.objects.update_or_create(
            conversation=self.talk,
            member=author,
            defaults={"read_at": now + HOUR, "typing_at": now + HOUR, "draft": "x"},
        )
        OutboxMessage.objects.create(
            reason_key=f"stage {place}", channel=self.chat, identity=self.talk.identity, purpose="service", by=author,
            text="an offer", state="held", reason="quiet-hours", next_at=now + HOUR,
        )  # fmt: skip
        upload = SimpleUploadedFile(f"{place}.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20)
        stored = keep_file(upload=upload, identity=self.talk.identity, by=author)
        happened(
            "message.received",
            source=self.chat.source_id,
            external_id="wang",
            source_key=f"came {place}",
            props={"type": "image"},
        )
        ComingFile.objects.create(
            channel=self.chat, identity=self.talk.identity, source_key=f"came {place}", remote_id="1", name="a.png",
            state="stored", stored=stored, told_at=now,
        )  # fmt: skip

    def _to_do(self, place: int, author: Member) -> None:
        """Follow-ups and alerts of every kind, about Wang and each new contact."""
        now, team = timezone.now(), Team.objects.get(name=f"Team {place}")
        closed = {"state": "done", "closed_at": now, "closed_by": author}
        kinds: list[dict[str, Any]] = [{"due_at": now - HOUR}, {"due_at": now + HOUR}, closed]
        kinds += [{"for_team": team}, {"for_team": self.cast.south}]
        for contact in (self.wang, *Contact.objects.filter(name__endswith=f" {place}")):
            let_help([(contact.pk, team.pk), (contact.pk, self.cast.south.pk)])
            whose = {"contact": contact, "title": {"en": "Call"}, "made_at": now}
            for number, kind in enumerate(kinds):
                told = {"due_at": now, "assignee_id": None if "for_team" in kind else contact.owner_id} | kind
                FollowUp.objects.create(
                    reason_key=f"{place} {contact.pk} {number}", words={"en": "Hello"}, made_by=author, **whose, **told
                )
            late = contact.follow_ups.filter(state="open").earliest("due_at")
            for audience, told in (
                ("owner", {}), ("manager", {}), ("team", {"team": self.cast.south}), ("manager", {"follow_up": late})
            ):  # fmt: skip
                Alert.objects.create(
                    reason_key=f"{place} {contact.pk} {audience} {len(told)}",
                    audience=audience,
                    pops_up=not told,
                    **whose,
                    **told,
                )

    def _rules(self, place: int, author: Member) -> None:
        """A version with one more rule, tag, group and term; cards, counts, a draft and a segment."""
        text = TIERS.replace("terms:", "".join(map(TAG.format, range(1, place + 1))) + "terms:")
        for number in range(1, place + 1):
            text = text.replace("rules:\n", f"rules:\n{RULE.format(number)}")
            text = text.replace("terms:\n", f"{GROUP.format(number)}terms:\n{TERM.format(number)}")
        publish(text=text, by=author)
        for tag in Tag.objects.filter(card=None):
            TagCard.objects.create(tag=tag, owner=author, reviewed_by=author, reviewed_at=timezone.now())
        live = Version.objects.get(state="live")
        for tag in (None, *Tag.objects.all()):
            WeekCount.objects.create(version=live, week=timezone.localdate(), team=self.cast.south, tag=tag, contacts=1)
        start_draft(base=Version.objects.get(state="live"), name=f"Draft {place}", by=author)
        save_segment(name=f"Segment {place}", when="any message.received", by=author)

    def _work(self, place: int) -> None:
        """Headquarters' own: a batch of which somebody was refused, an export, a search, and a batch that waits."""
        now, boss, contacts = timezone.now(), self.cast.boss, Contact.objects.all()
        batch = begin(Ask(Batch.Deed.TAG, tag="asked/vip"), contacts=contacts, by=boss)
        for each in (batch, begin_export(contacts=contacts, by=boss)):
            run(each.pk)
        Row.objects.filter(batch=batch).exclude(contact=self.wang).update(state=Row.State.REFUSED, why=f"why {place}")
        begin(Ask(Batch.Deed.TAG, tag="asked/vip"), contacts=contacts, by=boss)
        work = Work.objects.create(kind="segment-search", by=boss, asked={"when": "x"}, state="done", ended_at=now)
        Search.objects.create(work=work, when="x", computed_at=now, contacts=[self.wang.pk])

    def _settings(self, place: int, author: Member) -> None:
        now, team = timezone.now(), Team.objects.get(name=f"Team {place}")
        CannedWords.objects.create(shortcut=f"hello{place}", title="Hello", text_en="Hello", text_zh="您好", team=team)
        Field.objects.create(name=f"field{place}", title_en=f"Field {place}", title_zh=f"字段{place}", position=place)
        add_key(name=f"Key {place}", source=f"erp{place}", member=author, scopes=["contacts:read"])
        hook, _secret = add_webhook(url=f"https://example.com/{place}", tags=[], member=author, by=author)
        for each in {hook, Webhook.objects.earliest("pk")}:
            Call.objects.create(webhook=each, body={}, next_at=now)
        Rule.objects.create(source=f"shop{place}", member=author)
        TemplateList.objects.get_or_create(channel=self.chat, defaults={"due_at": now})
        MessageTemplate.objects.create(
            channel=self.chat, name=f"t{place}", language="en", category="utility", status="approved"
        )
        for member in (self.cast.alice, self.cast.boss, self.cast.admin):
            Notice.objects.create(member=member, text="Look", href="/", key=f"stage {place}")
            Deed.objects.create(by=author, what="contact.seen", about="1", about_id=1)

    def path(self, address: Address) -> str:
        """The address with what stands on the stage in the place of its parameters."""
        return "/" + PARAMETER.sub(
            lambda found: self._named(PARAMETER.sub("", found.string[: found.start()]), found[0]), address.pattern
        )

    def _named(self, before: str, parameter: str) -> str:
        """What stands for it; the longest end of what is before it in the address decides."""
        for start in range(len(before) + 1):
            if found := self.ids.get(before[start:] + parameter):
                return str(found)
        raise AssertionError(f"say in Stage._ids what stands for {parameter} after “{before}”")

    def _ids(self) -> dict[str, object]:
        """By a piece of addresses, without the parameters before it, what stands for the parameter at its end."""
        batch, export = (Batch.objects.filter(deed=deed).earliest("pk").pk for deed in ("tag", "export"))
        follow_up = FollowUp.objects.filter(contact=self.wang, for_team=self.cast.south).earliest("pk").pk
        alert = Alert.objects.filter(contact=self.wang, audience="owner").earliest("pk").pk
        return {
            "contacts/<id>": self.wang.pk,
            "contacts/<int:id>": self.wang.pk,
            "live/<int:id>": self.wang.pk,
            "follow-ups/<int:row>": follow_up,
            "follow-ups/<int:id>": follow_up,
            "alerts/<int:id>": alert,
            "<int:alert>": alert,
            "fields/<path:name>": "field1",
            "<int:message>": OutboxMessage.objects.earliest("pk").pk,
            "messages//<slug:deed>": "withdraw",
            "inbox/<int:id>": self.talk.pk,
            "inbox//<slug:deed>": "finish",
            "files/of/<int:id>": Event.objects.filter(source_key="came 1").get().pk,
            "files/<slug:token>": StoredFile.objects.earliest("stored_at").pk,
            "work/<int:id>": Work.objects.filter(state="queued").earliest("pk").pk,
            "batches/<int:id>": batch,
            "exports/<int:id>": export,
            "<slug:ending>": "csv",
            "batch/<slug:deed>": "tag",
            "segments/<int:id>": Segment.objects.earliest("pk").pk,
            "<path:tag>": "asked/vip",
            "<slug:book>": "live",
            "blocks//<slug:name>": "when",
            "<int:number>": 1,
            "drafts/<int:id>": self.draft.pk,
            "conditions/<path:path>": "groups.activity.tags.high.when",
            "words/<path:path>": "terms.price.en",
            "figures/<path:path>": "params.days.value",
            "<int:contact>": self.wang.pk,
            "<int:work>": self.what_if.pk,
            "settings/words/<int:id>": CannedWords.objects.earliest("pk").pk,
            "<slug:kind>": "webchat",
            "channels/<int:id>": self.chat.pk,
            "keys/<int:id>": Key.objects.earliest("pk").pk,
            "webhooks/<int:id>": Webhook.objects.earliest("pk").pk,
            "members/<int:id>": self.cast.bob.pk,
            "<int:post>": self.cast.bob.posts.earliest("pk").pk,
            "teams/<int:id>": self.cast.south.pk,
            "settings/fields/<int:id>": Field.objects.earliest("pk").pk,
            "<slug:where>": "down",
            "<slug:currency>": "USD",
            "rules/<int:id>": Rule.objects.earliest("pk").pk,
        }

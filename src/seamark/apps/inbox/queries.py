"""The lists of conversations, what is unread in them, and their messages.

Lists may be asked of a million conversations, as those of contacts may (`contacts.walks`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.channels.models import Channel
from seamark.apps.channels.registry import adapter_of
from seamark.apps.contacts.matching import matching, row_matching
from seamark.apps.contacts.models import Contact, Identity
from seamark.apps.contacts.walks import Walk
from seamark.apps.inbox.access import conversations_for, helped, invited
from seamark.apps.inbox.kinds import KINDS, NOTED, RECEIVED, SENT
from seamark.apps.inbox.models import Conversation, HelpingTeam, Participant
from seamark.apps.inbox.wish import ANY, AT_WORK, LISTS, MINE, UNASSIGNED, Place, Wish
from seamark.apps.tagging.models import Standing
from seamark.apps.tagging.rulebooks import Live
from seamark.apps.timeline.models import Event
from seamark.apps.timeline.queries import STATUSES
from seamark.apps.timeline.queries import Place as EventPlace
from seamark.text.normalise import normalise

State = Conversation.State

PAGE, LONGEST_PAGE = 40, 400
MOST_COUNTED = 999
MOST_LOOKED_THROUGH = 5_000
"""Messages and notes of a conversation, for words."""
MOST_MENTIONS = 200
"""Older ones that nobody looked at are found in the list of all."""
TYPING_SECONDS = 8
"""How long after the last key somebody counts as writing."""


class Row(NamedTuple):
    """Where a conversation stands in the list, and with whom it is."""

    last_at: datetime
    id: int
    contact: int


class Page(NamedTuple):
    """Some conversations of the list, and the wish for those that follow."""

    conversations: list[Conversation]
    following: Wish | None


class News(NamedTuple):
    """What a member has not looked at yet in a conversation."""

    unread: int
    is_mentioned: bool


def listed(member: Member, wish: Wish) -> QuerySet[Conversation]:
    """The conversations that the member may read and wishes to see, whoever their contacts are."""
    return _wished(conversations_for(member), member, wish)


def _wished(found: QuerySet[Conversation], member: Member, wish: Wish) -> QuerySet[Conversation]:
    if wish.listed == MINE:
        found = found.filter(Q(assignee=member) | Q(pk__in=_mentioning(member)))
    elif wish.listed == UNASSIGNED:
        found = found.filter(assignee=None)
    if wish.state == AT_WORK:
        found = found.filter(state__in=[State.OPEN, State.WAITING])
    elif wish.state != ANY:
        found = found.filter(state=wish.state)
    if wish.source:
        found = found.filter(source=wish.source)
    if wish.waits:
        found = found.filter(waiting_since__lte=timezone.now() - timedelta(hours=wish.waits))
    return found


WALK = Walk(Conversation.objects.all(), Row, ("last_at", "pk", "contact"), ("last_at", "pk"), falls=True)
"""Through the conversations, whoever wrote last first."""


def _mentioning(member: Member) -> list[int]:
    """Where the member was mentioned and has not looked since; asked first, so that an index finds the others."""
    mentions = Participant.objects.filter(member=member, is_invited=True, mentioned_at__isnull=False)
    return list(mentions.order_by("-mentioned_at").values_list("conversation_id", flat=True)[:MOST_MENTIONS])


def page_of(member: Member, wish: Wish, live: Live | None) -> Page:
    """The page that the wish leads to."""
    most = min(max(PAGE, wish.rows), LONGEST_PAGE)
    found = _rows(member, wish, live, most + 1)
    rows = Conversation.objects.filter(pk__in=[row.id for row in found[:most]]).select_related("contact", "assignee")
    shown = sorted(rows.defer("contact__grams"), key=lambda row: (row.last_at, row.pk), reverse=True)
    following = wish.beyond(Place(shown[-1].last_at, shown[-1].pk)) if len(found) > most else None
    return Page(shown, following)


def _rows(member: Member, wish: Wish, live: Live | None, most: int) -> list[Row]:
    """The first rows of the page."""
    found, searched = listed(member, wish), partial(_searched, member, wish, live)
    if wish.tag and live:
        found = found.filter(_of(Standing.objects.all(), wish, live))
    if wish.sought:
        return WALK.by_words(found, wish.sought, wish.after, most, searched)
    found = found.filter(WALK.beyond(wish.after))
    return WALK.head_first(found, most, searched) if wish.tag or wish.source else WALK.along(found, most)


def _searched(member: Member, wish: Wish, live: Live | None, rest: Q, most: int) -> list[Row]:
    """The first of the rest, by what is known of contacts.

    Indexes of words and tags tell of contacts within reach. Conversations that the member handles, is mentioned in or
    helps with, whosever the contact is, are few: they are looked at one by one, for no index has both.
    """
    reached, found = reach(member, Action.VIEW), Conversation.objects.filter(rest, WALK.beyond(wish.after))
    within, others = found.filter(reached.condition()), found.exclude(reached.condition())
    if wish.tag and live:
        within = within.filter(_of(Standing.objects.filter(reached.condition()), wish, live))
        others = others.filter(_of(Standing.objects.all(), wish, live))
    if wish.sought:
        within = within.filter(matching(wish.sought, "contact__", within=reached))
        others = others.filter(row_matching(wish.sought, "contact__"))
    ways = (Q(assignee=member), invited(member), helped(member))
    guest = [] if reached.everyone else [others.filter(way) for way in ways]
    rows = {row for way in (within, *guest) for row in WALK.after_sorting(_wished(way, member, wish), most)}
    return sorted(rows, reverse=True)[:most]


def _of(standings: QuerySet[Standing], wish: Wish, live: Live) -> Q:
    """The condition on conversations whose contacts hold the tag."""
    return Q(contact__in=standings.filter(tags__contains=[live.tag_ids[wish.tag]]).values("contact"))


def amounts(member: Member) -> dict[str, int]:
    """How many conversations at work each list has; one more than `MOST_COUNTED` where there are more than that.

    However the lists are narrowed: what is done is counted over all there ever was, which takes seconds by a tag.
    """
    return {each: listed(member, Wish(each)).values("pk")[: MOST_COUNTED + 1].count() for each in LISTS}


def waiting_for(member: Member) -> int:
    """How many conversations the member is to answer, or is mentioned in; 100 at most."""
    mine = Q(assignee=member, state=State.OPEN) | Q(pk__in=_mentioning(member))
    return Conversation.objects.filter(mine).values("pk")[:100].count()


_NEWS = """
SELECT conversation.id, participant.mentioned_at IS NOT NULL, (
    SELECT count(*) FROM (
        SELECT 1 FROM timeline_event
        WHERE identity_id = conversation.identity_id AND kind = 'message.received'
            AND occurred_at >= conversation.waiting_since
            AND recorded_at > coalesce(participant.read_at, '-infinity')
        LIMIT 100
    ) unread)
FROM inbox_conversation conversation
LEFT JOIN inbox_participant participant ON participant.conversation_id = conversation.id AND participant.member_id = %s
WHERE conversation.id = ANY(%s)
"""


def news_in(conversations: Sequence[Conversation], member: Member) -> dict[int, News]:
    """What the member has not looked at, by conversation: messages that nobody has answered either, 100 at most."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWS, [member.pk, [each.pk for each in conversations]])
        return {id: News(unread, is_mentioned) for id, is_mentioned, unread in cursor.fetchall()}


def messages_of(
    conversation: Conversation, *, before: EventPlace | None = None, after: EventPlace | None = None, most: int
) -> list[Event]:
    """What happened in the conversation, newest first, between two places: by its channel, and what members noted."""
    events = _events_of(conversation).exclude(kind__in=STATUSES)
    if before:
        events = events.filter(_earlier(before))
    if after:
        moment, id = after
        events = events.filter(Q(occurred_at__gt=moment) | Q(occurred_at=moment, pk__gt=id))
    return list(events.order_by("-occurred_at", "-pk")[:most])


def said_in(
    conversation: Conversation, words: str, as_seen: Callable[[str], str], most: int
) -> tuple[list[Event], bool]:
    """The newest messages and notes that hold these words, however they are written, as their reader sees them; and
    whether all were looked through: the newest `MOST_LOOKED_THROUGH` are."""
    sought = normalise(words)
    if not sought:
        return [], True
    said = _events_of(conversation).filter(kind__in=(RECEIVED, SENT, NOTED)).order_by("-occurred_at", "-pk")
    texts = list(said.values_list("pk", "props__text", "props__note")[: MOST_LOOKED_THROUGH + 1])
    found = [pk for pk, text, note in texts[:MOST_LOOKED_THROUGH] if sought in normalise(as_seen(text or note or ""))]
    return list(said.filter(pk__in=found[:most])), len(texts) <= MOST_LOOKED_THROUGH


def _events_of(conversation: Conversation) -> QuerySet[Event]:
    """What came and went by the conversation's channel, and what members did there."""
    desks = Identity.objects.filter(source="desk", contact=conversation.contact_id).values_list("pk", flat=True)
    noted = Q(identity__in=list(desks), props__conversation=conversation.pk)
    return Event.objects.filter(Q(identity=conversation.identity_id) | noted)


def happenings_of(contact: Contact, most: int) -> list[Event]:
    """What happened to the contact last besides messages and what was done in conversations, newest first."""
    told = [*STATUSES, RECEIVED, SENT, *KINDS]
    events = Event.objects.filter(identity__contact=contact).exclude(kind__in=told)
    return list(events.order_by("-occurred_at", "-pk")[:most])


def _earlier(place: EventPlace) -> Q:
    moment, id = place
    return Q(occurred_at__lt=moment) | Q(occurred_at=moment, pk__lt=id)


def others_in(conversation: Conversation, member: Member) -> list[Participant]:
    """Other members who are writing, and then those who looked at the conversation since its last message."""
    has_read, writes = Q(read_at__gte=conversation.last_at), Q(typing_at__gt=_typing_since())
    found = Participant.objects.filter(has_read | writes, conversation=conversation).exclude(member=member)
    return sorted(found.select_related("member"), key=lambda each: not is_typing(each))


def is_typing(participant: Participant) -> bool:
    """Whether the member is writing right now."""
    return participant.typing_at is not None and participant.typing_at > _typing_since()


class Attention(NamedTuple):
    """What a contact may know of members."""

    typing: str
    """Who writes an answer right now; empty: nobody."""
    read_at: datetime | None
    """When a member last looked at the conversation."""


def attention_to(identity: Identity) -> Attention:
    """Of members to the conversation with that identity; notes are none of the contact's business."""
    participants = Participant.objects.filter(conversation__identity=identity)
    writes = participants.filter(typing_at__gt=_typing_since(), is_noting=False).order_by("-typing_at")
    return Attention(
        writes.values_list("member__name", flat=True).first() or "",
        participants.aggregate(last=Max("read_at"))["last"],
    )


def _typing_since() -> datetime:
    return timezone.now() - timedelta(seconds=TYPING_SECONDS)


def talks_with(contacts: Collection[int]) -> dict[int, int]:
    """For each contact with any the conversation to write in, by contact: the newest to which an open channel leads."""
    leads = Channel.objects.filter(source=OuterRef("source"), is_active=True)
    found = Conversation.objects.filter(contact__in=contacts).annotate(is_reached=Exists(leads))
    first = found.order_by("contact", "-is_reached", "-last_at", "-pk").distinct("contact")
    return dict(first.values_list("contact", "pk"))


class Guests(NamedTuple):
    """Who reads what is written with a contact, whoever's it is."""

    members: set[int]
    """Those who take part in a conversation."""
    teams: set[int]
    """Those that help."""


def guests_of(contacts: Collection[int]) -> dict[int, Guests]:
    """For each of these contacts with any, by contact."""
    found: defaultdict[int, Guests] = defaultdict(lambda: Guests(set(), set()))
    conversations = Conversation.objects.filter(contact__in=contacts)
    handling = conversations.exclude(assignee=None).values_list("contact", "assignee")
    invited = conversations.filter(participants__is_invited=True).values_list("contact", "participants__member")
    for contact, member in (*handling, *invited):
        found[contact].members.add(member)
    for contact, team in HelpingTeam.objects.filter(contact__in=contacts).values_list("contact", "team"):
        found[contact].teams.add(team)
    return found


def teams_reading_along(conversation: Conversation) -> list[str]:
    """The names of the teams that help with its contact and are not the contact's own."""
    helping = HelpingTeam.objects.filter(contact=conversation.contact_id).exclude(team=conversation.team_id)
    return list(helping.order_by("team__name").values_list("team__name", flat=True))


def window_end(conversation: Conversation, channel: Channel | None) -> datetime | None:
    """Until when anything but templates may be sent; None: always."""
    window = adapter_of(channel.kind).window if channel else None
    if window is None:
        return None
    return conversation.last_received_at + window if conversation.last_received_at else conversation.last_at

"""Conversations, which members and teams have to do with one, and canned words."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.models import Member, Team
from seamark.apps.contacts.models import Contact, Identity


class Conversation(models.Model):
    """The thread with a contact on a channel.

    Messages stand in the history; this is where the thread stands, kept by `listening.note` as messages are stored.
    `contact`, `team`, `owner`, and with the owner the assignee, follow the identity and its contact; the database
    sees to it (migration 0001).
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        WAITING = "waiting", _("Waiting for the contact")
        SNOOZED = "snoozed", _("Snoozed")
        DONE = "done", _("Done")

    class Last(models.TextChoices):
        RECEIVED = "received", _("The contact")
        SENT = "sent", _("A member")
        MACHINE = "machine", _("Automatic")

    identity = models.OneToOneField(Identity, models.PROTECT, related_name="conversation")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="conversations")
    source = models.CharField(max_length=60)
    """The identity's: the key of a channel, or of whatever told of the messages."""
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    assignee = models.ForeignKey(Member, models.PROTECT, null=True, related_name="conversations", db_index=False)
    """The member who handles it; the contact's owner, unless it was handed over since there is one."""
    snoozed_until = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)
    """When the contact wrote the first message that no member has answered."""
    last_received_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField()
    """When the last message was written, by whomever."""
    last_by = models.CharField(max_length=8, choices=Last)
    last_form = models.CharField(max_length=20, blank=True)
    """What it is, of one that is no text: "image", "audio", …"""
    last_text = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            # In the order of the lists, with what lists ask for inside.
            models.Index(
                fields=["-last_at", "-id"], include=["team", "owner", "assignee", "state", "contact"], name="talk_all"
            ),
            models.Index(
                fields=["team", "-last_at", "-id"],
                include=["owner", "assignee", "state", "contact"],
                name="talk_of_team",
            ),
            models.Index(
                fields=["owner", "-last_at", "-id"],
                include=["team", "assignee", "state", "contact"],
                name="talk_of_owner",
            ),
            models.Index(
                fields=["assignee", "-last_at", "-id"],
                include=["team", "owner", "state", "contact"],
                name="talk_of_assignee",
            ),
            # Few of all conversations are at work; those are what is looked at.
            models.Index(
                fields=["-last_at", "-id"],
                include=["team", "owner", "assignee", "state", "waiting_since", "contact"],
                condition=models.Q(state__in=["open", "waiting"]),
                name="talk_at_work",
            ),
            models.Index(fields=["snoozed_until"], condition=models.Q(state="snoozed"), name="talk_snoozed"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.pk} {self.state}"


class Participant(models.Model):
    """What one member has to do with a conversation: how far it is read, what is being written, who asked for help."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="participants", db_index=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="participations", db_index=False)
    is_invited = models.BooleanField(default=False)
    """Whether somebody mentioned the member: sees the conversation then, whoever's the contact is."""
    mentioned_at = models.DateTimeField(null=True)
    """By a note that the member has not read yet."""
    read_at = models.DateTimeField(null=True)
    """When the conversation was last looked at."""
    draft = models.TextField(blank=True)
    is_noting = models.BooleanField(default=False)
    """Whether the draft is a note, of which the contact hears nothing."""
    typing_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conversation", "member"], name="participant_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["member"], condition=models.Q(is_invited=True), name="participant_invited"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.conversation_id}"


class HelpingTeam(models.Model):
    """A team that has something to do for a contact, or was told of it, whoever's it is (S2).

    Whoever is in the team now reads what is written with the contact, from its beginning, until
    `helping.end_helping` takes the row away.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="helping_teams")
    team = models.ForeignKey(Team, models.CASCADE, related_name="+", db_index=False)
    since_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "contact"], name="helping_team_once"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} for {self.contact_id}"


class CannedWords(models.Model):
    """Words that members often need, called by `/` and a shortcut; with blanks such as `{name}`."""

    shortcut = models.SlugField(max_length=30, allow_unicode=True)
    title = models.CharField(max_length=100)
    text_en = models.TextField(max_length=2000, blank=True)
    text_zh = models.TextField(max_length=2000, blank=True)
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="canned_words")
    """Nobody's: for all."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shortcut", "team"], nulls_distinct=False, name="canned_words_once"),
        ]

    def __str__(self) -> str:
        return self.shortcut

"""Members, the tree of teams, and the roles that members hold in them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.roles import ROLES


class Team(models.Model):
    """A unit whose contacts belong together: headquarters, a region, a team, or a dealer."""

    class Kind(models.TextChoices):
        HEADQUARTERS = "headquarters", _("Headquarters")
        REGION = "region", _("Region")
        TEAM = "team", _("Team")
        DEALER = "dealer", _("Dealer")

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.TEAM)
    above = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="below")

    def __str__(self) -> str:
        return self.name


class Members(BaseUserManager["Member"]):
    """Makes members; their addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> Member:
        member = self.model(email=email.strip().lower(), **fields)
        member.set_password(password)
        member.save()
        return member

    def get_by_natural_key(self, username: str | None) -> Member:
        return self.get(email=(username or "").strip().lower())


def usually_mailed() -> list[str]:
    """Kinds of notices that somebody waits behind; what comes by the clock is in the bell alone."""
    return [Notice.Kind.MENTIONED, Notice.Kind.HANDED_OVER, Notice.Kind.NO_RATE]


class Member(AbstractBaseUser):
    """A person who works here."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    language = models.CharField(max_length=10, blank=True)
    """Empty: what the browser asks for."""
    zone = models.CharField(max_length=60, blank=True)
    """Empty: the organisation's."""
    is_active = models.BooleanField(default=True)
    hides_tour = models.BooleanField(default=False)
    """Whether the member wants to see no more of the first steps."""
    mailed_kinds = ArrayField(models.CharField(max_length=30), default=usually_mailed, blank=True)
    """The kinds of notices (`Notice.Kind`) that come by e-mail, too, when they are not seen in the page."""
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Members] = Members()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A role that a member holds in a team; a member may hold several."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="posts")
    team = models.ForeignKey(Team, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=30, choices=[(role.name, role.title) for role in ROLES.values()])

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "team", "role"], name="post_once")]

    def __str__(self) -> str:
        return f"{self.role} in {self.team_id}"


class Deed(models.Model):
    """Something that a member did or saw: the record, which only grows (`record.note`)."""

    class What(models.TextChoices):
        SEEN = "contact.seen", _("Opened a contact")
        CLAIMED = "contact.claimed", _("Took a contact from the public sea")
        OWNERS_CHANGED = "contacts.given", _("Changed who owns contacts")
        CONVERSATION_ASSIGNED = "conversation.assigned", _("Handed a conversation over")
        FOLLOW_UP_GIVEN = "follow-up.given", _("Handed a follow-up over")
        BATCH_BEGUN = "batch.begun", _("Changed many contacts at once")
        EXPORTED = "contacts.exported", _("Exported contacts")
        EXPORT_FETCHED = "export.fetched", _("Downloaded an export of contacts")
        MEMBER_ADDED = "member.added", _("Added a member")
        MEMBER_LEFT = "member.left", _("Noted that a member has left")
        MEMBER_BACK = "member.back", _("Noted that a member is back")
        POST_ADDED = "post.added", _("Gave a role")
        POST_REMOVED = "post.removed", _("Took a role away")
        PASSWORD_SET = "password.set", _("Set a member's password")
        TEAM_CHANGED = "team.changed", _("Changed a team")
        CHANNEL_ADDED = "channel.added", _("Connected a channel")
        CHANNEL_CHANGED = "channel.changed", _("Changed a channel")
        CHANNEL_RESUMED = "channel.resumed", _("Let a stopped channel send again")
        KEY_ADDED = "key.added", _("Made an API key")
        KEY_REVOKED = "key.revoked", _("Revoked an API key")
        WEBHOOK_ADDED = "webhook.added", _("Added a webhook")
        WEBHOOK_SWITCHED = "webhook.switched", _("Switched a webhook on or off")
        FIELD_SAVED = "field.saved", _("Changed the catalogue of fields")
        RULEBOOK_PUBLISHED = "rulebook.published", _("Published a rulebook")
        SEGMENT_CHANGED = "segment.changed", _("Saved a segment")
        SEGMENT_DROPPED = "segment.dropped", _("Dropped a segment")
        SETTING_CHANGED = "setting.changed", _("Changed a setting")

    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="deeds")
    """Nobody: done from the command line."""
    what = models.CharField(max_length=30)
    """A `What`; no choices of the column, so that a new kind of deed changes no table."""
    about = models.CharField(max_length=200)
    """Whom or what: a name or an id, never the contents of messages."""
    about_id = models.BigIntegerField(null=True)
    done_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-done_at", "-id"], name="deed_latest"),
            models.Index(fields=["what", "about_id"], name="deed_about"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"

    @property
    def title(self) -> str:
        """What was done, in words."""
        return str(self.What(self.what).label)


class Mail(models.Model):
    """Notices that go to a member together by e-mail (`mailing`)."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        REFUSED = "refused"
        """For good: the server will have it at no time."""
        GIVEN_UP = "given-up"
        """It was tried for too long."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="mails")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    """The next attempt of one that waits."""
    answer = models.CharField(max_length=40, blank=True)
    """Why the last attempt failed: the server's codes, such as `550 5.1.1`, or a kind of error."""
    is_held_up = models.BooleanField(default=False)
    """Whether it was the server that failed, as it would have for any mail."""
    made_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)
    """When it was sent, refused or given up."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="mail_waiting"),
            models.Index(
                fields=["settled_at"], condition=models.Q(state__in=["refused", "given-up"]), name="mail_failed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"


class Notice(models.Model):
    """Something that a member is told in the page (`notices.tell`)."""

    class Kind(models.TextChoices):
        MENTIONED = "mentioned", _("Somebody mentions you in a note")
        HANDED_OVER = "handed-over", _("A contact, a conversation or a follow-up is handed over to you")
        GOING_BACK = "going-back", _("Contacts of yours are about to go back to the public sea")
        SHARES = "shares", _("Tags are outside their reference range")
        NO_RATE = "no-rate", _("An amount comes in a currency without a rate")

    member = models.ForeignKey(Member, models.CASCADE, related_name="notices", db_index=False)
    kind = models.CharField(max_length=30)
    """A `Kind`; no choices of the column, so that a new kind of notice changes no table."""
    text = models.CharField(max_length=300)
    """In the member's language."""
    href = models.CharField(max_length=200)
    """The page that it is about."""
    key = models.CharField(max_length=100)
    """Of one key a member is told once."""
    told_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="notices")
    """What brings it by e-mail, or did."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "key"], name="notice_once")]
        indexes: ClassVar = [
            models.Index(fields=["member", "-id"], name="notice_latest"),
            models.Index(fields=["member"], condition=models.Q(read_at=None), name="notice_unread"),
            models.Index(fields=["told_at"], condition=models.Q(read_at=None, mail=None), name="notice_unmailed"),
        ]

    def __str__(self) -> str:
        return self.key


class Setting(models.Model):
    """A section of what is set for the whole organisation (`organisation`)."""

    key = models.SlugField(max_length=40, primary_key=True)
    value = models.JSONField()
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.key

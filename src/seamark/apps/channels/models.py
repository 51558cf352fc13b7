"""Connected lines, what is to leave by them, and what contacts allowed."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.models import Member
from seamark.apps.channels.adapter import Message, Template
from seamark.apps.channels.reasons import HELD_FOR_MACHINES, Reason
from seamark.apps.contacts.models import Identity, Source


class Purpose(models.TextChoices):
    """What a message is for, and so what a contact can allow or forbid."""

    SERVICE = "service", _("About the contact's own affairs")
    MARKETING = "marketing", _("Marketing")


class Channel(models.Model):
    """One connected line: a number, a mailbox, a web chat."""

    class Stop(models.TextChoices):
        NOTHING = "", _("Nothing is stopped")
        MARKETING = "marketing", _("Marketing is stopped")
        ALL = "all", _("Everything is stopped")

    source = models.OneToOneField(Source, models.PROTECT, related_name="channel")
    """Its key stands on identities and events, and never changes; its team gets new contacts."""
    kind = models.CharField(max_length=30)
    """Which integration speaks it."""
    name = models.CharField(max_length=100)
    options = models.JSONField(default=dict)
    """What the integration wants to know; no secrets."""
    secrets = models.BinaryField(default=bytes)
    """Encrypted (`channels.secrets`)."""
    is_active = models.BooleanField(default=True)
    stopped = models.CharField(max_length=9, choices=Stop, default=Stop.NOTHING, blank=True)
    """What the outbox holds back because the platform complained, until somebody has looked (`resume_channel`)."""
    stopped_code = models.CharField(max_length=60, blank=True)
    """The platform's word for it."""
    stopped_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class TemplateList(models.Model):
    """How far the templates of a channel's account are known (`channels.template_lists`)."""

    channel = models.OneToOneField(Channel, models.CASCADE, related_name="template_list")
    due_at = models.DateTimeField(db_index=True)
    """When the platform is asked next."""
    asked_at = models.DateTimeField(null=True)
    """When somebody or something asked for it that nobody has seen to yet."""
    fetched_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    """Since they were last fetched."""
    error_code = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"templates of {self.channel_id}"


class MessageTemplate(models.Model):
    """A template, as the platform had it when it was last asked."""

    class Status(models.TextChoices):
        APPROVED = "approved", _("Approved")
        PENDING = "pending", _("Under review")
        IN_APPEAL = "in_appeal", _("Under review again")
        REJECTED = "rejected", _("Rejected")
        PAUSED = "paused", _("Paused by the platform")
        DISABLED = "disabled", _("Switched off by the platform")

    class Category(models.TextChoices):
        MARKETING = "marketing", _("Marketing")
        UTILITY = "utility", _("Service")
        AUTHENTICATION = "authentication", _("One-time codes")

    class Obstacle(models.TextChoices):
        HEADER = "header", _("It begins with a picture, a video, a document or a place.")
        PARTS = "parts", _("It has parts that cannot be filled in here.")

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="templates", db_index=False)
    name = models.CharField(max_length=512)
    language = models.CharField(max_length=20)
    """The platform's code: "en", "en_US", "zh_CN"."""
    category = models.CharField(max_length=30)
    status = models.CharField(max_length=30)
    """The platform's words, in small letters; words that are unknown here are shown as they are."""
    header = models.TextField(blank=True)
    body = models.TextField(blank=True)
    footer = models.TextField(blank=True)
    """Blanks stand in them as `{{1}}` or `{{name}}`."""
    buttons = models.JSONField(default=list)
    """What stands on them."""
    blanks = models.JSONField(default=list)
    """As `ApprovedTemplate.blanks` has them."""
    obstacle = models.CharField(max_length=10, choices=Obstacle, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "name", "language"], name="template_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.language} {self.status}"

    @property
    def can_be_sent(self) -> bool:
        """Whether the platform takes it, and it can be filled in here."""
        return self.status == self.Status.APPROVED and not self.obstacle

    @property
    def purpose(self) -> Purpose:
        """What a message of it is for."""
        return Purpose.MARKETING if self.category == self.Category.MARKETING else Purpose.SERVICE

    @property
    def status_words(self) -> str:
        """The status for people."""
        return str(dict(self.Status.choices).get(self.status, self.status))

    @property
    def category_words(self) -> str:
        """The category for people."""
        return str(dict(self.Category.choices).get(self.category, self.category))


class OutboxMessage(models.Model):
    """A message that is to leave, is held, or left: at most once for its reason."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waits for its turn")
        HELD = "held", _("Held")
        SENDING = "sending", _("On its way to the platform")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Left or not, nobody knows yet")
        CANCELLED = "cancelled", _("Not sent")

    class Receipt(models.TextChoices):
        NONE = "", _("Not delivered yet")
        DELIVERED = "delivered", _("Delivered")
        READ = "read", _("Read")

    reason_key = models.CharField(max_length=200, unique=True)
    """Why it is sent, in a word that no second message may have."""
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="outbox")
    identity = models.ForeignKey(Identity, models.PROTECT, related_name="outbox", db_index=False)
    purpose = models.CharField(max_length=10, choices=Purpose)
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    """The member who wrote it; nobody: a machine did."""
    text = models.TextField()
    """Of a template: how it reads with its blanks filled in."""
    template = models.JSONField(null=True)
    """Name, language, blanks and places of a `Template`."""
    files = models.JSONField(default=list)
    """Files that go with it, as `files.told` names them."""
    reply_to = models.CharField(max_length=200, blank=True)
    """The platform's id of the message that it answers."""
    rank = models.PositiveSmallIntegerField(default=0)
    """Of messages that are due, those of the lowest rank go first: members', then answers, then marketing."""
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    reason = models.CharField(max_length=30, choices=Reason, blank=True)
    """Why it is held, or was cancelled."""
    queued_at = models.DateTimeField(auto_now_add=True)
    next_at = models.DateTimeField(null=True)
    """When it is looked at next; nothing: not before something happens."""
    attempts = models.PositiveSmallIntegerField(default=0)
    sending_at = models.DateTimeField(null=True)
    """When the last attempt began."""
    error_code = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    """The platform's id of it."""
    receipt = models.CharField(max_length=9, choices=Receipt, default=Receipt.NONE, blank=True)
    """The furthest that it is known to have come."""
    is_recorded = models.BooleanField(default=False)
    """Whether it stands in the history as `message.sent`."""

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["rank", "next_at"], condition=models.Q(state__in=["queued", "held"]), name="outbox_due"
            ),
            models.Index(fields=["sending_at"], condition=models.Q(state="sending"), name="outbox_sending"),
            models.Index(fields=["id"], condition=models.Q(state="sent", is_recorded=False), name="outbox_unrecorded"),
            models.Index(fields=["id"], condition=models.Q(state="unknown"), name="outbox_unknown"),
            models.Index(fields=["identity", "sending_at"], name="outbox_of_identity"),
            models.Index(fields=["channel", "external_id"], name="outbox_external"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def is_automatic(self) -> bool:
        """Whether no member wrote it."""
        return self.by_id is None

    @property
    def left_at(self) -> datetime:
        """When the last attempt began, of a message that left or may have."""
        return self.sending_at or self.queued_at

    @property
    def held_until(self) -> datetime | None:
        """The moment at which a held message is looked at again."""
        return self.next_at if self.state == self.State.HELD else None

    @property
    def can_go_now(self) -> bool:
        """Whether a member may let it out, though it is held (`actions.send_now`)."""
        return self.state == self.State.HELD and self.reason in HELD_FOR_MACHINES

    def as_template(self) -> Template | None:
        """The call of its template; None where it is none."""
        return Template(**self.template) if self.template else None

    def as_message(self) -> Message:
        """The message as adapters want it."""
        external_id, template = self.identity.external_id, self.as_template()
        return Message(self.pk, external_id, self.text, template, self.reply_to, self.files)


class Opening(models.Model):
    """When somebody was last written to while their window was shut (`channels.openings`)."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="openings", db_index=False)
    identity = models.ForeignKey(Identity, models.CASCADE, related_name="openings", db_index=False)
    opened_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "identity"], name="opening_once")]
        indexes: ClassVar = [
            models.Index(fields=["channel", "opened_at"], name="opening_counts"),
            models.Index(fields=["identity"], name="opening_of_identity"),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.identity_id}"


class StoredFile(models.Model):
    """A file that came along with a message or a note (`channels.files`)."""

    token = models.CharField(max_length=40, primary_key=True)
    """Its name on the disk and in addresses, which nobody guesses."""
    source = models.CharField(max_length=60)
    """Whose conversation it belongs to: with this and `external_id` the identity, which may not be known yet."""
    external_id = models.CharField(max_length=200)
    own_id = models.CharField(max_length=64)
    """What its sender's browser calls it: sent again under the same id it is the same."""
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    """The member who sent it; nobody: the contact did."""
    name = models.CharField(max_length=110)
    """What its sender calls it."""
    kind = models.CharField(max_length=100)
    """Its media type, by its first bytes."""
    size = models.PositiveIntegerField()
    """Bytes."""
    stored_at = models.DateTimeField(auto_now_add=True)
    is_sent = models.BooleanField(default=False)
    """Whether a message or a note names it; what none names is swept."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id", "own_id"], name="stored_file_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["stored_at"], condition=models.Q(is_sent=False), name="stored_file_unsent")
        ]

    def __str__(self) -> str:
        return self.token


class ComingFile(models.Model):
    """A file that came with a message and that the platform keeps until it is fetched (`channels.coming`)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being fetched")
        STORED = "stored", _("Here")
        FAILED = "failed", _("Could not be had")

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+", db_index=False)
    identity = models.ForeignKey(Identity, models.PROTECT, related_name="+")
    source_key = models.CharField(max_length=200)
    """Of the event that it came with."""
    remote_id = models.CharField(max_length=64)
    """The platform's id of it."""
    name = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=100, blank=True)
    """What its sender calls it, and its media type as the platform tells it."""
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    stored = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    """When it is tried next."""
    attempts = models.PositiveSmallIntegerField(default=0)
    error_code = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "source_key", "remote_id"], name="coming_file_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="coming_file_due")
        ]

    def __str__(self) -> str:
        return f"{self.remote_id} {self.state}"


class ShortLink(models.Model):
    """An address of ours that leads on to one that a message named, and tells that it was followed."""

    token = models.SlugField(max_length=20, primary_key=True)
    message = models.ForeignKey(OutboxMessage, models.CASCADE, related_name="links")
    url = models.TextField()

    def __str__(self) -> str:
        return self.token


class Consent(models.Model):
    """What a contact said by one identity about one purpose; the newest counts, and absence is unknown."""

    identity = models.ForeignKey(Identity, models.PROTECT, related_name="consents", db_index=False)
    purpose = models.CharField(max_length=10, choices=Purpose)
    is_allowed = models.BooleanField()
    how = models.CharField(max_length=60)
    """How we know: a word they wrote, a button of the platform, a form, a member's word."""
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    """The member who noted it."""
    said_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["identity", "purpose", "said_at", "how"], name="consent_once")
        ]

    def __str__(self) -> str:
        return f"{self.identity_id} {self.purpose} {self.is_allowed}"


class Allowance(models.Model):
    """How far messages of a channel, or to one of its identities, are ahead of their pace (`channels.pacing`)."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="allowances", db_index=False)
    interface = models.CharField(max_length=60)
    earned_at = models.DateTimeField()
    """The moment by which everything granted so far will have been earned."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "interface"], name="allowance_once")]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.interface}"

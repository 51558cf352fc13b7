"""Who reads what comes in, and who is told of it: the one table of news that travels upward."""

from __future__ import annotations

CHANNEL_ADAPTERS: dict[str, str] = {
    # kind of channel → the integration that speaks it (`channels.adapter.Adapter`)
    "webchat": "seamark.apps.integrations.webchat.adapter.WebChat",
    "whatsapp": "seamark.apps.integrations.whatsapp.adapter.WhatsApp",
}

DELIVERY_READERS: dict[str, str] = {
    # kind of channel → what turns one delivery of it into arrivals (`timeline.arrivals.Reader`)
    **dict.fromkeys(CHANNEL_ADAPTERS, "seamark.apps.channels.registry.read"),
    "api": "seamark.apps.timeline.arrivals.read_native",
    "link": "seamark.apps.timeline.arrivals.read_native",
    "history": "seamark.apps.timeline.arrivals.read_native",
}

EVENT_ANNOTATOR = "seamark.apps.tagging.reading.annotated"
"""What reads the texts of events before they are stored."""

EVENT_LISTENERS: tuple[str, ...] = (
    # told of stored events, in this order, in the transaction that stores them
    # (rows of contacts first, then their standings: whoever moves contacts locks them in that order too)
    "seamark.apps.timeline.fields.note",
    "seamark.apps.tagging.live.retag",
    "seamark.apps.timeline.following.note",
    "seamark.apps.channels.consents.note",
    "seamark.apps.channels.receipts.note",
    "seamark.apps.channels.coming.note",
    "seamark.apps.seas.arrivals.note",
    "seamark.apps.inbox.listening.note",
    "seamark.apps.followups.actions.note_messages",
)

TAG_LISTENERS: tuple[str, ...] = (
    # told of tags entered and left, in the transaction that writes them down
    "seamark.apps.api.webhooks.note_changes",
    "seamark.apps.followups.reactions.react",
)

OWNER_LISTENERS: tuple[str, ...] = (
    # told of contacts that got another owner or none, in the transaction that moves them
    "seamark.apps.followups.actions.follow_owners",
)

HELP_REASONS: tuple[str, ...] = (
    # for what teams help with contacts of others, besides conversations that go on (`inbox.helping.HasToDo`)
    "seamark.apps.followups.queries.has_to_do",
)

WORKERS: dict[str, str] = {
    # kind of long work → what does it (`work.kinds.Kind`)
    "batch": "seamark.apps.batches.running.batch",
    "export": "seamark.apps.desk.export.export",
    "segment-search": "seamark.apps.outreach.searching.search",
    "what-if": "seamark.apps.tagging.imagining.what_if",
}

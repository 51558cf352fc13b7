"""The kinds of event that conversations are made of."""

from __future__ import annotations

RECEIVED, SENT = "message.received", "message.sent"
NOTED, ASSIGNED, SNOOZED, DONE, OPENED = KINDS = (
    "note.written",
    "conversation.assigned",
    "conversation.snoozed",
    "conversation.done",
    "conversation.opened",
)
"""Members' deeds, in the history of the contact; their props name the conversation."""
MACHINE = "machine"
"""The actor of what no member wrote; it answers nobody who waits for a person."""

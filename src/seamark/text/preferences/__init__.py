"""How a contact likes to be reached, as the one line that people note down (S0), and as fields."""

from seamark.text.preferences.note import MOST_PUSHES, NotUnderstood, is_too_often, read_note, write_note
from seamark.text.preferences.slots import EVENING, OFFICE_HOURS, Slot, read_slot, write_slot

__all__ = [
    "EVENING",
    "MOST_PUSHES",
    "OFFICE_HOURS",
    "NotUnderstood",
    "Slot",
    "is_too_often",
    "read_note",
    "read_slot",
    "write_note",
    "write_slot",
]

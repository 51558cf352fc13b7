"""What is plain of a template's blanks: the contact's name, by what a blank is called or stands behind, and fields."""

from __future__ import annotations

import re

from seamark.apps.channels.models import MessageTemplate
from seamark.apps.channels.template_lists import BLANK
from seamark.apps.contacts.masks import Masks
from seamark.apps.contacts.models import Contact
from seamark.apps.contacts.values import in_words

NAMES = frozenset("name first_name firstname customer_name customer contact_name client_name full_name".split())
"""What blanks are called that the contact's name fills."""
GREETING = re.compile(
    r"(?:\b(?:hi|hello|hey|dear|hola|olá|oi|bonjour|hallo|ciao)|你好|您好|尊敬的|亲爱的)[\s,，!！]*$", re.IGNORECASE
)
"""After these words a numbered blank is the contact's name."""


def prefilled(template: MessageTemplate, contact: Contact, masks: Masks) -> list[str]:
    """What is plain of the blanks: the contact's name, and fields that blanks are called by.

    A reader who does not see the contact's name and fields in full fills them in by hand.
    """
    if not masks.is_open(contact):
        return [""] * len(template.blanks)
    return [_plain(template, place, contact) for place in template.blanks]


def _plain(template: MessageTemplate, place: str, contact: Contact) -> str:
    part, _, name = place.partition(".")
    if part == "button":
        return ""
    if name.isdecimal():
        text = getattr(template, part)
        before = next((text[: blank.start()] for blank in BLANK.finditer(text) if blank[1] == name), "")
        return _name(contact) if GREETING.search(before) else ""
    if name.lower() in NAMES:
        return _name(contact)
    return in_words(contact.fields[name]) if contact.fields.get(name) is not None else ""


def _name(contact: Contact) -> str:
    """The contact's name; channels that know none give a number, which greets nobody."""
    return contact.name if any(letter.isalpha() for letter in contact.name) else ""

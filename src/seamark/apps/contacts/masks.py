"""What a member sees of phone numbers and addresses: all of them, or enough to recognise one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from seamark.apps.accounts.access import Reach, reach
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.models import Contact, Field, Identity

HIDDEN = "***"
_PHONE = re.compile(r"(?<![\w+])\+?\d[\d\s().-]{5,}\d(?!\w)")


def masked_phone(text: str) -> str:
    """The first four and the last three characters, fewer of a short one.

    >>> masked_phone("0912345456"), masked_phone("+852 5555 1234"), masked_phone("12345678")
    ('0912***456', '+852***234', '12***78')
    """
    written = "".join(text.split())
    first, last = (4, 3) if len(written) >= 10 else (len(written) // 4, len(written) // 4)
    return written[:first] + HIDDEN + written[len(written) - last :]


def masked_address(text: str) -> str:
    """Where it begins, such as the city: a third of it, six characters at most.

    >>> masked_address("上海市浦东新区世纪大道 100 号"), masked_address("12 Canal Street, Leeds")
    ('上海市浦东***', '12 Can***')
    """
    return text[: min(6, len(text) // 3)] + HIDDEN


def masked_phones(text: str) -> str:
    """The text with whatever looks like a phone number in it masked.

    >>> masked_phones("Wang +86 138 1234 5678"), masked_phones("No. 12345")
    ('Wang +861***678', 'No. 12345')
    """
    return _PHONE.sub(lambda found: masked_phone(found[0]), text)


@dataclass(frozen=True)
class Masks:
    """What one member sees, of every contact."""

    unmasked: Reach
    """Whose phone numbers and addresses are seen in full."""

    def is_open(self, contact: Contact) -> bool:
        """Whether this contact's are."""
        return self.unmasked.covers(owner=contact.owner_id, team=contact.team_id)

    def name(self, contact: Contact) -> str:
        """What the contact is called; channels that know no name give a number instead."""
        return contact.name if self.is_open(contact) else masked_phones(contact.name)

    def external_id(self, contact: Contact, identity: Identity) -> str:
        """How the channel knows the contact, often by a phone number."""
        return identity.external_id if self.is_open(contact) else masked_phones(identity.external_id)

    def external_name(self, contact: Contact, identity: Identity) -> str:
        """What the channel calls the contact."""
        return identity.name if self.is_open(contact) else masked_phones(identity.name)

    def phone(self, contact: Contact, phones: Iterable[Field]) -> str:
        """The first of the contact's phone numbers; empty where none is known."""
        number = next((str(value) for field in phones if (value := contact.fields.get(field.name))), "")
        return number if self.is_open(contact) or not number else masked_phone(number)

    def fields(self, contact: Contact, catalogue: Iterable[Field]) -> dict[str, object]:
        """The contact's fields; of those that the catalogue does not know, whatever looks like a phone is masked."""
        if self.is_open(contact):
            return dict(contact.fields)
        masks = {field.name: field.mask for field in catalogue}
        return {name: _masked(value, masks.get(name)) for name, value in contact.fields.items()}


def masks_of(member: Member) -> Masks:
    """What the member sees."""
    return Masks(reach(member, Action.UNMASK))


def _masked(value: object, mask: str | None) -> object:
    match mask:
        case Field.Mask.PHONE:
            return masked_phone(str(value))
        case Field.Mask.ADDRESS:
            return masked_address(str(value))
        case None if isinstance(value, str):
            return masked_phones(value)
    return value

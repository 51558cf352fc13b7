"""What a member sees of phone numbers and addresses: all of them, or enough to recognise one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from seamark.apps.accounts.access import Reach, reach
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.models import Contact, Field, Identity
from seamark.apps.contacts.nameless import visitor_name
from seamark.text.masks import masked_address, masked_email, masked_phone, masked_text


@dataclass(frozen=True)
class Masks:
    """What one member sees, of every contact."""

    unmasked: Reach
    """Whose phone numbers and addresses are seen in full."""

    def is_open(self, contact: Contact) -> bool:
        """Whether this contact's are."""
        return self.unmasked.covers(owner=contact.owner_id, team=contact.team_id)

    def name(self, contact: Contact) -> str:
        """What the contact is called in the desk: by name, by a number or address that is known, or by a code."""
        return self.known_name(contact) or self._address(contact) or visitor_name(contact.pk)

    def known_name(self, contact: Contact) -> str:
        """The contact's own name, to write it to them; channels that know none give a number instead, or nothing."""
        return self.text(contact, contact.name)

    def external_id(self, contact: Contact, identity: Identity) -> str:
        """How the channel knows the contact, often by a phone number."""
        return self.text(contact, identity.external_id)

    def external_name(self, contact: Contact, identity: Identity) -> str:
        """What the channel calls the contact."""
        return self.text(contact, identity.name)

    def text(self, contact: Contact, text: str) -> str:
        """What was written to the contact, by it, or about it."""
        return text if self.is_open(contact) else masked_text(text)

    def props(self, contact: Contact, props: Mapping[str, Any]) -> dict[str, Any]:
        """What is known of an event of the contact."""
        return dict(props) if self.is_open(contact) else {name: _hidden(value) for name, value in props.items()}

    def phone(self, contact: Contact) -> str:
        """The first of the contact's phone numbers; empty where none is known."""
        return self._first(contact, Field.Mask.PHONE)

    def _address(self, contact: Contact) -> str:
        """By what somebody without a name is told from others; asks for the catalogue only where there is a choice."""
        if not contact.fields:
            return ""
        return self._first(contact, Field.Mask.PHONE) or self._first(contact, Field.Mask.EMAIL)

    def _first(self, contact: Contact, mask: Field.Mask) -> str:
        held = (
            self.value(contact, contact.fields.get(each.name), each) for each in self._addresses if each.mask == mask
        )
        return next((str(value) for value in held if value), "")

    @cached_property
    def _addresses(self) -> list[Field]:
        return list(Field.objects.filter(mask__in=[Field.Mask.PHONE, Field.Mask.EMAIL]))

    def value(self, contact: Contact, value: object, field: Field | None) -> object:
        """What one field of the contact holds or held; None: a field that the catalogue does not know."""
        return value if self.is_open(contact) else _masked(value, field.mask if field else None)

    def fields(self, contact: Contact, catalogue: Iterable[Field]) -> dict[str, object]:
        """The contact's fields; in texts, whatever looks like a phone number or an e-mail address is masked."""
        if self.is_open(contact):
            return dict(contact.fields)
        masks = {field.name: field.mask for field in catalogue}
        return {name: _masked(value, masks.get(name)) for name, value in contact.fields.items()}


def masks_of(member: Member) -> Masks:
    """What the member sees."""
    return Masks(reach(member, Action.UNMASK))


def _masked(value: object, mask: str | None) -> object:
    if value is None:
        return None
    match mask:
        case Field.Mask.PHONE:
            return masked_phone(str(value))
        case Field.Mask.EMAIL:
            return masked_email(str(value))
        case Field.Mask.ADDRESS:
            return masked_address(str(value))
    return _hidden(value)


def _hidden(value: Any) -> Any:
    """The value with all texts in it masked."""
    match value:
        case str():
            return masked_text(value)
        case list():
            return [_hidden(each) for each in value]
        case dict():
            return {name: _hidden(each) for name, each in value.items()}
    return value

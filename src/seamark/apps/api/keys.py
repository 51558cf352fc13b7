"""Keys: made, shown once, and recognised by their digest."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

from django.db import transaction

from seamark.apps.accounts.models import Member
from seamark.apps.accounts.record import What, note
from seamark.apps.api.models import Key
from seamark.apps.contacts.actions import topmost_team
from seamark.apps.contacts.models import Source

PREFIX = "seamark_"


def add_key(
    *, name: str, source: str, member: Member, scopes: Sequence[str], by: Member | None = None
) -> tuple[Key, str]:
    """A key that acts for the member, and its text, which is shown this once; made by the member, unless `by` says."""
    text = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        origin, _ = Source.objects.get_or_create(key=source, defaults={"team": topmost_team()})
        key = Key.objects.create(name=name, source=origin, member=member, scopes=list(scopes), digest=digest(text))
        note(What.KEY_ADDED, by=by or member, about=name, about_id=key.pk)
    return key, text


@transaction.atomic
def revoke_key(*, key: Key, by: Member) -> None:
    """Whoever has the key gets in no more."""
    if Key.objects.filter(pk=key.pk, is_active=True).update(is_active=False):
        note(What.KEY_REVOKED, by=by, about=key.name, about_id=key.pk)


def digest(text: str) -> str:
    """What is kept of a key. Keys are random, so that no slow hash is needed."""
    return hashlib.sha256(text.encode()).hexdigest()


_OF_DIGEST = """
SELECT key.* FROM api_key key JOIN accounts_member member ON member.id = key.member_id
WHERE key.digest = %s AND key.is_active AND member.is_active
"""


def key_of(text: str) -> Key | None:
    """The active key of that text, its member still being one.

    Every delivery asks for it: written by hand as composing the query costs more than running it.
    """
    return next(iter(Key.objects.raw(_OF_DIGEST, [digest(text)])), None)

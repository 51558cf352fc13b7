"""Members, teams and posts are written here."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from seamark.apps.accounts.models import Member, Post, Team


def add_member(*, email: str, name: str, role: str, team: str, password: str, by: Member | None) -> Member:
    """A member with one post. Raises ValidationError for an address that is taken or a password that is weak."""
    validate_email(email)
    found = Team.objects.filter(name=team).first()
    if found is None:
        known = ", ".join(Team.objects.order_by("name").values_list("name", flat=True))
        raise ValidationError(_("There is no team “%(team)s”; there are: %(known)s.") % {"team": team, "known": known})
    if Member.objects.filter(email=email.strip().lower()).exists():
        raise ValidationError(_("There is a member with the address %(email)s already.") % {"email": email})
    member = Member(email=email.strip().lower(), name=name)
    validate_password(password, member)
    member.set_password(password)
    with transaction.atomic():
        member.save()
        Post.objects.create(member=member, team=found, role=role)
    return member

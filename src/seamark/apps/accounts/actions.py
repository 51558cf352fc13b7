"""Members, teams and posts are written here."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from seamark.apps.accounts.access import subtree
from seamark.apps.accounts.forms import TeamForm
from seamark.apps.accounts.models import Member, Post, Team
from seamark.apps.accounts.roles import ROLES, Action
from seamark.apps.refusals import ActionRefused


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


def remove_post(*, post: Post) -> None:
    """Take a role away; the last that may manage members stays."""
    with transaction.atomic():
        _keep_a_manager_of_members(leaving=Post.objects.select_for_update().filter(pk=post.pk))
        post.delete()


def deactivate(*, member: Member) -> None:
    """The member can no longer sign in; contacts keep their owner until they are allocated."""
    with transaction.atomic():
        _keep_a_manager_of_members(leaving=Post.objects.select_for_update().filter(member=member))
        Member.objects.filter(pk=member.pk).update(is_active=False)


def activate(*, member: Member) -> None:
    """The member can sign in again."""
    Member.objects.filter(pk=member.pk).update(is_active=True)


def change_team(*, form: TeamForm) -> None:
    """Save a team, unless it would stand below itself."""
    above = form.cleaned_data["above"]
    if above and above.pk in subtree([form.instance.pk]):
        raise ActionRefused("circle", _("A team cannot stand below itself."))
    form.save()


def _keep_a_manager_of_members(*, leaving: QuerySet[Post]) -> None:
    """Raises ActionRefused where nobody would be left who may manage members."""
    managing = [role.name for role in ROLES.values() if role.may.get(Action.MEMBERS)]
    staying = Post.objects.filter(role__in=managing, member__is_active=True).exclude(pk__in=[p.pk for p in leaving])
    if not staying.exists():
        raise ActionRefused("last-administrator", _("Somebody must stay who may manage members."))

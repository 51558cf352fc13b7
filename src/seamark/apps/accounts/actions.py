"""Members, teams and posts are written here."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from seamark.apps.accounts.access import subtree
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.forms import TeamForm
from seamark.apps.accounts.models import Member, Post, Team
from seamark.apps.accounts.record import What, note
from seamark.apps.accounts.roles import ROLES, Action


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
        note(What.MEMBER_ADDED, by=by, about=f"{name}, {role}, {team}", about_id=member.pk)
    return member


def add_post(*, member: Member, role: str, team: Team, by: Member) -> None:
    """Give a member a further role; one that is held already stays."""
    with transaction.atomic():
        _, new = Post.objects.get_or_create(member=member, role=role, team=team)
        if new:
            note(What.POST_ADDED, by=by, about=f"{member.name}, {role}, {team.name}", about_id=member.pk)


def set_password(*, member: Member, password: str, by: Member) -> None:
    """A new password for a member who forgot theirs; wherever they were signed in they no longer are."""
    validate_password(password, member)
    with transaction.atomic():
        member.set_password(password)
        member.save(update_fields=["password"])
        note(What.PASSWORD_SET, by=by, about=member.name, about_id=member.pk)


def remove_post(*, post: Post, by: Member) -> None:
    """Take a role away; the last that may manage members stays."""
    with transaction.atomic():
        _keep_a_manager_of_members(leaving=Post.objects.select_for_update().filter(pk=post.pk))
        note(What.POST_REMOVED, by=by, about=f"{post.member.name}, {post.role}", about_id=post.member_id)
        post.delete()


def deactivate(*, member: Member, by: Member) -> None:
    """The member can no longer sign in; contacts keep their owner until they are allocated."""
    with transaction.atomic():
        _keep_a_manager_of_members(leaving=Post.objects.select_for_update().filter(member=member))
        Member.objects.filter(pk=member.pk).update(is_active=False)
        note(What.MEMBER_LEFT, by=by, about=member.name, about_id=member.pk)


def activate(*, member: Member, by: Member) -> None:
    """The member can sign in again."""
    with transaction.atomic():
        Member.objects.filter(pk=member.pk).update(is_active=True)
        note(What.MEMBER_BACK, by=by, about=member.name, about_id=member.pk)


def save_team(*, form: TeamForm, by: Member) -> None:
    """Save a team, unless it would stand below itself."""
    above = form.cleaned_data["above"]
    if above and form.instance.pk and above.pk in subtree([form.instance.pk]):
        raise ActionRefused("circle", _("A team cannot stand below itself."))
    with transaction.atomic():
        team = form.save()
        note(What.TEAM_CHANGED, by=by, about=team.name, about_id=team.pk)


def _keep_a_manager_of_members(*, leaving: QuerySet[Post]) -> None:
    """Raises ActionRefused where nobody would be left who may manage members."""
    managing = [role.name for role in ROLES.values() if role.may.get(Action.MEMBERS)]
    staying = Post.objects.filter(role__in=managing, member__is_active=True).exclude(pk__in=[p.pk for p in leaving])
    if not staying.exists():
        raise ActionRefused("last-administrator", _("Somebody must stay who may manage members."))

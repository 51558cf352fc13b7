"""Pages about members, teams and roles, and a member's own preferences."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from seamark.apps.accounts import actions
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.forms import NewMember, NewPassword, NewPost, Preferences, TeamForm
from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.mail_choice import mail_choice, refused_last
from seamark.apps.accounts.models import Member, Post, Team
from seamark.apps.accounts.queries import latest_deeds, members_with_posts, roles_in_words, team_tree
from seamark.apps.accounts.record import What
from seamark.apps.accounts.roles import Action


def preferences(request: HttpRequest) -> HttpResponse:
    """A member's own name, language and time zone, and which notices are mailed."""
    member = member_of(request)
    form = Preferences(request.POST or None, instance=member)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("accounts:preferences")
    return _page(request, "preferences", {"form": form, **mail_choice(member)})


@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """The switch in the header: kept with the member, or in a cookie before anybody signed in."""
    language = request.POST.get("language", "")
    there = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, request.is_secure())
    response = redirect(there if safe else "/")
    if check_for_language(language):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=31_536_000, samesite="Lax")
        if isinstance(request.user, Member):
            Member.objects.filter(pk=request.user.pk).update(language=language)
    return response


@needs(Action.MEMBERS)
def members(request: HttpRequest) -> HttpResponse:
    """Everybody who works here or did."""
    return _page(request, "members", {"members": members_with_posts()})


@needs(Action.MEMBERS)
def add_member(request: HttpRequest) -> HttpResponse:
    """Somebody new."""
    form = NewMember(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"team": form.cleaned_data["team"].name}
        try:
            member = actions.add_member(**given, by=member_of(request))
        except ValidationError as refused:
            form.add_error("password" if "password" in str(refused.error_list[0].code) else None, refused)
        else:
            messages.success(request, _("%(name)s can sign in now.") % {"name": member.name})
            return redirect("accounts:members")
    return _page(request, "add_member", {"form": form})


@needs(Action.MEMBERS)
def member(request: HttpRequest, id: int) -> HttpResponse:
    """One member's posts."""
    found = get_object_or_404(Member, pk=id)
    form = NewPost(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_post(member=found, **form.cleaned_data, by=member_of(request))
        return redirect("accounts:member", found.pk)
    posts = found.posts.select_related("team")
    return _page(request, "member", {"member": found, "posts": posts, "form": form, "refused": refused_last(found)})


@needs(Action.MEMBERS)
def password(request: HttpRequest, id: int) -> HttpResponse:
    """A new password for a member."""
    found = get_object_or_404(Member, pk=id)
    form = NewPassword(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_password(member=found, password=form.cleaned_data["password"], by=member_of(request))
        except ValidationError as refused:
            form.add_error("password", refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:member", found.pk)
    return _page(request, "password", {"member": found, "form": form})


@needs(Action.RECORD)
def record(request: HttpRequest) -> HttpResponse:
    """Who did and saw what, newest first, a hundred at a time."""
    before = request.GET.get("before", "")
    deeds = latest_deeds(before=int(before) if before.isdecimal() and len(before) < 19 else None)
    return _page(request, "record", {"deeds": deeds})


@require_POST
@needs(Action.MEMBERS)
def remove_post(request: HttpRequest, id: int, post: int) -> HttpResponse:
    """A role is held no more."""
    found = get_object_or_404(Post, pk=post, member_id=id)
    return _done(request, "accounts:member", lambda: actions.remove_post(post=found, by=member_of(request)), id)


@require_POST
@needs(Action.MEMBERS)
def switch_member(request: HttpRequest, id: int) -> HttpResponse:
    """A member leaves, or comes back."""
    found = get_object_or_404(Member, pk=id)
    act = actions.deactivate if found.is_active else actions.activate
    return _done(request, "accounts:member", lambda: act(member=found, by=member_of(request)), id)


@needs(Action.MEMBERS)
def teams(request: HttpRequest) -> HttpResponse:
    """The tree of teams, and a form for one more."""
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.save_team(form=form, by=member_of(request))
        messages.success(request, _("The team was added."))
        return redirect("accounts:teams")
    return _page(request, "teams", {"tree": team_tree(), "form": form})


@needs(Action.MEMBERS)
def team(request: HttpRequest, id: int) -> HttpResponse:
    """A team's name, kind and place."""
    found = get_object_or_404(Team, pk=id)
    form = TeamForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if form.is_accepted(What.TEAM_CHANGED):
                return _done(request, "accounts:teams", lambda: actions.save_team(form=form, by=member_of(request)))
    return _page(request, "team", {"team": found, "form": form})


def roles(request: HttpRequest) -> HttpResponse:
    """What each role may do: for everybody to read."""
    return _page(request, "roles", {"table": roles_in_words()})


def _page(request: HttpRequest, name: str, shown: dict[str, Any]) -> HttpResponse:
    """422 for a form that came back with errors, as htmx wants it."""
    form = shown.get("form")
    status = 422 if form is not None and form.is_bound and not form.is_valid() else 200
    return render(request, f"accounts/{name}.html", shown, status=status)


def _done(request: HttpRequest, view: str, act: Any, *args: Any) -> HttpResponse:
    try:
        act()
    except ActionRefused as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("Saved."))
    return redirect(view, *args)

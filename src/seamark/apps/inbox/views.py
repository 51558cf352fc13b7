"""The settings of the inbox: canned words."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from seamark.apps.accounts.gatekeeping import member_of, needs
from seamark.apps.accounts.record import What, note
from seamark.apps.accounts.roles import Action
from seamark.apps.inbox.canned import BLANKS
from seamark.apps.inbox.forms import CannedWordsForm
from seamark.apps.inbox.models import CannedWords


@needs(Action.SETTINGS)
def words(request: HttpRequest, id: int | None = None) -> HttpResponse:
    """All canned words, and a form for one of them or for a new one."""
    chosen = get_object_or_404(CannedWords, pk=id) if id is not None else None
    form = CannedWordsForm(request.POST or None, instance=chosen)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if form.is_accepted(What.SETTING_CHANGED):
                saved = form.save()
                note(What.SETTING_CHANGED, by=member_of(request), about=f"/{saved.shortcut}", about_id=saved.pk)
                messages.success(request, _("Saved."))
                return redirect("inbox:words")
    shown = {
        "all_words": CannedWords.objects.select_related("team").order_by("shortcut", "pk"),
        "form": form,
        "chosen": chosen,
        "blanks": BLANKS.items(),
    }
    return render(request, "inbox/words.html", shown, status=422 if form.errors else 200)


@require_POST
@needs(Action.SETTINGS)
def remove_words(request: HttpRequest, id: int) -> HttpResponse:
    """Nobody has them at hand any more."""
    gone = get_object_or_404(CannedWords, pk=id)
    gone.delete()
    note(What.SETTING_CHANGED, by=member_of(request), about=f"/{gone.shortcut}")
    messages.success(request, _("Removed."))
    return redirect("inbox:words")

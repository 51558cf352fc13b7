"""Searching for whom a condition fits, as work."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seamark.apps.accounts.access import reach
from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.accounts.models import Member
from seamark.apps.accounts.roles import Action
from seamark.apps.contacts.models import Contact
from seamark.apps.outreach.conditions import STEPS, fitting
from seamark.apps.outreach.models import Search
from seamark.apps.work.kinds import Tell, kind
from seamark.apps.work.models import Work
from seamark.engine.errors import RuleError

CONTACTS_AT_ONCE = 50_000


def _title(work: Work) -> str:
    return _("Search: %(condition)s") % {"condition": Truncator(work.asked["when"]).chars(80)}


def _outcome(work: Work) -> str:
    if work.result is None:
        return ""
    number = work.result["count"]
    return ngettext("%(number)s contact fits.", "%(number)s contacts fit.", number) % {"number": f"{number:,}"}


def _href(work: Work) -> str:
    return f"{reverse('desk:contacts')}?found={work.pk}" if work.result else ""


@kind(title=_title, outcome=_outcome, href=_href)
def search(work: Work, tell: Tell) -> dict[str, Any]:
    """Find them in the lake, and keep those that whoever asked may see. Begins anew when its worker was killed."""
    now = timezone.now()
    try:
        found = sorted(fitting(work.asked["when"], now, tell))
    except RuleError as error:  # another rulebook went live since it was asked
        raise ActionRefused("condition", str(error.problems[0].message)) from None
    seen = _within_reach(work.by, found)
    with transaction.atomic():
        tell(STEPS, STEPS)
        Search.objects.update_or_create(
            work=work, defaults={"when": work.asked["when"], "computed_at": now, "contacts": seen}
        )
    return {"count": len(seen), "computed_at": now.isoformat()}


def _within_reach(member: Member, contacts: list[int]) -> list[int]:
    reached = Contact.objects.filter(reach(member, Action.VIEW).condition())
    seen: list[int] = []
    for start in range(0, len(contacts), CONTACTS_AT_ONCE):
        some = contacts[start : start + CONTACTS_AT_ONCE]
        seen += reached.filter(pk__in=some).order_by("pk").values_list("pk", flat=True)
    return seen

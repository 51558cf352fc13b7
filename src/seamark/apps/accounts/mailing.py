"""Notices by e-mail: what members want mailed and did not see in the page, several in one mail.

1. The notices of a member that wait are put together into a mail.
2. A mail is claimed by setting its next attempt, before the server is called: what a killed worker had in hand is
   tried again then.
3. What came of it is written down: sent, refused for good, or to be tried again, after pauses that double.
4. Where the server itself fails, no other mail is tried before the one that found that out is tried again.

A mail of which nobody knows whether it left goes again under its own Message-ID, by which mailboxes know it.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from seamark.apps.accounts.mail_server import Failure, close, hand_over
from seamark.apps.accounts.mail_text import message
from seamark.apps.accounts.models import Mail, Notice

log = logging.getLogger(__name__)

State = Mail.State

TIME_TO_SEE = timedelta(minutes=2)
"""So long a notice waits to be seen in the page."""
BETWEEN_MAILS = timedelta(minutes=10)
"""A member gets no two mails within this time."""
AFTER_A_REFUSAL = timedelta(days=1)
"""So long nothing is sent where a mail was refused for good: who goes on writing to dead addresses gets blocked."""
TRIED_FOR = timedelta(days=1)
"""So long is tried to mail a notice; later it is found in the page alone."""
FIRST_PAUSE = timedelta(minutes=5)
"""Before the second attempt: servers that put unknown senders off want to be asked again after that, and a mail that
is still in hand by then is in nobody's."""
LONGEST_PAUSE = timedelta(hours=1)
MOST_IN_A_MAIL = 50


def mail_notices(at_most: int = 20) -> int:
    """Mail what waits; returns how many mails were tried."""
    _put_together()
    if Mail.objects.filter(state=State.WAITING, is_held_up=True, next_at__gt=timezone.now()).exists():
        return 0
    server, tried = get_connection(), 0
    for mail in _due()[:at_most]:
        if _claimed(mail):
            tried += 1
            if _mail(server, mail):
                break
    close(server)
    return tried


def _waiting() -> QuerySet[Notice]:
    """Neither seen in the page nor unwanted by e-mail."""
    return Notice.objects.filter(
        read_at=None, member__is_active=True, member__mailed_kinds__contains=[F("kind")]
    ).order_by("pk")


def _put_together() -> None:
    """Make a mail for each member who was told something that waits, unless they have one or had one just now."""
    now = timezone.now()
    unmailed = _waiting().filter(~Exists(_just_now(now)), mail=None, told_at__gt=now - TRIED_FOR)
    due = unmailed.filter(told_at__lte=now - TIME_TO_SEE)
    for member in set(due.values_list("member", flat=True)):
        mine = list(unmailed.filter(member=member).values_list("pk", flat=True)[:MOST_IN_A_MAIL])
        with transaction.atomic():
            mail = Mail.objects.create(member_id=member, next_at=now)
            # What another worker took meanwhile stays there; a mail that is left without notices goes unsent.
            Notice.objects.filter(pk__in=mine, mail=None).update(mail=mail)


def _just_now(now: datetime) -> QuerySet[Mail]:
    """Mails to a notice's member beside which there is none yet."""
    return Mail.objects.filter(
        Q(state=State.WAITING)
        | Q(state=State.REFUSED, settled_at__gt=now - AFTER_A_REFUSAL)
        | Q(settled_at__gt=now - BETWEEN_MAILS),
        member=OuterRef("member"),
    )


def _due() -> QuerySet[Mail]:
    """The one that found the server failing comes first: it has waited, and the others knock only if that goes well."""
    due = Mail.objects.filter(state=State.WAITING, next_at__lte=timezone.now()).select_related("member")
    return due.order_by("-is_held_up", "next_at", "pk")


def _claimed(mail: Mail) -> bool:
    """Whether the attempt is ours; the next one is due when this one has come to nothing."""
    mine = Mail.objects.filter(pk=mail.pk, state=State.WAITING, next_at=mail.next_at)
    mail.next_at = timezone.now() + min(FIRST_PAUSE * 2**mail.attempts, LONGEST_PAUSE)
    mail.attempts += 1
    return mine.update(next_at=mail.next_at, attempts=mail.attempts) == 1


def _mail(server: BaseEmailBackend, mail: Mail) -> bool:
    """Try once, and write down what came of it; returns whether it is the server that failed."""
    if mail.made_at < timezone.now() - TRIED_FOR:
        _settle(mail, State.GIVEN_UP)
        return False
    notices = list(_waiting().filter(mail=mail))
    if not notices:  # all seen by now, wanted no more, or in another mail
        mail.delete()
        return False
    failure = hand_over(server, message(mail, notices))
    if failure is None:
        _settle(mail, State.SENT)
    elif failure.is_final:
        _settle(mail, State.REFUSED, failure.answer)
    else:
        _put_off(mail, failure)
    return failure is not None and failure.is_servers


def _settle(mail: Mail, state: Mail.State, answer: str = "") -> None:
    """Done with; of what did not reach the member the operator is told."""
    mail.state, mail.settled_at, mail.is_held_up = state, timezone.now(), False
    mail.answer = answer or mail.answer
    mail.save(update_fields=["state", "settled_at", "is_held_up", "answer"])
    if state != State.SENT:
        log.error("mail.failed", extra=_told(mail))


def _put_off(mail: Mail, failure: Failure) -> None:
    mail.answer, mail.is_held_up = failure.answer, failure.is_servers
    mail.save(update_fields=["answer", "is_held_up"])
    log.log(logging.ERROR if failure.is_servers else logging.WARNING, "mail.put_off", extra=_told(mail))


def _told(mail: Mail) -> dict[str, object]:
    return {"mail": mail.pk, "member": mail.member_id, "state": mail.state, "answer": mail.answer}

"""What a mail of notices says, in the member's language."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seamark.apps.accounts.models import Mail, Notice


def message(mail: Mail, notices: Sequence[Notice]) -> EmailMessage:
    """The mail, the same for each attempt but for what was seen in the page meanwhile."""
    chosen_at = f"{settings.SITE_URL}{reverse('accounts:preferences')}#notices-by-mail"
    with translation.override(mail.member.language or settings.LANGUAGE_CODE):
        subject, text = _subject(notices), _text(notices, chosen_at)
    headers = {
        "Message-ID": f"<notices.{mail.pk}.{mail.made_at:%Y%m%d%H%M%S%f}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",  # so that nobody's absence note answers (RFC 3834)
        "List-Unsubscribe": f"<{chosen_at}>",
    }
    return EmailMessage(subject, text, to=[mail.member.email], headers=headers)


def _subject(notices: Sequence[Notice]) -> str:
    if len(notices) == 1:
        return " ".join(notices[0].text.split())  # a header has one line
    return ngettext("%(number)d notice", "%(number)d notices", len(notices)) % {"number": len(notices)}


def _text(notices: Sequence[Notice], chosen_at: str) -> str:
    lines = [f"{each.text}\n{settings.SITE_URL}{each.href}" for each in notices]
    end = _("You get this as you have not seen it in Seamark. Choose there which notices come by e-mail:")
    return "\n\n".join([*lines, f"-- \n{end}\n{chosen_at}\n"])

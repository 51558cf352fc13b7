"""How signing in differs from allauth's own way."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest
from django.shortcuts import render

from seamark.apps.accounts.mail_server import failure

log = logging.getLogger(__name__)


class MembersAreInvited(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves; an administrator adds members."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """At once, since somebody waits for it; where the mail server fails, the page says so, and the log why."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            log.error("mail.not_sent", extra={"about": template_prefix, "answer": failure(error).answer})
            answer = render(self.request, "account/no_mail.html", {"has_failed": True}, status=503)
            raise ImmediateHttpResponse(answer) from None

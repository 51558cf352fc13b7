"""Mails are handed over to the mail server, and its refusals understood."""

from __future__ import annotations

import re
from contextlib import suppress
from smtplib import SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused
from typing import NamedTuple

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

FINAL = 500
"""Replies from here on are for good, those from 400 on for now (RFC 5321, 4.2.1)."""
ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")
"""A status code that is more exact (RFC 3463), at the beginning of a reply."""


class Failure(NamedTuple):
    """Why a mail was not handed over, as far as is known."""

    answer: str
    """The server's codes, or what kind of error; not its words, which quote addresses."""
    is_final: bool = False
    """It will not do another time either."""
    is_servers: bool = False
    """The server is away, does not let us in, or takes nothing from our sender, whatever the mail is."""


def hand_over(server: BaseEmailBackend, message: EmailMessage) -> Failure | None:
    """None where the server took it. After a failure the connection is closed; the next mail opens another."""
    try:
        server.open()
    except OSError as error:
        return _closed(server, Failure(_answer(error), is_servers=True))
    try:
        server.send_messages([message])
    except (OSError, ValueError) as error:  # ValueError: an address or header that no mail can have
        return _closed(server, failure(error))
    return None


def close(server: BaseEmailBackend) -> None:
    """Take leave, whether or not the server still listens."""
    with suppress(OSError):
        server.close()


def _closed(server: BaseEmailBackend, why: Failure) -> Failure:
    close(server)
    return why


def failure(error: Exception) -> Failure:
    """What an error says that came while a mail was handed over."""
    match error:
        case SMTPSenderRefused():
            return Failure(_answer(error), is_servers=True)
        case SMTPRecipientsRefused(recipients=refused):
            [(code, words)] = refused.values()
            return Failure(_codes(code, words), is_final=code >= FINAL)
        case SMTPResponseException(smtp_code=code):
            return Failure(_answer(error), is_final=code >= FINAL)
    return Failure(_answer(error), is_final=isinstance(error, ValueError))


def _answer(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        return _codes(error.smtp_code, error.smtp_error)
    return type(error).__name__


def _codes(code: int, words: bytes | str) -> str:
    """
    >>> _codes(550, b"5.1.1 <bob@example.com> is unknown")
    '550 5.1.1'
    """
    exact = ENHANCED.match(words if isinstance(words, bytes) else words.encode())
    return f"{code} {exact[0].decode()}" if exact else str(code)

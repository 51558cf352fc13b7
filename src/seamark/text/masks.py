"""Phone numbers and addresses, shown so that one who knows them recognises them and nobody else learns them."""

from __future__ import annotations

import re

HIDDEN = "***"
_DATE = r"\d{4}-\d\d-\d\d(?!\d)"
_PHONE = re.compile(rf"(?<![A-Za-z0-9_+])(?!{_DATE})\+?\d[\d\s().-]{{5,}}\d(?![A-Za-z0-9_])")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def masked_phone(text: str) -> str:
    """The first four and the last three characters, fewer of a short one.

    >>> masked_phone("0912345456"), masked_phone("+852 5555 1234"), masked_phone("12345678")
    ('0912***456', '+852***234', '12***78')
    """
    written = "".join(text.split())
    first, last = (4, 3) if len(written) >= 10 else (len(written) // 4, len(written) // 4)
    return written[:first] + HIDDEN + written[len(written) - last :]


def masked_email(text: str) -> str:
    """How it begins, and the domain.

    >>> masked_email("lena.fischer@example.com"), masked_email("bo@example.com")
    ('le***@example.com', 'b***@example.com')
    """
    name, _, domain = text.rpartition("@")
    return f"{name[: min(2, len(name) // 2)]}{HIDDEN}@{domain}"


def masked_address(text: str) -> str:
    """Where it begins, such as the city: a third of it, six characters at most.

    >>> masked_address("上海市浦东新区世纪大道 100 号"), masked_address("12 Canal Street, Leeds")
    ('上海市浦东***', '12 Can***')
    """
    return text[: min(6, len(text) // 3)] + HIDDEN


def masked_text(text: str) -> str:
    """The text with whatever looks like a phone number or an e-mail address in it masked.

    >>> masked_text("Wang +86 138 1234 5678"), masked_text("我的电话13812345678，谢谢"), masked_text("No. 12345")
    ('Wang +861***678', '我的电话1381***678，谢谢', 'No. 12345')
    >>> masked_text("write to bo@example.com before 2026-11-27")
    'write to b***@example.com before 2026-11-27'
    """
    without_emails = _EMAIL.sub(lambda found: masked_email(found[0]), text)
    return _PHONE.sub(lambda found: masked_phone(found[0]), without_emails)

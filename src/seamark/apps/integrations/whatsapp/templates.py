"""The account's templates, fetched and read.

What a template is made of stands in the platform's reference of `message_templates`: components of type HEADER, BODY,
FOOTER and BUTTONS; others, and headers that are no text, are noted as what hinders sending.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from seamark.apps.channels.adapter import ApprovedTemplate
from seamark.apps.channels.errors import SendError
from seamark.apps.channels.models import Channel, MessageTemplate
from seamark.apps.channels.template_lists import BLANK
from seamark.apps.integrations.whatsapp.graph import asked

A_PAGE = "100"
MOST_PAGES = 200
"""An account has 6,000 templates at most, with their translations; a list that is longer runs in a circle."""
FIELDS = "name,language,category,status,components"
PLAIN_BUTTONS = frozenset({"QUICK_REPLY", "URL", "PHONE_NUMBER", "VOICE_CALL"})
"""Those that need nothing when the template is sent, but for the end of an address."""

Written = Mapping[str, Any]
Obstacle = MessageTemplate.Obstacle


def fetched(channel: Channel) -> list[ApprovedTemplate]:
    """All templates of the account. Raises `SendError`."""
    return [read(each) for each in _listed(channel)]


def _listed(channel: Channel) -> Iterator[Written]:
    path, params = f"{channel.options['waba_id']}/message_templates", {"limit": A_PAGE, "fields": FIELDS}
    for _ in range(MOST_PAGES):
        told = asked(channel, path, params)
        if not isinstance(told, dict) or not isinstance(told.get("data"), list):
            raise SendError("no-list", permanent=False)
        yield from told["data"]
        paging = told.get("paging") or {}
        after = (paging.get("cursors") or {}).get("after")
        if not (paging.get("next") and after):
            return
        params["after"] = str(after)
    raise SendError("endless-list", permanent=True)


def read(written: Written) -> ApprovedTemplate:
    """A template of the list."""
    parts = {str(part.get("type")).upper(): part for part in written.get("components") or ()}
    texts = {name: str((parts.get(name.upper()) or {}).get("text") or "") for name in ("header", "body", "footer")}
    buttons = list((parts.get("BUTTONS") or {}).get("buttons") or ())
    return ApprovedTemplate(
        name=str(written["name"]),
        language=str(written["language"]),
        category=str(written.get("category") or "").lower(),
        status=str(written.get("status") or "").lower(),
        **texts,
        buttons=[str(button.get("text") or button.get("type")) for button in buttons],
        blanks=[*_blanks("header", texts["header"]), *_blanks("body", texts["body"]), *_of_buttons(buttons)],
        obstacle=_obstacle(str(written.get("category")).upper(), parts, buttons),
    )


def _blanks(part: str, text: str) -> list[str]:
    """Each blank once: numbered ones by their numbers, named ones as they come."""
    names = list(dict.fromkeys(BLANK.findall(text)))
    if all(name.isdecimal() for name in names):
        names.sort(key=int)
    return [f"{part}.{name}" for name in names]


def _of_buttons(buttons: Sequence[Written]) -> list[str]:
    """Addresses whose end is filled in."""
    return [f"button.{place}" for place, button in enumerate(buttons) if BLANK.search(str(button.get("url") or ""))]


def _obstacle(category: str, parts: Mapping[str, Written], buttons: Sequence[Written]) -> str:
    if str((parts.get("HEADER") or {}).get("format") or "TEXT").upper() != "TEXT":
        return Obstacle.HEADER
    is_known = set(parts) <= {"HEADER", "BODY", "FOOTER", "BUTTONS"} and category != "AUTHENTICATION"
    is_plain = all(str(button.get("type")).upper() in PLAIN_BUTTONS for button in buttons)
    return "" if is_known and is_plain else Obstacle.PARTS

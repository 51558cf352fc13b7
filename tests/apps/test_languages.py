"""No page mixes languages: on a Chinese page no English word is left, and on an English one nothing Chinese.

What members and customers wrote is in the page's own language here, so that whatever is not comes from us.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Literal
from zoneinfo import available_timezones

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from seamark.apps.accounts.models import Member, Team
from seamark.apps.contacts.models import Contact, Field
from seamark.apps.tagging.drafts import start_draft
from seamark.apps.tagging.models import Version
from tests.apps.conftest import Cast, happened

pytestmark = pytest.mark.usefixtures("tiers")

Words = dict[str, str]
CHINESE: Words = {
    "Alice": "李敏",
    "Bob": "王强",
    "Rita": "何静",
    "Charlie": "周小满",
    "Ada": "陈雨桐",
    "Hugo": "张伟",
    "Headquarters": "总部",
    "South": "华南",
    "North": "华北",
    "how much is it": "多少钱",
    "Wang Fang": "王芳",
    "City": "城市",
}
FOREIGN = {"zh-hans": re.compile(r"[A-Za-z]{2,}"), "en": re.compile(r"[\u3400-\u9fff\uff00-\uffef]")}
NAMES = re.compile(
    r"\S+@\S+|https?://\S+|例如 shop|[A-Z]\w+/\w+|中文"
    r"|\b(Seamark|WhatsApp|WeCom|API|URL|ID|CSV|XLSX|JSON|YAML|Enter|Esc|Ctrl|Shift|Tab|OK|English|HTML|Webhook|CNY|contact\.name|P1|P2|P3|SHA|RFM|UTC|tiers|v\d+|px|KB|MB)\b"
)
"""What is called the same in both languages."""
ZONES = available_timezones()
NO_PAGES = ("account/", "api/", "chat/", "health/", "hooks/", "l/", "metrics", "live/", "stream")
"""Addresses that are no pages of members, and streams, which do not end."""


class Said(HTMLParser):
    """The texts of a page that a reader sees or hears."""

    SILENT = frozenset(("script", "style", "code", "pre", "textarea", "kbd", "template", "svg"))
    HEARD = frozenset(("aria-label", "title", "placeholder", "alt"))

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = dict(attrs)
        if tag in self.SILENT or ("lang" in kept and tag != "html"):
            self.silent.append(tag)
        elif not self.silent:
            self.texts += [kept[name] or "" for name in self.HEARD & kept.keys()]

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.texts.append(data)


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Every address of the site as it stands in `urls`."""
    for each in patterns:
        here = before + str(each.pattern)
        if here.startswith(NO_PAGES) or "live/" in here or "stream" in here:
            continue
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, here)
        else:
            yield here


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_mixes_languages(cast: Cast, language: Literal["zh-hans", "en"]) -> None:
    words = CHINESE if language == "zh-hans" else {word: word for word in CHINESE}
    for row in (*Member.objects.all(), *Team.objects.all()):
        row.name = words[row.name]
        row.save()
    Member.objects.update(language=language)
    Field.objects.create(name="city", title_en=words["City"], title_zh=words["City"])
    said = {"text": words["how much is it"]}
    contact = happened(name=words["Wang Fang"], props=said, source="1", external_id="13900001111")
    Contact.objects.filter(pk=contact.pk).update(team=cast.south, owner=cast.alice)
    draft = start_draft(base=Version.objects.get(), name=words["Wang Fang"], by=cast.boss)
    ids = {
        "contacts/": contact.pk,
        "inbox/": contact.conversations.get().pk,
        "members/": cast.alice.pk,
        "teams/": cast.south.pk,
        "drafts/": draft.pk,
    }
    clients = []
    for member in (cast.boss, cast.alice, cast.admin):
        clients.append(Client())
        clients[-1].force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    mixed = {}
    opened = set()
    for pattern in addresses(get_resolver().url_patterns):
        address = "/" + pattern.replace("<path:tag>", "asked/price").replace("<int:number>", "1")
        address = address.replace("<path:path>", "groups.activity.tags.high.when")
        for place, id in ids.items():
            address = address.replace(f"{place}<int:id>", f"{place}{id}")
        for client in clients:
            answer = client.get(address)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                opened.add(pattern)
                if found := foreign(answer.content.decode(), language):
                    mixed[address] = found
    assert mixed == {}
    assert {"contacts/", "contacts/<int:id>/", "inbox/", "inbox/<int:id>/", "settings/roles/"} < opened


def foreign(page: str, language: str) -> list[str]:
    """The texts of a page that hold a word of the other language."""
    said = Said()
    said.feed(page)
    texts = (" ".join(text.split()) for text in said.texts)
    return sorted({text for text in texts if text not in ZONES and FOREIGN[language].search(NAMES.sub("", text))})

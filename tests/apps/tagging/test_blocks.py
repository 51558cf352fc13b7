"""A condition as blocks and as text: the same tree, whatever is written."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client

from seamark.apps.tagging.blocks.component import changed, component
from seamark.apps.tagging.blocks.reading import Reading, deed_of
from seamark.apps.tagging.blocks.showing import Block, Showing
from seamark.apps.tagging.blocks.vocabulary import Vocabulary
from seamark.engine.parse import parse
from seamark.engine.rulebook import load_rulebook
from seamark.engine.write import write
from seamark.rulebooks import bundled, open_rulebook
from tests.apps.conftest import Cast

BOOK = load_rulebook(
    """
rulebook: words
fields: {employees: number, industry: choice, budget: range, birthday: date, city: text}
params: {high: 5}
rules: {quiet: no message.received over 7d}
terms: {price: {en: [price]}, stock: {en: [stock]}}
groups:
  intent: {kind: set, tags: {high: {by_hand: true}, low: {by_hand: true}}}
"""
)
KNOWN = Vocabulary(BOOK)

WRITTEN = """
last(message.received) within 24h
first(subscribed) older than 30d
count(message.received) over 30d >= 3
no order.placed over 90d
any message.received[mentions "price"] over 3d
any message.received[mentions "price" or mentions "stock" and hour between 20 and 22]
sum(order.placed.amount) over 365d > 500_000
any page.viewed[page = "price" and seconds > 120] over 7d and no order.placed over 7d
distinct(message.received.channel) over 7d >= 2
avg(delay(message.received since message.sent)) over 90d <= 10m
last(coupon.issued) > last(coupon.redeemed) or (any coupon.issued and no coupon.redeemed)
last(quote.sent) older than 6d and not last(message.received) > last(quote.sent)
last(order.placed).category = "shoes"
first(message.received).mentions has "price"
contact.employees between 50 and 200
contact.industry in ["auto parts", "electronics"]
contact.industry in ["parts, new", "electronics"]
contact.budget.high >= 100_000
months_since(contact.birthday) between 6 and 12
until_anniversary(contact.birthday) <= 3d
contact.birthday < "2000-01-01"
contact.city is absent
not (contact.city is absent or not tagged intent/low)
not not tagged intent/high
tagged intent/high and sum(order.placed.amount) over 180d = 0
sum(order.placed.amount) over 365d - sum(order.refunded.amount) over 365d >= param.high
rule quiet and not tagged intent/high
count(message.received) over 30d * 2 > count(message.sent)
""".strip().splitlines()


@pytest.mark.covers("A15")
@pytest.mark.parametrize("text", WRITTEN)
def test_every_form_of_condition_comes_back_from_its_blocks(text: str) -> None:
    condition = parse(text, BOOK.kinds)
    shown = Showing(KNOWN).whole(condition, "when")
    assert Reading(inputs(shown), KNOWN).whole("when") == condition


@pytest.mark.parametrize("name", bundled())
def test_every_bundled_condition_comes_back_from_its_blocks(name: str) -> None:
    rulebook = open_rulebook(name)
    known = Vocabulary(rulebook)
    for clause in rulebook.clauses:
        shown = Showing(known).whole(clause.condition, "when")
        assert Reading(inputs(shown), known).whole("when") == clause.condition


def inputs(block: Block) -> dict[str, str]:
    """What a form with these blocks sends."""
    return dict(_inputs(block))


def _inputs(block: Block) -> Iterator[tuple[str, str]]:
    yield f"{block.prefix}.f", block.form
    if block.is_group:
        yield f"{block.prefix}.n", str(len(block.parts))
    if block.inside:
        yield f"{block.prefix}.kind", block.inside
    if block.denied:
        yield f"{block.prefix}.not", "1"
    for part in block.parts:
        yield from _inputs(part)
    for piece in block.pieces:
        if piece.where:
            yield from _inputs(piece.where)
        elif piece.kind != "word":
            yield piece.name, piece.value


def edited(text: str, **changes: str) -> str:
    """The text after these inputs were changed; dots are written as two underscores."""
    sent = inputs(Showing(KNOWN).whole(parse(text), "when"))
    sent |= {name.replace("__", "."): value for name, value in changes.items()}
    found = Reading(sent, KNOWN, deed_of(sent.get("deed", ""))).whole("when")
    return write(found) if found else ""


def test_a_figure_is_changed() -> None:
    assert edited("last(message.received) within 24h", when__0__length__n="36") == "last(message.received) within 36h"


def test_another_kind_of_event_drops_details_that_are_not_its_own() -> None:
    text = 'any message.received[mentions "price"] over 3d'
    assert edited(text, when__0__e__kind="order.placed") == "any order.placed over 3d"


def test_another_value_brings_an_operand_of_its_type() -> None:
    text = "count(message.received) over 30d >= 3"
    assert edited(text, when__0__l__f="delay").startswith("avg(delay(message.received since message.sent)) over 30d >=")
    assert edited(text, when__0__l__f="field") == "contact.employees >= 3"


@pytest.mark.parametrize(
    ("deed", "text"),
    [
        ("add:when:recent", "rule quiet and last(message.received) within 24h"),
        ("either:when.0:tagged", "rule quiet or tagged intent/high"),
        ("remove:when.0", ""),
    ],
)
def test_conditions_come_and_go(deed: str, text: str) -> None:
    assert edited("rule quiet", deed=deed) == text


def test_details_come_and_go() -> None:
    assert edited("any order.placed", deed="add:when.0.e.w:test") == "any order.placed[amount >= 1]"
    assert edited("any order.placed[amount >= 1]", deed="remove:when.0.e.w.0") == "any order.placed"


def test_what_cannot_be_read_changes_nothing_and_is_told() -> None:
    text = "count(message.received) >= 3"
    sent = inputs(Showing(KNOWN).whole(parse(text), "when")) | {"when": text, "when.0.r.n": "many"}
    shown = changed(KNOWN, sent, name="when", book="live")
    assert shown.text == text
    assert shown.slip
    assert shown.slip.name == "when.0.r.n"


def test_a_condition_is_checked_in_the_words_of_the_rulebook() -> None:
    [problem] = component(KNOWN, "tagged intent/hihg").problems
    assert (problem.nearest, problem.place.column) == ("intent/high", 8)


class Sent(HTMLParser):
    """What a browser would send of a page's inputs."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.select = self.textarea = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "select":
            self.select = told["name"] or ""
        elif tag == "option" and "selected" in told:
            self.found[self.select] = told["value"] or ""
        elif tag == "input" and (told.get("type") != "checkbox" or "checked" in told):
            self.found[told["name"] or ""] = told.get("value") or ""
        elif tag == "textarea":
            self.textarea = told["name"] or ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.found[self.textarea] = data
            self.textarea = ""


@pytest.mark.covers("A15")
@pytest.mark.usefixtures("tiers")
def test_an_edit_in_one_shows_in_the_other(client: Client, cast: Cast) -> None:
    client.force_login(cast.alice)
    text = 'not rule asked and any message.received[mentions "price" or hour > 20] over 3d'
    page = client.post("/rulebooks/blocks/live/when/", {"when": text, "from": "text"}).content.decode()
    assert client.post("/rulebooks/blocks/live/when/", Sent(page).found).context["component"].text == text
    changed_page = client.post("/rulebooks/blocks/live/when/", Sent(page).found | {"when.1.over.n": "5"})
    assert changed_page.context["component"].text == text.replace("3d", "5d")


@pytest.mark.usefixtures("tiers")
def test_a_text_that_is_no_condition_is_told_with_its_place(client: Client, cast: Cast) -> None:
    client.force_login(cast.alice)
    page = client.post("/rulebooks/blocks/live/when/", {"when": "tagged", "from": "text"}).content.decode()
    assert "column" in page
    assert "has no blocks" in page


@pytest.mark.usefixtures("tiers")
def test_words_of_a_draft_are_for_those_who_may_change_it(client: Client, cast: Cast) -> None:
    client.force_login(cast.charlie)
    assert client.post("/rulebooks/blocks/draft-1/when/", {"when": ""}).status_code == 404

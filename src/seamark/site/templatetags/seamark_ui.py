"""Small parts of pages: icons, tags, avatars, times, toasts, charts."""

from __future__ import annotations

import datetime
import functools
import secrets
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.template.context import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, pgettext
from django.utils.translation import gettext_lazy as _

from seamark.apps.accounts.access import may
from seamark.apps.accounts.models import Deed, Member
from seamark.apps.contacts.nameless import is_code
from seamark.apps.desk.keys import PAGES_WITH_KEYS
from seamark.apps.tagging.words import Chip
from seamark.site.navigation import CONTACT_VIEWS, PAGES, SEARCH, SETTINGS, Page

register = template.Library()

TAG_COLORS = frozenset("red orange yellow gold green teal blue purple pink brown gray black".split())
AVATAR_COLORS = 8
WEEKDAYS = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]


@functools.cache
def icon_names() -> frozenset[str]:
    """The icons that the sprite holds."""
    return frozenset((Path(__file__).parent.parent / "icons.txt").read_text().split())


@register.simple_tag
@functools.lru_cache(maxsize=1_000, typed=True)
def icon(name: str, label: str = "") -> SafeString:
    """An icon; with a label it says something by itself, without one it stands beside words.

    Kept, as lists have hundreds of them. Raises an error that names icons.txt where the icon is not listed there.
    """
    if name not in icon_names():
        raise template.TemplateSyntaxError(f'No icon "{name}": add it to src/seamark/site/icons.txt, if Tabler has it')
    role = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<svg class="icon" {}><use href="{}#{}"/></svg>', role, static("vendor/icons.svg"), name)


@register.simple_tag(takes_context=True)
def part(context: Context, name: str, shown: Mapping[str, Any]) -> SafeString:
    """A part of a page, which sees `shown` and the request alone: parts of one page may use one word for two things."""
    seen = {word: context.get(word) for word in ("request", "csrf_token")}
    assert context.template is not None
    return context.template.engine.get_template(name).render(context.new(seen | dict(shown)))


@register.simple_tag
@functools.lru_cache(maxsize=10_000, typed=True)
def tag_chip(title: str, color: str = "gray", group: str = "", href: str = "", hint: str = "") -> SafeString:
    """A tag in its colour: one of the rulebook's names, or a code such as #1a2b3c.

    The group's title stands before it in paler letters; `href` makes it a link; `hint` is shown under the pointer.
    Kept, as lists have hundreds of them, of few tags. `typed`: what is safe markup is not what only reads so.
    """
    kind, own = ("a" if href else "span"), color not in TAG_COLORS
    parts = (("href", href), ("data-color", color if own else ""), ("title", hint))
    return format_html(
        '<{kind} class="tag-chip tag-{named}"{attributes}>{group}{title}</{kind}>',
        kind=kind,
        named="own" if own else color,
        attributes=format_html_join("", ' {}="{}"', [part for part in parts if part[1]]),
        group=format_html('<span class="tag-group">{}</span>', group) if group else "",
        title=title,
    )


@register.simple_tag
def tag_list(chips: Iterable[Chip], more: Sequence[Chip] = (), *, opens: bool = True) -> SafeString:
    """Tags beside each other, then how many more there are; which, the pointer tells, and a click puts beside them.

    `opens`: not where the whole row is a link already, which leads to all of them.
    """
    shown = [tag_chip(chip.title, chip.color, chip.group, hint=chip.hint) for chip in chips]
    if more:
        html = (
            '<button class="tag-more" type="button" title="{}">+{}</button>' if opens else '<span title="{}">+{}</span>'
        )
        shown.append(format_html(html, ", ".join(chip.hint for chip in more), len(more)))
    return format_html('<span class="tag-list">{}</span>', SafeString("".join(shown)))


def initials(name: str) -> str:
    """One or two letters for a name: the first of a Chinese, Japanese or Korean one, else of its first and last word.

    >>> initials("陈雨桐"), initials("Nadia van der Berg"), initials("nadia"), initials("+852 5555 1234")
    ('陈', 'NB', 'N', '')
    >>> initials("Visitor KDG7")
    'V'
    """
    words = [word for word in name.split() if word[0].isalpha() and not is_code(word)]
    if not words:
        return ""
    if words[0][0] >= "\u2e80":
        return words[0][0]
    ends = words if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in ends).upper()


@register.simple_tag
def avatar(name: str, size: str = "md", stands_for: object = None) -> SafeString:
    """Initials in a colour that stays the same for whom it stands for (the name, unless a key is given).

    It is decoration beside the name, so readers of screens skip it. Sizes: xs, sm, md, lg.
    """
    key = str(name if stands_for is None else stands_for)
    return format_html(
        '<span class="face face-{} face-{}" aria-hidden="true">{}</span>',
        size,
        zlib.crc32(key.encode()) % AVATAR_COLORS,
        initials(name) or icon("user-circle"),
    )


@register.inclusion_tag("partials/empty_state.html")
def empty_state(symbol: str, title: str, text: str = "", href: str = "", action: str = "") -> dict[str, str]:
    """What an empty page says: what would be here, and what to do first."""
    return {"symbol": symbol, "title": title, "text": text, "href": href, "action": action}


@register.inclusion_tag("partials/toast.html")
def toast(text: str, kind: str = "success", undo: str = "") -> dict[str, object]:
    """News that leaves by itself: kind is success, info, warning or error; `undo` is the address that takes it back.

    An answer to htmx shows one by `<div hx-swap-oob="beforeend:#toasts">{% toast … %}</div>`.
    """
    icons = {"success": "circle-check", "info": "info-circle", "warning": "alert-triangle", "error": "alert-circle"}
    kind = kind if kind in icons else "info"
    return {"text": text, "kind": kind, "symbol": icons[kind], "undo": undo, "seconds": 12 if undo else 6}


@register.inclusion_tag("partials/pagination.html")
def pagination(
    first: int, last: int, total: int | None = None, previous: str = "", following: str = "", target: str = ""
) -> dict[str, object]:
    """Which rows are shown, of how many (None: not counted), and the addresses of the pages beside this one.

    With a target, a selector such as "#contacts", htmx replaces that part alone.
    """
    return {
        "first": first,
        "last": last,
        "total": total,
        "previous": previous,
        "following": following,
        "target": target,
    }


@register.filter
def grouped(number: int | float) -> str:
    """A number with its thousands set apart, in Chinese too, where Django would not.

    >>> grouped(12345)
    '12,345'
    """
    return f"{number:,}"


@register.simple_tag
def relative_time(moment: datetime.datetime | None, now: datetime.datetime | None = None) -> str:
    """The moment as short as it is clear today, in the reader's time zone; the whole of it under the pointer.

    Words that age while a page stays open ("5 minutes ago") are avoided.
    """
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return _time_element(local, clock_words(local, timezone.localtime(now)))


@register.simple_tag
def clock_time(moment: datetime.datetime) -> str:
    """The time of a day that is named beside it, in the reader's time zone; the whole moment under the pointer."""
    local = timezone.localtime(moment)
    return _time_element(local, f"{local:%H:%M}")


@register.filter
def short_time(moment: datetime.datetime) -> str:
    """The moment as short as it is clear today, for use within a sentence."""
    local = timezone.localtime(moment)
    return _time_element(local, clock_words(local, timezone.localtime(), in_sentence=True))


@register.filter
def moment(moment: datetime.datetime) -> str:
    """A moment for a sentence that stays true: the date, with its year where it is another one, and the time."""
    local = timezone.localtime(moment)
    return f"{_day(local, timezone.localtime())} {local:%H:%M}"


@register.filter(expects_localtime=True)
def short_day(day: datetime.date) -> str:
    """A date, with its year where it is another one than now's."""
    return _day(day, timezone.localdate())


def _day(moment: datetime.date, now: datetime.date) -> str:
    if moment.year == now.year:
        return formats.date_format(moment, pgettext("date within the year", "j M"))
    return formats.date_format(moment, pgettext("date of another year", "j M Y"))


def _time_element(local: datetime.datetime, words: str) -> str:
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        formats.date_format(local, "DATETIME_FORMAT"),
        words,
    )


def clock_words(moment: datetime.datetime, now: datetime.datetime, *, in_sentence: bool = False) -> str:
    """A moment as people say it: the time, "Yesterday 14:05", the weekday within six days, else the date.

    Both in the same time zone. In a sentence it is "yesterday 14:05".
    """
    time = f"{moment:%H:%M}"
    days = (moment.date() - now.date()).days
    if days == 0:
        return time
    if abs(days) == 1:
        day = (_("Yesterday"), _("yesterday")) if days < 0 else (_("Tomorrow"), _("tomorrow"))
        return f"{day[in_sentence]} {time}"
    if abs(days) < 7:
        return f"{WEEKDAYS[moment.weekday()]} {time}"
    return _day(moment, now)


@register.inclusion_tag("partials/chart.html")
def chart(name: str, options: dict[str, Any], label: str, size: str = "md") -> dict[str, object]:
    """An ECharts picture by its options; `name` is its id in the page, `label` says in words what it shows.

    A data item with an `href` leads there on a click. Sizes: xs (a sparkline), sm, md, lg, xl.
    """
    return {"name": name, "options": options, "label": label, "size": size}


@register.inclusion_tag("partials/keys.html")
def key_sheet() -> dict[str, object]:
    """What keys do, by page: a dialog that the question mark opens."""
    return {"pages": PAGES_WITH_KEYS}


@register.simple_tag
def search_address() -> str:
    """The page that answers the search in the header; empty where there is none."""
    return reverse(SEARCH) if SEARCH else ""


class Entry(NamedTuple):
    """A page in the rail or among the settings, as it is drawn."""

    page: Page
    href: str
    is_here: bool


@register.simple_tag(takes_context=True)
def drawn(context: Context) -> str:
    """What the address of a stream ends with, so that it tells what happened since the page began to be drawn."""
    return f"?drawn={context['request'].begun_at:.6f}"


@register.simple_tag(takes_context=True)
def desk_pages(context: Context) -> list[Entry]:
    """The pages of the rail that the member may open, and on which of them this one stands."""
    return _entries(context["request"], PAGES)


@register.simple_tag(takes_context=True)
def settings_pages(context: Context) -> list[Entry]:
    """The pages of the settings that the member may open."""
    return _entries(context["request"], SETTINGS)


@register.simple_tag(takes_context=True)
def contact_views(context: Context) -> list[Entry]:
    """The ways of looking at contacts that the member may open."""
    return _entries(context["request"], CONTACT_VIEWS)


def _entries(request: HttpRequest, all_pages: Sequence[Page]) -> list[Entry]:
    member = cast(Member, request.user)
    pages = [page for page in all_pages if page.needs is None or may(member, page.needs)]
    addresses = {page: reverse(page.view) for page in pages}
    above = [each for each in addresses.values() if request.path.startswith(each) and each != "/"]
    here = max(above, key=len, default="/" if request.path == "/" else None)
    return [Entry(page, addresses[page], addresses[page] == here) for page in pages]


CLASSES = {
    "checkbox": "form-check-input",
    "select": "form-select",
    "radioselect": "form-check-input",
    "checkboxselectmultiple": "check-list",
}
"""Of Tabler, by Django's names of widgets; all others are form-control."""


SECTION_PAGES = {
    "hours": "accounts:hours",
    "money": "desk:money",
    "seas": "desk:sea-settings",
    "allocation": "desk:sea-settings",
    "follow-up-pace": "desk:pace-settings",
}
"""On which page of the settings a section is set, by its key."""


@register.filter
def about_words(deed: Deed) -> str:
    """What a deed was about, for its reader: a section of the settings by the title of its page."""
    view = SECTION_PAGES.get(deed.about) if deed.what == Deed.What.SETTING_CHANGED else None
    return next((str(page.title) for page in SETTINGS if page.view == view), deed.about)


@register.filter
def language_words(code: str) -> str:
    """What a language is called, by a code such as "zh" or "pt_BR"; the code where nobody knows.

    >>> language_words("zh_CN"), language_words("xx")
    ('Simplified Chinese', 'xx')
    """
    try:
        return str(get_language_info(code.replace("_", "-").lower())["name_translated"])
    except KeyError:
        return code


@register.filter
def styled(field: BoundField) -> SafeString:
    """A field's widget in the look of the desk, without a placeholder that repeats its label."""
    kind = CLASSES.get(field.widget_type, "form-control")
    invalid = " is-invalid" if field.errors else ""
    field.field.widget.attrs.pop("placeholder", None)
    return field.as_widget(attrs={"class": f"{kind}{invalid}"})


@register.simple_tag
def random_word() -> str:
    """A word that no other form has: what is sent twice with it is one thing."""
    return secrets.token_urlsafe(12)

"""Keeps the translations of the pages: `extract` brings the catalogue up to date, `compile` makes what Django reads.

Both are pure Python, since few machines have gettext: templates are turned into what Python's extractor of Babel
understands by Django itself. The catalogue says no line numbers and is sorted, so that branches merge.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.utils.translation.template import templatize

SOURCES = Path(__file__).parent.parent / "src/seamark"
CATALOG = SOURCES / "site/locale/zh_Hans/LC_MESSAGES/django.po"
COMPILED = CATALOG.with_suffix(".mo")
FUNCTIONS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
"""Which arguments of a call are texts: Babel's way to say it."""
HEADER = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Language: zh_Hans\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""


def main(what: str) -> None:
    """Extracts or compiles."""
    {"extract": write_catalog, "compile": compile_catalog}[what]()


def write_catalog() -> None:
    """Adds texts that are new, drops those that are gone, and says which have no translation."""
    catalog = read_catalog()
    catalog.update(texts_in_use(), no_fuzzy_matching=True)
    output = io.BytesIO()
    pofile.write_po(
        output, catalog, width=120, omit_header=True, include_lineno=False, sort_output=True, ignore_obsolete=True
    )
    CATALOG.write_text(HEADER + output.getvalue().decode().strip() + "\n")
    for message in untranslated():
        print(f"not translated: {message}", file=sys.stderr)


def compile_catalog() -> None:
    """Writes the compiled catalogue, unless it is newer than its source."""
    if COMPILED.exists() and COMPILED.stat().st_mtime > CATALOG.stat().st_mtime:
        return
    with COMPILED.open("wb") as file:
        mofile.write_mo(file, read_catalog())


def read_catalog() -> Catalog:
    """The catalogue as it is written down."""
    with CATALOG.open("rb") as file:
        return pofile.read_po(file, locale="zh_Hans", abort_invalid=True)


def untranslated() -> list[str]:
    """The texts in use that have no translation yet."""
    catalog = read_catalog()
    known = ((text, catalog.get(text.id, text.context)) for text in texts_in_use() if text.id)
    return [str(text.id) for text, entry in known if not (entry and entry.string)]


def texts_in_use() -> Catalog:
    """Every text that a page may show, with the files that show it."""
    found = Catalog(locale="zh_Hans")
    for path in sorted([*SOURCES.rglob("*.py"), *SOURCES.rglob("templates/**/*.html")]):
        for message, context in texts_of(path):
            found.add(message, locations=[(str(path.relative_to(SOURCES)), 0)], context=context)
    return found


def texts_of(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """The texts of one file, each with its context."""
    source = path.read_text()
    if path.suffix == ".html":
        source = f"({templatize(source, origin=str(path))})"  # in brackets, so that indentation says nothing
    for _, message, _, context in extract("python", io.BytesIO(source.encode()), keywords=FUNCTIONS):
        yield message, context


if __name__ == "__main__":
    main(sys.argv[1])

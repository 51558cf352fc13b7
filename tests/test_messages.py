"""Every text of the pages is there in Chinese too."""

from pathlib import Path

from tools import messages


def test_every_text_in_use_is_translated() -> None:
    assert messages.untranslated() == []


def test_texts_of_templates_are_found_with_plurals_and_context(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        """  {% translate "Sign out" %}
<p>{% blocktranslate count number=rows|length %}{{ number }} row{% plural %}{{ number }} rows{% endblocktranslate %}</p>
      {% translate "May" context "month" %} don't (trip "over these
"""
    )
    assert list(messages.texts_of(page)) == [
        ("Sign out", None),
        (("%(number)s row", "%(number)s rows"), None),
        ("May", "month"),
    ]

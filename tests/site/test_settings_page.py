"""The page of settings names every variable that is read, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_variable_stands_on_the_page():
    code = "\n".join(path.read_text() for path in (ROOT / "src/seamark/site").glob("*.py"))
    read = set(re.findall(r'"((?:SEAMARK|DATABASE)_[A-Z_]+)"', code))
    page = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)) == read

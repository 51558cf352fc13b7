"""The locks hold versions and hashes, and no address: whoever installs says from where."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = sorted(path.name for path in (*ROOT.glob("requirements*.lock"), ROOT / "package-lock.json"))


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address_stands_in_a_lock(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")

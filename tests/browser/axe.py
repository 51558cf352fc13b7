"""What axe finds wrong with a page for those who cannot see it well, or not at all."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"


def violations(page: Page) -> list[str]:
    """Each rule that is broken, and the first places where."""
    page.evaluate(AXE.read_text() + ";undefined")
    found = page.evaluate("axe.run()")["violations"]
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes'][:5]]}" for rule in found]

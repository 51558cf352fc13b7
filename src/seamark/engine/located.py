"""YAML with the place of every value: what a rulebook file says, and where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from seamark.engine.errors import Place, Problem, RuleError

Path = tuple[str | int, ...]

LARGEST_FILE = 4 * 1024 * 1024
"""Characters; the largest rulebook seen has some thousand lines."""
DEEPEST = 60
"""How deep mappings and lists may nest; a rulebook needs a dozen."""


@dataclass
class Located:
    """Plain values (dict, list, str, int, float, bool, None), and the place of each by its path."""

    value: Any
    file: str
    places: dict[Path, Place] = field(default_factory=dict)
    written: dict[Path, str] = field(default_factory=dict)
    """Texts as they stand in the file, where line and column can be counted in them."""

    def place(self, path: Path) -> Place:
        """The place of the value, or of the nearest thing around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(self.file))

    def place_within(self, path: Path, line: int, column: int) -> Place:
        """The place of a 1-based line and column inside a text."""
        start = self.place(path)
        at = column if line > 1 and path in self.written else start.column + column - 1
        return Place(start.file, start.line + (line - 1 if path in self.written else 0), at, start.path)


def load_yaml(text: str, file: str) -> Located:
    """The values of a YAML 1.2 text. Raises `RuleError` for what is no YAML, duplicate keys and aliases."""
    if len(text) > LARGEST_FILE:
        raise RuleError(
            Problem("too-large", f"A rulebook has at most {LARGEST_FILE:,} characters; this has {len(text):,}.", Place(file))
        )
    yaml = YAML(typ="safe", pure=True)
    try:
        _refuse_aliases_and_depth(YAML(typ="safe", pure=True), text, file)
        node = yaml.compose(text)
    except MarkedYAMLError as error:
        raise RuleError(_syntax(error, text, file)) from None
    except YAMLError as error:
        raise RuleError(Problem("yaml", f"This is not YAML: {error}", Place(file))) from None
    located = Located(None, file)
    if node is not None:
        problems: list[Problem] = []
        located.value = _value(node, (), located, text, problems)
        if problems:
            raise RuleError(problems)
    return located


def _refuse_aliases_and_depth(yaml: YAML, text: str, file: str) -> None:
    depth = 0
    for event in yaml.parse(text):
        name = type(event).__name__
        depth += name.endswith("StartEvent") - name.endswith("EndEvent")
        mark = event.start_mark
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise RuleError(
                Problem("alias", "Anchors and aliases (& and *) are not read; write the value again or name a rule.", _at(mark, file))
            )
        if depth > DEEPEST:
            raise RuleError(Problem("too-deep", f"Mappings and lists nest deeper than {DEEPEST}.", _at(mark, file)))


def _at(mark: Any, file: str, path: Path = ()) -> Place:
    return Place(file, mark.line + 1, mark.column + 1, ".".join(str(step) for step in path))


def _syntax(error: MarkedYAMLError, text: str, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = _at(mark, file) if mark is not None else Place(file)
    line = text.splitlines()[mark.line] if mark is not None and mark.line < len(text.splitlines()) else ""
    told = (error.problem or error.context or "it cannot be read").strip()
    if "[" in line and "{" in line:
        return Problem(
            "yaml",
            f"This is not YAML ({told}). A condition with brackets [ ] inside braces must stand in single quotes, "
            "or on a line of its own.",
            place,
        )
    return Problem("yaml", f"This is not YAML: {told}.", place)


def _value(node: Node, path: Path, located: Located, text: str, problems: list[Problem]) -> Any:
    located.places[path] = _at(node.start_mark, located.file, path)
    if isinstance(node, MappingNode):
        return _mapping(node, path, located, text, problems)
    if isinstance(node, SequenceNode):
        return [_value(item, (*path, index), located, text, problems) for index, item in enumerate(node.value)]
    assert isinstance(node, ScalarNode)
    return _scalar(node, path, located, text)


def _mapping(node: MappingNode, path: Path, located: Located, text: str, problems: list[Problem]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        place = _at(key_node.start_mark, located.file, path)
        if not isinstance(key_node, ScalarNode):
            problems.append(Problem("key", "A key must be a plain word.", place))
            continue
        key = str(key_node.value)
        if key in found:
            problems.append(Problem("duplicate-key", f"The key {key!r} stands here a second time.", place))
            continue
        found[key] = _value(value_node, (*path, key), located, text, problems)
    return found


def _scalar(node: ScalarNode, path: Path, located: Located, text: str) -> Any:
    kind = node.tag.rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool":
        return node.value.lower() == "true"
    if kind == "int" and node.value.lstrip("+-").isdigit():
        return int(node.value)
    start, end = node.start_mark, node.end_mark
    source = text[start.index : end.index]
    if node.style in ("'", '"'):
        located.places[path] = located.places[path].moved(1)
    elif node.style in ("|", ">"):
        header, _, source = source.partition("\n")
        located.places[path] = Place(located.file, start.line + 2, 1, located.places[path].path)
        located.written[path] = source
    elif "\n" in source.rstrip():
        located.written[path] = source.rstrip()
    return node.value

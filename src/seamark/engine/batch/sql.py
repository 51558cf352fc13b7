"""SQL as trees: templates in DuckDB's dialect whose names stand for other trees, and projections upon projections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from sqlglot import exp, parse_one

from seamark.engine.kinds import Type

Sql = exp.Expr

SQL_TYPES: Mapping[Type, str] = {
    "number": "BIGINT",
    "moment": "BIGINT",
    "text": "VARCHAR",
    "date": "INTEGER",
    "list": "VARCHAR[]",
    "range": "BIGINT",
}
"""How values of each type are held (`kinds.Type`); a range is two columns."""

_BARE = (exp.Column, exp.Literal, exp.Func, exp.Paren, exp.Boolean, exp.Null, exp.Bracket)


def sql(template: str, /, **parts: Sql | int | str) -> Sql:
    """A small piece of SQL with names replaced: by trees, in brackets where needed, whole numbers or texts.

    >>> sql("t > since AND kind = wanted", since=-5, wanted="it's").sql("duckdb")
    "t > -5 AND kind = 'it''s'"
    """
    held = {name: _part(part) for name, part in parts.items()}

    def filled(node: Sql) -> Sql:
        if isinstance(node, exp.Column) and not node.table and node.name in held:
            return held[node.name].copy()
        return node

    return _parsed(template).copy().transform(filled, copy=False)


@cache
def _parsed(template: str) -> Sql:
    return parse_one(template, read="duckdb")


def _part(part: Sql | int | str) -> Sql:
    if isinstance(part, str | int):
        return exp.convert(part)
    return part if isinstance(part, _BARE) and not isinstance(part, exp.Binary) else exp.Paren(this=part)


def column(name: str) -> exp.Column:
    """A column of any name."""
    return exp.column(name, quoted=True)


def nothing(type_: str) -> Sql:
    """NULL of a type."""
    return exp.cast(exp.Null(), type_, dialect="duckdb")


def every(parts: Iterable[Sql]) -> Sql:
    """All of the conditions."""
    return exp.and_(*parts, copy=False)


def some(parts: Iterable[Sql]) -> Sql:
    """Any of the conditions."""
    return exp.or_(*parts, copy=False)


def is_one_of(code: Sql, texts: Iterable[str]) -> Sql:
    return exp.In(this=code.copy(), expressions=[exp.convert(text) for text in texts])


def place_in(texts: Iterable[str], code: Sql) -> Sql:
    """The place of a text among these, from 1 on; for others it is none of theirs.

    DuckDB looks up each text of a Parquet page's dictionary once, and so not each row's.
    """
    return sql("list_position(texts, code)", texts=exp.convert(list(texts)), code=code)


def case(whens: Iterable[tuple[Sql, Sql | int]], default: Sql | int | None = None, of: Sql | None = None) -> Sql:
    """`CASE of WHEN … THEN … ELSE default END`; the default alone where there is no case."""
    whens = list(whens)
    otherwise = None if default is None else exp.convert(default)
    if not whens:
        return otherwise or exp.Null()
    ifs = [exp.If(this=when, true=exp.convert(then)) for when, then in whens]
    return exp.Case(this=of and of.copy(), ifs=ifs, default=otherwise)


def select(columns: Mapping[str, Sql], source: str | exp.Table | exp.Subquery, *, keep: bool = False) -> exp.Select:
    """`SELECT … FROM source`; `keep` keeps all columns of the source before the others."""
    named = [
        code if code == column(name) else exp.alias_(code, name, quoted=True, copy=False)
        for name, code in columns.items()
    ]
    found = exp.Select(expressions=[*([exp.Star()] if keep else []), *named])
    return found.from_(source, dialect="duckdb", copy=False)


class Steps:
    """Projections one upon another: a column stands in the first whose rows hold all that it reads."""

    def __init__(self, name: str, start: str) -> None:
        self.name = name
        self.start = start
        self._columns: dict[str, Sql] = {}
        self._depths: dict[str, int] = {}

    def add(self, code: Sql, name: str = "") -> exp.Column:
        """The new column of an expression over the start's columns and those added before."""
        name = name or f"{self.name}_{len(self._columns)}"
        self._columns[name] = code
        self._depths[name] = 1 + max((self._depths.get(read.name, 0) for read in code.find_all(exp.Column)), default=0)
        return column(name)

    @property
    def end(self) -> str:
        """The name of the relation that holds every column."""
        return self._at(max(self._depths.values(), default=0))

    def relations(self) -> Iterator[tuple[str, exp.Select]]:
        """Each projection by its name."""
        for depth in range(1, max(self._depths.values(), default=0) + 1):
            columns = {name: code for name, code in self._columns.items() if self._depths[name] == depth}
            yield self._at(depth), select(columns, self._at(depth - 1), keep=True)

    def _at(self, depth: int) -> str:
        return f"{self.name}_step{depth}" if depth else self.start

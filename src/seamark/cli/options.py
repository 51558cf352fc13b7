"""The options that several commands share; what each is for stands in `texts` under `option.<name>`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

RulebookName = Annotated[str, typer.Option("--rulebook", metavar="NAME|FILE")]
Events = Annotated[list[Path], typer.Option("--events", metavar="FILE…")]
Contacts = Annotated[list[Path] | None, typer.Option("--contacts", metavar="FILE…")]
As = Annotated[str | None, typer.Option("--as", metavar="KIND")]
Us = Annotated[list[str] | None, typer.Option("--us", metavar="NAME")]
Zone = Annotated[str | None, typer.Option("--zone", metavar="ZONE")]
Params = Annotated[Path | None, typer.Option("--params", metavar="FILE")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="TIME")]
From = Annotated[str | None, typer.Option("--from", metavar="TIME")]
To = Annotated[str | None, typer.Option("--to", metavar="TIME")]
Output = Annotated[Path | None, typer.Option("--output", metavar="FILE")]
Report = Annotated[Path | None, typer.Option("--report", metavar="FILE.html")]
Rejects = Annotated[Path | None, typer.Option("--rejects", metavar="FILE")]
Json = Annotated[bool, typer.Option("--json")]
Host = Annotated[str, typer.Option("--host", metavar="ADDRESS")]
Port = Annotated[int | None, typer.Option("--port", metavar="PORT")]
Processes = Annotated[int, typer.Option("--processes", metavar="NUMBER")]

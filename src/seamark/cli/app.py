"""The commands and their options; what each does is loaded when it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seamark.cli.command import Command, Group
from seamark.cli.options import (
    As,
    AsOf,
    Contacts,
    Events,
    From,
    Host,
    Json,
    Output,
    Params,
    Port,
    Processes,
    Rejects,
    Report,
    RulebookName,
    To,
    Us,
    Zone,
)
from seamark.cli.sources import Sources

app = typer.Typer(cls=Group, name="seamark", add_completion=False, rich_markup_mode=None)


def _say_version(wanted: bool) -> None:
    if wanted:
        from seamark import __version__

        print(f"seamark {__version__}")
        raise typer.Exit


@app.callback()
def seamark(
    version: Annotated[bool, typer.Option("--version", callback=_say_version, is_eager=True)] = False,
) -> None: ...


@app.command(cls=Command)
def classify(
    rulebook: RulebookName,
    events: Events,
    contacts: Contacts = None,
    as_of: AsOf = None,
    zone: Zone = None,
    us: Us = None,
    as_: As = None,
    params: Params = None,
    engine: Annotated[str, typer.Option("--engine", metavar="duckdb|online|spark")] = "duckdb",
    output: Output = None,
    report: Report = None,
    rejects: Rejects = None,
    json: Json = False,
) -> None:
    from seamark.cli.classify import classify

    sources = Sources(events, contacts, us, as_, zone, params, as_of, rejects)
    classify(rulebook, sources, engine, output, report, as_json=json)


@app.command(cls=Command)
def replay(
    rulebook: RulebookName,
    events: Events,
    contacts: Contacts = None,
    from_: From = None,
    to: To = None,
    zone: Zone = None,
    us: Us = None,
    as_: As = None,
    params: Params = None,
    output: Output = None,
    rejects: Rejects = None,
    json: Json = False,
) -> None:
    from seamark.cli.replay import replay

    replay(rulebook, Sources(events, contacts, us, as_, zone, params, to, rejects), from_, output, as_json=json)


@app.command(cls=Command)
def why(
    rulebook: RulebookName,
    events: Events,
    contact: Annotated[str, typer.Option("--contact", metavar="ID")],
    tag: Annotated[str | None, typer.Option("--tag", metavar="GROUP/TAG")] = None,
    contacts: Contacts = None,
    as_of: AsOf = None,
    zone: Zone = None,
    us: Us = None,
    as_: As = None,
    params: Params = None,
    rejects: Rejects = None,
    json: Json = False,
) -> None:
    from seamark.cli.why import why

    why(rulebook, Sources(events, contacts, us, as_, zone, params, as_of, rejects), contact, tag, as_json=json)


@app.command(cls=Command, name="what-if")
def what_if(
    rulebook: RulebookName,
    with_: Annotated[str, typer.Option("--with", metavar="NAME|FILE")],
    events: Events,
    contacts: Contacts = None,
    from_: From = None,
    to: To = None,
    zone: Zone = None,
    us: Us = None,
    as_: As = None,
    params: Params = None,
    rejects: Rejects = None,
    json: Json = False,
) -> None:
    from seamark.cli.what_if import what_if

    what_if(rulebook, with_, Sources(events, contacts, us, as_, zone, params, to, rejects), from_, as_json=json)


@app.command(cls=Command)
def fit(
    rulebook: RulebookName,
    events: Events,
    contacts: Contacts = None,
    as_of: AsOf = None,
    zone: Zone = None,
    us: Us = None,
    as_: As = None,
    output: Output = None,
    rejects: Rejects = None,
    json: Json = False,
) -> None:
    from seamark.cli.fit import fit

    fit(rulebook, Sources(events, contacts, us, as_, zone, None, as_of, rejects), output, as_json=json)


@app.command(cls=Command)
def lint(
    files: Annotated[list[str], typer.Argument(metavar="FILE…")],
    events: Annotated[list[Path] | None, typer.Option("--events", metavar="FILE…")] = None,
    contacts: Contacts = None,
    kept: Annotated[str | None, typer.Option("--kept", metavar="DURATION")] = None,
    as_of: AsOf = None,
    zone: Zone = None,
    us: Us = None,
    as_: As = None,
    json: Json = False,
) -> None:
    from seamark.cli.lint import lint

    sources = Sources(events, contacts, us, as_, zone, None, as_of) if events else None
    raise typer.Exit(lint(files, sources, kept, as_json=json))


@app.command(cls=Command)
def rulebooks(
    name: Annotated[str | None, typer.Argument(metavar="NAME|FILE")] = None,
    schema: Annotated[bool, typer.Option("--schema")] = False,
    json: Json = False,
) -> None:
    from seamark.cli.rulebooks import rulebooks

    rulebooks(name, schema=schema, as_json=json)


@app.command(cls=Command)
def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…")],
    as_: As = None,
    us: Us = None,
    zone: Zone = None,
    output: Output = None,
    rejects: Rejects = None,
    json: Json = False,
) -> None:
    from seamark.cli.read import read

    read(files, as_, us, zone, output, rejects, as_json=json)


@app.command(cls=Command)
def intents(
    action: Annotated[str, typer.Argument(metavar="show|test|train")],
    texts: Annotated[list[str] | None, typer.Argument(metavar="TEXT…")] = None,
    messages: Annotated[list[Path] | None, typer.Option("--messages", metavar="FILE…")] = None,
    model: Annotated[Path | None, typer.Option("--model", metavar="FILE")] = None,
    output: Output = None,
    rejects: Rejects = None,
    json: Json = False,
) -> None:
    from seamark.cli.intents import intents

    intents(action, texts or [], messages or [], model, output, rejects, as_json=json)


@app.command(cls=Command)
def run(host: Host = "127.0.0.1", port: Port = None) -> None:
    from seamark.cli.serving import run

    run(host, port)


@app.command(cls=Command)
def web(host: Host = "127.0.0.1", port: Port = None, processes: Processes = 1) -> None:
    from seamark.cli.serving import free_port, web

    web(host, free_port(host, port), processes)


@app.command(cls=Command)
def worker() -> None:
    from seamark.cli.serving import worker

    worker()


@app.command(cls=Command)
def migrate() -> None:
    from seamark.cli.serving import migrate

    migrate()


@app.command(cls=Command)
def member(
    action: Annotated[str, typer.Argument(metavar="add")],
    email: Annotated[str, typer.Argument(metavar="EMAIL")],
    name: Annotated[str, typer.Option("--name", metavar="NAME")],
    role: Annotated[str, typer.Option("--role", metavar="ROLE")],
    team: Annotated[str | None, typer.Option("--team", metavar="TEAM")] = None,
    password_file: Annotated[Path | None, typer.Option("--password-file", metavar="FILE")] = None,
) -> None:
    from seamark.cli.serving import member

    member(action, email, name, role, team, password_file)


@app.command(cls=Command)
def channel(
    action: Annotated[str, typer.Argument(metavar="add|list|change|resume")],
    what: Annotated[str, typer.Argument(metavar="[KIND|KEY]")] = "",
    name: Annotated[str, typer.Option("--name", metavar="NAME")] = "",
    team: Annotated[str | None, typer.Option("--team", metavar="TEAM")] = None,
    option: Annotated[list[str] | None, typer.Option("--option", metavar="NAME=VALUE")] = None,
    secrets_file: Annotated[Path | None, typer.Option("--secrets-file", metavar="FILE")] = None,
) -> None:
    from seamark.cli.channel import channel

    channel(action, what, name, team, option or [], secrets_file)


@app.command(cls=Command)
def status(json: Json = False) -> None:
    from seamark.cli.serving import status

    status(as_json=json)


@app.command(cls=Command)
def demo(
    zone: Zone = None,
    as_of: AsOf = None,
    no_serve: Annotated[bool, typer.Option("--no-serve")] = False,
    port: Port = None,
    json: Json = False,
) -> None:
    from seamark.cli.demo import demo

    demo(zone, as_of, as_json=json, serve=not (no_serve or json), port=port)

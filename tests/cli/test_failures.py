"""Whatever is handed in, the answer is right or the message is clear: never a traceback, and nothing on stdout."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from seamark.cli import evaluate, main, opening
from tests.cli.conftest import AS_OF, EVENTS, RULEBOOK, Done, Run

SEAMARK = [sys.executable, "-c", "import sys; from seamark.cli import main; sys.exit(main())"]


def refused(done: Done, *told: str) -> None:
    assert (done.code, done.out) == (2, "")
    assert done.err
    assert "Traceback" not in done.err
    for text in told:
        assert text in done.err


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", "found nothing"),
        ("rulebook: [\n", "This is not YAML"),
        ("a: 1\na: 2\n", "a"),
        ("- 1\n- 2\n", "found a list of 2"),
        ("\x00\x01\x02", "This is no text"),
        ("rulebook: x\ngroups: {a: {kind: set, tags: {b: {when: any order.placed over 7x}}}}\n", "duration"),
        ("rulebook: x\ngroups: {a: {kind: set, tags: {b: {when: 'tagged a/c'}}}}\n", "a/c"),
        (
            "rulebook: x\ngroups: {a: {kind: set, tags: {b: {when: tagged a/c}, c: {when: tagged a/b}}}}\n",
            "a/b",
        ),
        ('rulebook: x\ngroups: {a: {kind: set, tags: {b: {when: count(order.placed) = "x"}}}}\n', ":2:"),
        ("rulebook: x\nversion: one\ngroups: {a: {kind: set, tags: {b: {by_hand: true}}}}\n", "version"),
        ("rulebook: x\ninclude: [x.yaml]\ngroups: {a: {kind: set, tags: {b: {by_hand: true}}}}\n", "circle"),
    ],
)
def test_rulebooks_that_cannot_work(run: Run, events: Path, tmp_path: Path, written: str, told: str) -> None:
    (tmp_path / "x.yaml").write_text(written)
    refused(run("classify", "--rulebook", tmp_path / "x.yaml", "--events", events), "x.yaml", told)


def test_a_rulebook_in_another_encoding(run: Run, events: Path, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes("rulebook: 价格".encode("gb18030"))
    refused(run("classify", "--rulebook", tmp_path / "x.yaml", "--events", events), "UTF-8")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"   \n", "is empty"),
        (b"\x7fELF\x02\x01\x01\x00", "is a program"),
        (bytes(range(256)) * 40, "is binary"),
        (b"%PDF-1.7", "a PDF document"),
        (b"name,when\nann,now\n", "which no reader knows"),
        (b"contact,occured_at,kind\nann,2026-01-01,x\n", "rename 'occured_at' if it is occurred_at"),
        (b"\x1f\x8b\x08 damaged", "damaged"),
        (b'[{"contact": 1}]', "JSON array"),
    ],
)
def test_files_that_are_no_events(run: Run, book: Path, tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "x.csv").write_bytes(content)
    refused(run("classify", "--rulebook", book, "--events", tmp_path / "x.csv"), "x.csv", told)


def test_a_damaged_parquet_file(run: Run, book: Path, tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"PAR1 and then nothing")
    refused(run("classify", "--rulebook", book, "--events", tmp_path / "x.parquet"), "Parquet")


def test_files_that_are_not_there(run: Run, book: Path, events: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    for option in ("--rulebook", "--events", "--contacts", "--params"):
        given = {"--rulebook": book, "--events": events} | {option: missing}
        refused(run("classify", *(each for pair in given.items() for each in pair)), str(missing))


def test_a_folder_is_no_file(run: Run, book: Path, tmp_path: Path) -> None:
    refused(run("classify", "--rulebook", book, "--events", tmp_path), "is a folder")
    refused(run("classify", "--rulebook", tmp_path, "--events", tmp_path), str(tmp_path))


def test_a_file_that_vanishes(run: Run, book: Path, events: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = opening.open_histories

    def vanishing(*given: object, **options: object) -> object:
        events.unlink()
        return reading(*given, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(opening, "open_histories", vanishing)
    refused(run("classify", "--rulebook", book, "--events", events), str(events))


@pytest.mark.parametrize(
    "written",
    [
        "params: [1]\n",
        "much: 3\n",
        "params: {muhc: 3}\n",
        "params: {much: lots}\n",
        "params: {much: 1e99}\n",
        "params: {",
    ],
)
def test_params_that_do_not_fit(run: Run, book: Path, events: Path, tmp_path: Path, written: str) -> None:
    (tmp_path / "params.yaml").write_text(written)
    refused(run("classify", "--rulebook", book, "--events", events, "--params", tmp_path / "params.yaml"))


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--zone", "Asia/Shangai", "Did you mean Asia/Shanghai?"),
        ("--zone", "../etc/passwd", "no time zone"),
        ("--as-of", "yesterday", "'yesterday' is not an ISO 8601 time"),
        ("--as-of", "2026-02-30", "is not a time"),
        ("--engine", "duckdbb", "Did you mean duckdb?"),
        ("--as", "whatsap", "Did you mean whatsapp?"),
        ("--lang", "fr", "choose en or zh"),
        ("--output", "tags.xlsx", "must end in one of .csv, .parquet, .jsonl"),
        ("--output", "no/such/folder/tags.csv", "cannot be written"),
        ("--rejects", "no/such/folder/bad.csv", ""),
    ],
)
def test_options_that_cannot_be_used(
    run: Run, book: Path, events: Path, monkeypatch: pytest.MonkeyPatch, option: str, value: str, told: str
) -> None:
    monkeypatch.chdir(events.parent)
    events.write_text(EVENTS + "eve,never,order.placed,,,\n")
    refused(run("classify", "--rulebook", book, "--events", events, option, value), told)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["clasify"], "There is no command 'clasify'; the commands are classify, replay"),
        (["clasify"], "Did you mean classify?"),
        (["classify"], "--rulebook is missing."),
        (["classify", "--rulebook"], "--rulebook needs a value."),
        (["classify", "--evnts", "x"], "There is no option --evnts here. Did you mean --events?"),
        (["rulebooks", "a", "b"], "Nothing here takes 'b'."),
        (["lint"], "FILE… is missing."),
        (["--colour"], "There is no option --colour here."),
        (["--lang"], "choose en or zh"),
    ],
)
def test_words_that_are_no_command(run: Run, arguments: list[str], told: str) -> None:
    refused(run(*arguments), told)


def test_messages_are_in_the_language_asked_for(run: Run) -> None:
    assert run("--lang", "zh", "classify").err == "seamark：缺少 --rulebook。\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(run: Run, book: Path, events: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    refused(run("classify", "--rulebook", book, "--events", events, "--output", locked / "tags.csv"), "Permission")


def test_what_stood_in_an_output_stays_when_writing_fails(
    run: Run, book: Path, events: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "tags.csv"
    output.write_text("before")
    monkeypatch.setattr("seamark.cli.output.os.replace", lambda *paths: (_ for _ in ()).throw(OSError(28, "disk full")))
    refused(run("classify", "--rulebook", book, "--events", events, "--output", output), "disk full")
    assert output.read_text() == "before"
    assert {path.name for path in tmp_path.iterdir()} == {"small.yaml", "events.csv", "tags.csv"}


def test_an_output_is_written_over(run: Run, book: Path, events: Path, tmp_path: Path) -> None:
    output = tmp_path / "tags.csv"
    output.write_text("before")
    assert run("classify", "--rulebook", book, "--events", events, "--as-of", AS_OF, "--output", output).code == 0
    assert output.read_text().startswith("contact,tag\n")


def test_without_pyspark_its_engine_says_what_to_install(
    run: Run, book: Path, events: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    refused(run("classify", "--rulebook", book, "--events", events, "--engine", "spark"), "seamark[spark]")


def test_an_interrupt_is_130(run: Run, book: Path, events: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(found: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(evaluate.ENGINES, "duckdb", interrupted)
    done = run("classify", "--rulebook", book, "--events", events)
    assert (done.code, done.out, done.err) == (130, "", "Interrupted.\n")


def test_mistakes_of_ours_are_not_hidden(book: Path, events: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(evaluate.ENGINES, "duckdb", lambda found: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main(["classify", "--rulebook", str(book), "--events", str(events)])


# In a process of its own


@pytest.mark.parametrize("shown", [[], ["--json"]])
def test_a_closed_pipe_ends_quietly(book: Path, shown: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [*SEAMARK, "rulebooks", str(book), *shown]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


def test_ctrl_c_ends_with_a_word(tmp_path: Path) -> None:
    slow = "clock.seconds = lambda: print('begun', flush=True) or time.sleep(60)"
    (tmp_path / "small.yaml").write_text(RULEBOOK, encoding="utf-8")
    (tmp_path / "events.csv").write_text(EVENTS)
    arguments = ["classify", "--rulebook", f"{tmp_path}/small.yaml", "--events", f"{tmp_path}/events.csv"]
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            # Tests that run in the background are begun with the signal ignored.
            "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
            f"import sys, time; from seamark.cli import main, clock; {slow}; sys.exit(main({arguments!r}))",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "Interrupted.\n")


# What is odd, and works


def test_an_id_that_comes_twice_is_one_event(run: Run, book: Path, tmp_path: Path) -> None:
    events = tmp_path / "twice.csv"
    order = "ann,2026-03-01T09:00:00Z,order.placed,o1,60\n"
    events.write_text(f"contact,occurred_at,kind,id,amount\n{order}{order}")
    rows = run("classify", "--rulebook", book, "--events", events, "--as-of", AS_OF, "--json").json["rows"]
    assert {"contact": "ann", "tag": "trial/big"} not in rows


def test_times_of_many_zones(run: Run, book: Path, tmp_path: Path) -> None:
    events = tmp_path / "zones.csv"
    times = ("2026-03-01T08:00:00Z", "2026-03-01T09:00:00+01:00", "2026-03-01T17:00:00+0900", "2026-03-01 03:00-05")
    rows = "".join(f"c{place},{moment},message.received\n" for place, moment in enumerate(times))
    events.write_text(f"contact,occurred_at,kind\n{rows}")
    done = run("replay", "--rulebook", book, "--events", events, "--to", AS_OF, "--json")
    entered = {row["entered_at"] for row in done.json["rows"] if row["tag"] == "activity/high"}
    assert entered == {"2026-03-01T08:00:00Z"}


def test_chinese_files_in_their_own_encoding(run: Run, book: Path, tmp_path: Path) -> None:
    events = tmp_path / "chinese.csv"
    events.write_bytes(
        "contact,occurred_at,kind,text\n陈先生,2026-03-01T09:00Z,message.received,这个多少钱啊\n".encode("gb18030")
    )
    rows = run("classify", "--rulebook", book, "--events", events, "--as-of", AS_OF, "--json").json["rows"]
    assert {"contact": "陈先生", "tag": "trial/asked"} in rows


def test_a_file_with_a_header_alone(run: Run, book: Path, tmp_path: Path) -> None:
    events = tmp_path / "header.csv"
    events.write_text("contact,occurred_at,kind\n")
    done = run("classify", "--rulebook", book, "--events", events, "--zone", "UTC", "--json")
    assert (done.json["contacts"], done.json["rows"]) == (0, [])
    assert run("classify", "--rulebook", book, "--events", events, "--zone", "UTC").code == 0


def test_contacts_without_events(run: Run, book: Path, events: Path, tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text("contact,city\nzoe,Lyon\n")
    done = run(
        "why", "--rulebook", book, "--events", events, "--contacts", tmp_path / "contacts.csv", "--contact", "zoe"
    )
    assert "● Trial: Local" in done.out


def test_names_with_quotes_and_commas(run: Run, book: Path, tmp_path: Path) -> None:
    folder = tmp_path / 'it\'s, "odd"'
    folder.mkdir()
    row = '"O\'Hara, ""Al""",2026-03-01T09:00Z,message.received'
    (folder / "events.csv").write_text(f"contact,occurred_at,kind\n{row}\n")
    output = folder / "tags.csv"
    done = run("classify", "--rulebook", book, "--events", folder / "events.csv", "--as-of", AS_OF, "--output", output)
    assert done.code == 0
    assert '"O\'Hara, ""Al""",activity/high\n' in output.read_text()

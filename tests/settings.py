"""The site's settings as tests want them: a secret of no worth, quick passwords, static files as they lie."""

import os

os.environ.setdefault("SEAMARK_SECRET_KEY", "not-a-secret-" * 4)
os.environ.setdefault("DATABASE_URL", "postgresql://seamark@localhost/seamark")

from seamark.site.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

"""The web process's application."""

import os
from typing import Any

import django
from django.conf import settings

from seamark.site.handler import Handler, behind_proxies, load_for_good

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seamark.site.settings")

# Every request runs in a thread of its own, so a connection kept by a thread would be kept for ever.
POOL = {"min_size": 2, "max_size": 20, "timeout": 20}
database: dict[str, Any] = settings.DATABASES["default"]
database["CONN_MAX_AGE"] = 0
database.setdefault("OPTIONS", {})["pool"] = POOL

django.setup(set_prefix=False)
load_for_good()
application = behind_proxies(Handler())

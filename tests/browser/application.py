"""The site as a server of its own runs it in tests: static files as they lie."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

from django.conf import settings
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application

# Every request runs in a thread of its own: a connection that it kept would be there until garbage is looked for.
settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
application = ASGIStaticFilesHandler(get_asgi_application())

"""Django's settings: what an operator may choose comes from the environment, all else is fixed here."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from seamark.site import environment, wiring
from seamark.site.home import home
from seamark.site.middleware import static_headers

_env = environment.Environment()
_site = Path(__file__).parent

DEMO = _env.read("SEAMARK_DEMO", environment.truth, False)
"""Members with known passwords, sample data, no mail."""
SITE_URL = _env.read("SEAMARK_URL", environment.address, "http://localhost:8000")
SECRET_KEY = _env.required(
    "SEAMARK_SECRET_KEY",
    environment.secret,
    "",
    "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
)
SECRET_KEY_FALLBACKS = _env.read("SEAMARK_OLD_SECRET_KEYS", environment.names, list[str]())
"""What it was before, newest first: still opens what was locked with it."""
DATABASES: dict[str, dict[str, object]] = {
    "default": _env.required(
        "DATABASE_URL",
        environment.database,
        dict[str, object](),
        "Name a PostgreSQL 15 or newer, such as postgresql://seamark:password@localhost/seamark; "
        "`seamark run` starts one of its own where none is named.",
    )
}
ALLOWED_HOSTS = _env.read("SEAMARK_HOSTS", environment.names, ["localhost", "127.0.0.1", "[::1]"])
ORGANISATION_ZONE = _env.read("SEAMARK_ZONE", environment.zone, "Asia/Shanghai")
"""Of the organisation: the calendar of conditions, and of members who name none."""
QUIET_HOURS = _env.read("SEAMARK_QUIET_HOURS", environment.hours, (time(21, 30), time(9)))
"""When no machine writes to a contact of its own accord, by the contact's clock. S0 has promotions until 21:30."""
MESSAGES_A_WEEK = _env.read("SEAMARK_MESSAGES_A_WEEK", environment.whole, 5)
"""Marketing that machines may send to a contact who named no figure. S0: more than 5 make people mute or leave."""
LEAST_SECURE = _env.read("SEAMARK_PLAIN_HTTP", environment.truth, SITE_URL.startswith("http://"))
"""Whether browsers may come without TLS: for one machine, or behind nothing but a tunnel."""
LAKE = _env.read("SEAMARK_LAKE", Path, home() / "lake")
"""The folder of the history's copy in Parquet."""
FILES = _env.read("SEAMARK_FILES", Path, home() / "files")
"""The folder of files that come along with messages and notes; nothing in it is served as it lies there."""
FILE_MEGABYTES = _env.read("SEAMARK_FILE_MEGABYTES", environment.whole, 10)
"""The largest file that is taken."""
RECEIVED_MEGABYTES = _env.read("SEAMARK_RECEIVED_MEGABYTES", environment.whole, 100)
"""The largest file of a contact's that is fetched from a platform; WhatsApp lets them send 100."""
API_REQUESTS_A_MINUTE = _env.read("SEAMARK_API_REQUESTS_A_MINUTE", int, 600)
"""Of one key, in each web process."""
PROXIES = _env.read("SEAMARK_PROXIES", environment.names, ["127.0.0.1", "::1"])
"""Whoever comes through them is counted by the address that they tell."""
METRICS_TOKEN = _env.read("SEAMARK_METRICS_TOKEN", environment.secret, "")
"""Who sends it may read /metrics."""
CAN_MAIL = _env.read("SEAMARK_SMTP", environment.mail_server, dict[str, object]())
"""Empty: nothing is mailed, and members who forgot their password ask an administrator."""
if CAN_MAIL:
    DEFAULT_FROM_EMAIL = _env.required("SEAMARK_MAIL_FROM", environment.sender, "", "Say from whom mail comes.")
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_TIMEOUT = 10
"""Seconds that a mail server may take over each answer."""
_env.check()
globals().update(CAN_MAIL)

DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

DEBUG = False
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "procrastinate.contrib.django",
    "seamark.site.apps.Site",
    "seamark.apps.accounts.apps.Accounts",
    "seamark.apps.work.apps.WorkApp",
    "seamark.apps.contacts.apps.Contacts",
    "seamark.apps.timeline.apps.Timeline",
    "seamark.apps.tagging.apps.Tagging",
    "seamark.apps.channels.apps.Channels",
    "seamark.apps.seas.apps.Seas",
    "seamark.apps.outreach.apps.Outreach",
    "seamark.apps.inbox.apps.Inbox",
    "seamark.apps.followups.apps.FollowUps",
    "seamark.apps.batches.apps.Batches",
    "seamark.apps.api.apps.Api",
    "seamark.apps.integrations.webchat.apps.WebChat",
    "seamark.apps.desk.apps.Desk",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "seamark.site.middleware.security_headers",
    "seamark.apps.api.middleware.problems",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "seamark.apps.accounts.gatekeeping.members_only",
    "django.contrib.messages.middleware.MessageMiddleware",
    "seamark.site.middleware.member_preferences",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "seamark.site.urls"
ASGI_APPLICATION = "seamark.site.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_site / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "中文")]
LOCALE_PATHS = [_site / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = _env.read("SEAMARK_STATIC", Path, home() / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"},
}
SERVESTATIC_USE_FINDERS = False
SERVESTATIC_ADD_HEADERS_FUNCTION = static_headers

AUTH_USER_MODEL = "accounts.Member"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "seamark.apps.accounts.adapter.MembersAreInvited"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "password"]

FILE_UPLOAD_HANDLERS = [
    "seamark.site.uploads.NoMoreThanTaken",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 2**20
"""WhatsApp delivers up to 3 MB at once."""
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_NAME = "seamark_session"
CSRF_COOKIE_NAME = "seamark_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not LEAST_SECURE
SECURE_HSTS_SECONDS = 0 if LEAST_SECURE else 60 * 60 * 24 * 365
SECURE_PROXY_SSL_HEADER = None if LEAST_SECURE else ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^health/"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
X_FRAME_OPTIONS = "DENY"

LOGGING_CONFIG = "seamark.site.logs.configure"
LOGGING = {"level": _env.read("SEAMARK_LOG_LEVEL", str.upper, "INFO")}

CHANNEL_ADAPTERS = wiring.CHANNEL_ADAPTERS
DELIVERY_READERS = wiring.DELIVERY_READERS
EVENT_ANNOTATOR = wiring.EVENT_ANNOTATOR
EVENT_LISTENERS = wiring.EVENT_LISTENERS
HELP_REASONS = wiring.HELP_REASONS
OWNER_LISTENERS = wiring.OWNER_LISTENERS
TAG_LISTENERS = wiring.TAG_LISTENERS
WORKERS = wiring.WORKERS

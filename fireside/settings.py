"""Settings. Deployment comes from the environment (see docs/running.md); what a community chooses is a row, never here."""

import os
import secrets
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from fireside.lib import env
from fireside.lib.terminal import gettext_noop
from fireside.serving import logs
from fireside.serving.rules import networks

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
IN_CHECKOUT = (ROOT / "pyproject.toml").exists()  # else installed among other packages

# ── Where things are ─────────────────────────────────────────────────────────
DATA = env.folder("FIRESIDE_DATA", (ROOT if IN_CHECKOUT else Path.cwd()) / "var")
env.own_folder("FIRESIDE_DATA", DATA)
MEDIA_ROOT = DATA / "files"
MEDIA_URL = "/files/"
MIRROR = DATA / "mirror"  # Parquet segments of the activity log
UPLOADS = DATA / "uploads"  # what is just coming in
FILE_UPLOAD_TEMP_DIR = UPLOADS
env.own_folder("FIRESIDE_DATA", UPLOADS)


def _secret() -> str:
    """The signing key: from the environment, else made once and kept beside the data, readable by the owner only."""
    if given := env.text("FIRESIDE_SECRET"):
        return given
    kept = DATA / "secret"
    if not kept.exists():
        try:
            with open(kept, "x", opener=lambda path, flags: __import__("os").open(path, flags, 0o600)) as out:
                out.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass  # another process of the same start was first
    try:
        return kept.read_text().strip()
    except OSError as wrong:
        words = gettext_noop("The signing key %(path)s cannot be read: %(why)s. Let this user read it, or set FIRESIDE_SECRET.")
        raise env.BadEnvironment(words, path=kept, why=wrong) from None


SECRET_KEY = _secret()
DEBUG = env.flag("FIRESIDE_DEBUG")
PORT = env.number("PORT", 8000, at_least=1, at_most=65535)
ADDRESS = env.text("FIRESIDE_ADDRESS", f"http://localhost:{PORT}")  # how members reach this house, with scheme
if not ADDRESS.startswith(("http://", "https://")):
    raise env.BadEnvironment(gettext_noop("FIRESIDE_ADDRESS=%(value)s must begin with http:// or https://."), value=ADDRESS)
TLS = ADDRESS.startswith("https://")
ALLOWED_HOSTS = env.text("FIRESIDE_HOSTS", "*").split(",")
CSRF_TRUSTED_ORIGINS = [ADDRESS]
try:
    # Whose X-Forwarded-For and X-Forwarded-Proto are believed. With TLS some proxy must stand before us: by default the one on this machine.
    PROXIES = networks(env.text("FIRESIDE_PROXIES", "127.0.0.0/8,::1/128" if TLS else ""))
except ValueError as wrong:
    bad = gettext_noop("FIRESIDE_PROXIES: %(word)s is no address. Write addresses or networks with commas between: 10.0.0.5,10.1.0.0/16.")
    raise env.BadEnvironment(bad, word=wrong) from None

# ── The port (see fireside/serving) ──────────────────────────────────────────
HOST = env.text("FIRESIDE_HOST", "0.0.0.0")  # noqa: S104  members come from other machines
WEB_PROCESSES = env.number("FIRESIDE_WEB_PROCESSES", 2, at_least=1, at_most=64)
WEB_THREADS = env.number("FIRESIDE_WEB_THREADS", 2, at_least=1, at_most=32)  # pages at once in each process
OWN_CORES = env.flag("FIRESIDE_OWN_CORES", default=True)  # each process keeps to its share of them (see serving/seats.py)
SLOW_THREADS = 6  # uploads and streamed answers at once in each process
NUMBERS_THREADS = env.number("FIRESIDE_NUMBERS_THREADS", min(4, os.cpu_count() or 1), at_least=1, at_most=256)
NUMBERS_MEMORY = env.number("FIRESIDE_NUMBERS_MEMORY", 1024, at_least=128, at_most=1024 * 1024)  # MiB
LIVE_CONNECTIONS = env.number("FIRESIDE_LIVE_CONNECTIONS", 20_000, at_least=100, at_most=1_000_000)
MAX_BODY_MIB = 12  # a picture, a long post
MAX_UPLOAD_MIB = env.number("FIRESIDE_MAX_UPLOAD_MIB", 4096, at_least=1, at_most=1024 * 1024)
IMPORT_FROM = [Path(one).expanduser().resolve() for one in env.text("FIRESIDE_IMPORT_FROM").split(os.pathsep) if one]  # none: anywhere
UPLOAD_PATHS = ("/setup", "/cockpit/import", "/api/v1/imports")  # where whole archives are brought in
MAX_FILE_MIB = env.number("FIRESIDE_MAX_FILE_MIB", 200, at_least=20, at_most=1024 * 1024)  # a community chooses up to this
FILE_PATHS = ("/files", "/api/v1/files")  # where members give what they put into posts
LIMITS = env.flag("FIRESIDE_LIMITS", True)  # how much one asker may ask for; off only where nobody comes in from outside
PACE = env.flag("FIRESIDE_PACE", LIMITS)  # how fast and how much one member may write (conversation/pacing)
METRICS_TOKEN = env.text("FIRESIDE_METRICS_TOKEN")
LOGGING = logs.config(
    style=env.text("FIRESIDE_LOG"), level=env.choice("FIRESIDE_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
)

# ── Apps, bottom to top (the layers are held by import-linter) ───────────────
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "fireside.activity",
    "fireside.members",
    "fireside.notifications",
    "fireside.spaces",
    "fireside.conversation",
    "fireside.moderation",
    "fireside.insights",
    "fireside.connectors",
    "fireside.site",
    "fireside.serving",
]
MIDDLEWARE = [
    "fireside.serving.middleware.RequestMiddleware",
    "fireside.site.middleware.kept_pages.KeptPagesMiddleware",  # visitors' pages, before anything is asked of the database
    "django.middleware.security.SecurityMiddleware",
    "fireside.site.middleware.headers.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "fireside.members.middleware.WhoMiddleware",
    "fireside.site.middleware.reader.ReaderMiddleware",  # language, light, time zone
    "fireside.serving.middleware.LimitMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "fireside.members.middleware.SeenMiddleware",
    "fireside.members.middleware.FrameMiddleware",  # sign-in's pages stand in the house's frame
    "django.contrib.messages.middleware.MessageMiddleware",
    "fireside.serving.middleware.FormMiddleware",
    "fireside.site.middleware.refusals.RefusalMiddleware",  # next to the views: what they refuse becomes a page
]
KEEP_PAGES = env.number("FIRESIDE_KEEP_PAGES", 60, at_most=3600)  # seconds; 0 makes every page anew
ROOT_URLCONF = "fireside.urls"
CSRF_FAILURE_VIEW = "fireside.site.views.refused.not_our_form"
WSGI_APPLICATION = "fireside.asgi.wsgi"

# ── Records ──────────────────────────────────────────────────────────────────
DATABASES = {"default": env.database("DATABASE_URL", DATA / "fireside.sqlite3") | {"CONN_MAX_AGE": None}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PREPARED = env.flag("FIRESIDE_PREPARED", True)  # statements that PostgreSQL keeps; off behind a pooler that deals out transactions
VALKEY_URL = env.text("VALKEY_URL")
if VALKEY_URL and not VALKEY_URL.startswith(("redis://", "rediss://", "unix://")):
    raise env.BadEnvironment(
        gettext_noop("VALKEY_URL must read redis://host:6379/0, or rediss:// with TLS, or unix:// with the path of a socket.")
    )
CACHES = {
    # Shared by all processes, because limits stand in it: sign-in's here, everybody's in serving/limits.py.
    "default": (
        {
            "BACKEND": "fireside.serving.valkey.ValkeyCache",
            "LOCATION": VALKEY_URL,
            "KEY_PREFIX": "fireside",
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
        if VALKEY_URL
        else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache", "OPTIONS": {"MAX_ENTRIES": 20_000}}
    ),
    # Of this process alone, for what may be forgotten and recomputed.
    "near": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2000}},
}

# ── Words ────────────────────────────────────────────────────────────────────
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("简体中文"))]
LANGUAGE_COOKIE_NAME = "lang"
# What lib and the files at the top say; and members, whose words go before those that allauth has for the same English. Apps bring their own.
LOCALE_PATHS = [HERE / "lib" / "locale", HERE / "members" / "locale"]

# ── Pages ────────────────────────────────────────────────────────────────────
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [HERE / app.split(".")[1] / "templates" for app in reversed(INSTALLED_APPS) if app.startswith("fireside.")],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "fireside.site.jinja_env.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [HERE / "site" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "fireside.serving.statics.HashedStorage"},
}

# ── Safety on the way (what a page may load is in site/middleware/headers.py) ─
if TLS:  # browsers take these from this host alone, over TLS alone: no neighbour under the same domain can set them
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = TLS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "fireside.members.sessions"
SESSION_COOKIE_AGE = 60 * 24 * 3600
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if TLS else 0
SECURE_PROXY_SSL_HEADER = None  # the front has already worked the headers of trusted proxies into the scheme; others' are dropped
SECURE_CONTENT_TYPE_NOSNIFF = False  # all headers in one place: site/middleware/headers.py
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = None

# ── Sign-in ──────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "members.Member"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # the address is unique by its lower-case form, which this check does not see
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["fireside.members.hashers.Argon2Small", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("name", "email")}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "/accounts/login/", "/", "/"

# ── What leaves the house ────────────────────────────────────────────────────
EMAIL_HOST = env.text("SMTP_HOST")
EMAIL_PORT = env.number("SMTP_PORT", 587, at_least=1, at_most=65535)
EMAIL_HOST_USER = env.text("SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("SMTP_PASSWORD")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = env.flag("SMTP_STARTTLS", EMAIL_PORT == 587)
EMAIL_TIMEOUT = 20
MAIL = bool(EMAIL_HOST)  # without it no code is e-mailed and no address is verified, and the pages say so
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", f"fireside@{ADDRESS.split('://')[-1].split(':')[0].split('/')[0]}")

PUSH_ANYWHERE = False  # True only in tests: then a push service may lie on this machine and speak without TLS

# ── Sign-in, as allauth is told ──────────────────────────────────────────────
ACCOUNT_ADAPTER = "fireside.members.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if MAIL else "none"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = MAIL
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = MAIL
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60  # letters wait for a worker and for the other side
ACCOUNT_EMAIL_NOTIFICATIONS = MAIL
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "signup": "20/m/ip,60/h/ip",  # a hall full of people may join through one address
    "reset_password": "20/m/ip,5/h/key",
    "request_login_code": "20/m/ip,3/m/key,10/h/key",
}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if TLS else "http"
ACCOUNT_FORMS = {
    "login": "fireside.members.forms.accounts.SignIn",
    "signup": "fireside.members.forms.accounts.SignUp",
    "add_email": "fireside.members.forms.accounts.AddAddress",
    "change_password": "fireside.members.forms.accounts.ChangePassword",
    "set_password": "fireside.members.forms.accounts.SetPassword",
    "reset_password": "fireside.members.forms.accounts.ResetPassword",
    "reset_password_from_key": "fireside.members.forms.accounts.NewPassword",
    "reauthenticate": "fireside.members.forms.accounts.Reauthenticate",
    "request_login_code": "fireside.members.forms.accounts.AskForCode",
    "confirm_login_code": "fireside.members.forms.accounts.SignInCode",
    "confirm_email_verification_code": "fireside.members.forms.accounts.AddressCode",
}
MFA_ADAPTER = "fireside.members.adapters.SecondSteps"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = not MAIL  # nothing can be verified then
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not TLS  # browsers themselves allow it on localhost only
MFA_FORMS = {
    "authenticate": "fireside.members.forms.accounts.SecondCode",
    "reauthenticate": "fireside.members.forms.accounts.SecondCodeAgain",
    "activate_totp": "fireside.members.forms.accounts.FirstCode",
    "add_webauthn": "fireside.members.forms.accounts.AddPasskey",
    "edit_webauthn": "fireside.members.forms.accounts.NamePasskey",
}

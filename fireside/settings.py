"""Settings. Deployment comes from the environment (see docs/running.md); what a community chooses is a row, never here."""

import secrets
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from fireside.lib import env

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

# ── Where things are ─────────────────────────────────────────────────────────
DATA = env.folder("FIRESIDE_DATA", ROOT / "var")
DATA.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = DATA / "files"
MEDIA_URL = "/files/"
MIRROR = DATA / "mirror"  # Parquet segments of the activity log


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
    return kept.read_text().strip()


SECRET_KEY = _secret()
DEBUG = env.flag("FIRESIDE_DEBUG")
PORT = env.number("PORT", 8000, at_least=1, at_most=65535)
ADDRESS = env.text("FIRESIDE_ADDRESS", f"http://localhost:{PORT}")  # how members reach this house, with scheme
TLS = ADDRESS.startswith("https://")
ALLOWED_HOSTS = env.text("FIRESIDE_HOSTS", "*").split(",")
CSRF_TRUSTED_ORIGINS = [ADDRESS]

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
    "fireside.insights",
    "fireside.connectors",
    "fireside.site",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "fireside.site.middleware.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fireside.site.middleware.reader.ReaderMiddleware",  # language, light, time zone
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "fireside.site.middleware.refusals.RefusalMiddleware",  # next to the views: what they refuse becomes a page
]
ROOT_URLCONF = "fireside.urls"
CSRF_FAILURE_VIEW = "fireside.site.views.refused.not_our_form"
WSGI_APPLICATION = "fireside.asgi.wsgi"

# ── Records ──────────────────────────────────────────────────────────────────
DATABASES = {"default": env.database("DATABASE_URL", DATA / "fireside.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
VALKEY_URL = env.text("VALKEY_URL")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": VALKEY_URL}
        if VALKEY_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# ── Words ────────────────────────────────────────────────────────────────────
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("简体中文"))]
LANGUAGE_COOKIE_NAME = "lang"
LOCALE_PATHS = [HERE / "lib" / "locale"]  # what lib and the files at the top say; apps bring their own

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

# ── What leaves the house ────────────────────────────────────────────────────
EMAIL_HOST = env.text("SMTP_HOST")
EMAIL_PORT = env.number("SMTP_PORT", 25)

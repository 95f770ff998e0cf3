"""Reading the environment: a wrong value stops the start with a sentence that says what to write."""

import os
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from fireside.lib import terminal
from fireside.lib.terminal import gettext_noop as _

OF_POSTGRESQL = (
    "plan_cache_mode=force_generic_plan",  # lib/prepared.py
    "jit=off",
    "max_parallel_workers_per_gather=0",  # many ask at once: who takes two processors makes the next one wait, and costs more altogether
)


class BadEnvironment(SystemExit):
    """A setting that cannot be understood. The process ends with the sentence, in the language of the terminal."""

    def __init__(self, words: str, **facts: object) -> None:
        super().__init__(terminal.say(words, **facts))


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise BadEnvironment(_("%(name)s=%(value)s is neither yes nor no. Write %(name)s=1 or %(name)s=0."), name=name, value=value)


def number(name: str, default: int, *, at_least: int = 0, at_most: int = 2**31) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not at_least <= int(value) <= at_most:
        raise BadEnvironment(
            _("%(name)s=%(value)s must be a whole number from %(least)s to %(most)s."), name=name, value=value, least=at_least, most=at_most
        )
    return int(value)


def choice(name: str, default: str, known: tuple[str, ...]) -> str:
    value = text(name, default)
    if value.upper() not in known:
        raise BadEnvironment(_("%(name)s=%(value)s is not known. Write one of: %(known)s."), name=name, value=value, known=", ".join(known))
    return value.upper()


def folder(name: str, default: Path) -> Path:
    return Path(os.environ.get(name, "").strip() or default).expanduser().resolve()


def own_folder(name: str, path: Path) -> Path:
    """A folder that the house keeps things in: made where it is missing, and this user may write there."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            return path
    except OSError as wrong:
        words = _(
            "%(name)s: the house cannot keep its data in %(path)s: %(why)s. "
            "Let this user write there, or set %(name)s to a folder that it may make and write in."
        )
        raise BadEnvironment(words, name=name, path=path, why=wrong) from None


def database(name: str, default_file: Path) -> dict[str, object]:
    """A Django database entry: SQLite in a file, or PostgreSQL from `postgresql://user:password@host:5432/name`."""
    value = os.environ.get(name, "").strip()
    if not value:
        return {
            "ENGINE": "fireside.lib.databases.sqlite",
            "NAME": str(default_file),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",  # deferred ones fail with "locked" when two writers meet
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON; PRAGMA mmap_size=134217728;"
                    "PRAGMA cache_size=-20000; PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY;"
                ),
            },
        }
    parts = urlsplit(value)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        words = _("%(name)s must read postgresql://user:password@host:5432/name, not %(value)s.")
        raise BadEnvironment(words, name=name, value=parts.scheme or value)
    try:
        port = parts.port
    except ValueError:
        words = _("%(name)s: the port behind the host must be a whole number from %(least)s to %(most)s.")
        raise BadEnvironment(words, name=name, least=1, most=65535) from None
    query = {"connect_timeout": "10"} | dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    if flag("FIRESIDE_PREPARED", True):  # poolers take no options; those given by the address stand behind ours and prevail
        query["options"] = " ".join([f"-c {one}" for one in OF_POSTGRESQL] + [query.get("options", "")]).strip()
    return {
        "ENGINE": "fireside.lib.databases.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.pop("host", "") or parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }

"""Another house, in a process of its own: what is put back there, and what it says of itself."""

import hashlib
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from time import sleep
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from fireside.conversation.actions import open_topic, reply
from fireside.lib.errors import Refused
from fireside.serving.keeping.taking import back_up

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MADE_ANEW = {"insights_mirror", "insights_segment", "cache"}  # and its clock: what limits count


def quiet(_words: str, _total: int, _unit: str = "") -> Callable[[int], None]:
    return lambda _n: None


def slowly(_words: str, _total: int, _unit: str = "") -> Callable[[int], None]:
    """Time for the writer to go on between two steps."""
    sleep(0.2)
    return lambda _n: None


def keep(folder: Path, **more: Any) -> Path:
    return Path(back_up(folder, now=more.pop("now", NOW), step=more.pop("step", quiet), lapse=more.pop("lapse", None))["archive"])


def rows() -> dict[str, list[str]]:
    """Every table with every row."""
    with connection.cursor() as cursor:
        names = set(connection.introspection.table_names(cursor)) - MADE_ANEW
        names = {
            one for one in names if not one.startswith(("conversation_sought_words_", "sqlite_"))
        }  # how FTS5 keeps the index, what SQLite counted
        found = {}
        for name in sorted(names):
            cursor.execute(f'SELECT * FROM "{name}"')
            found[name] = sorted(map(repr, cursor.fetchall()))
    return found


def files(data: Path) -> dict[str, str]:
    kept = [path for folder in ("files", "imports") for path in (data / folder).rglob("*") if path.is_file()]
    return {str(path.relative_to(data)): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}


class Elsewhere:
    """Another house: a folder, and on PostgreSQL a database of its own."""

    def __init__(self, data: Path, racer: Any) -> None:
        self.data, self.racer = data, racer
        self.database = str(data / "fireside.sqlite3") if connection.vendor == "sqlite" else "elsewhere"

    def ask(self, work: Callable[..., Any], *given: Any) -> Any:
        told = self.racer(at, self.data, self.database, os.environ["PATH"], work, *given).hear()
        assert not isinstance(told, Exception), told
        return told

    def restore(self, archive: Path, *options: str) -> dict[str, Any]:
        return dict(self.ask(put_back, archive, *options))


def at(line: Connection, data: Path, database: str, path: str, work: Callable[..., Any], *given: Any) -> None:
    """In a process of its own that lives in the other house."""
    os.environ["PATH"] = path
    settings.DATA, settings.MEDIA_ROOT, settings.MIRROR = data, data / "files", data / "mirror"
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        line.send(work(*given))
    except Exception as wrong:
        line.send(RuntimeError(f"{type(wrong).__name__}: {wrong}"))
    finally:
        connection.close()


def put_back(archive: Path, *options: str) -> dict[str, Any]:
    class Heard:
        said = ""

        def write(self, words: str) -> None:
            self.said += words

        def isatty(self) -> bool:
            return False

        def flush(self) -> None:
            pass

    heard = Heard()
    try:
        call_command("restore", str(archive), "--json", *options, stdout=heard)
    except Refused as no:
        return {"code": no.code, "message": str(no)}
    return dict(json.loads(heard.said))


def put_all_back(archives: list[Path], *options: str) -> list[str]:
    return [put_back(archive, *options).get("code", "done") for archive in archives]


def stands(data: Path) -> tuple[dict[str, list[str]], dict[str, str], str]:
    return rows(), files(data), (data / "secret").read_text()


def write_on(line: Connection) -> None:
    """A member who does not stop: a topic and replies, one after the other."""
    from fireside.activity.actor import Actor
    from fireside.members.models import Member
    from fireside.spaces.models import Space

    ben, hearth = Member.objects.get(name="Ben"), Space.objects.get(slug="hearth")
    said = 0
    while not line.poll():
        now = datetime.now(UTC)
        picture = Path(settings.MEDIA_ROOT) / "pictures" / f"{said}.webp"
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(os.urandom(2000))
        topic = open_topic(Actor(ben, "web", now), space=hearth, title=f"Number {said}", text="Kept while I write. " * 20)
        reply(Actor(ben, "web", now), topic=topic, text="And goes on.")
        said += 1
        if said == 5:
            line.send("writing")
    line.send(said)

"""Zulip's own export: realm.json with people and streams, messages-000001.json and so on. Direct messages are never taken in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fireside.connectors.readers.zulip import Known, Person, Stream, read_json
from fireside.connectors.rules.records import Found, Unusable, readable
from fireside.lib.text import one_line

STREAM = 2  # zerver_recipient.type; 1 and 3 are direct messages
_SYSTEM = ("welcome-bot@", "notification-bot@", "emailgateway@", "feedback@", "nagios-")
SIGNS = {"+1": "thumbs_up", "-1": "thumbs_down"}


class Export:
    """The unpacked export. realm.json is kept in memory, messages are read part by part."""

    form = "export"

    def __init__(self, folder: Path) -> None:
        self.folder, self.known = folder, Known()
        if any(folder.glob("messages-*.json.partial")):
            raise Unusable("partial_export")
        realm, reason = read_json(folder / "realm.json")
        if not isinstance(realm, dict) or not isinstance(realm.get("zerver_stream"), list):
            raise Unusable(reason or "not_zulip")
        self._realm = realm
        self._streams: dict[int, str] = {}  # recipient id -> stream id
        self._direct: set[int] = set()
        self._read_streams()
        self._read_people()

    def files(self) -> list[Path]:
        return [self.folder / "realm.json", *self._parts()]

    def site(self) -> str:
        for row in _rows(self._realm, "zerver_realm"):
            return str(row.get("host") or row.get("uri") or row.get("string_id") or "").partition("//")[2] or str(
                row.get("string_id") or ""
            )
        return ""

    def messages(self) -> Iterator[Found]:
        for path in self._parts():
            part, reason = read_json(path)
            if not isinstance(part, dict) or not isinstance(part.get("zerver_message"), list):
                yield Found(path.name, None, reason or "not_a_record", readable(path.read_bytes()[:4096]))
                continue
            for i, row in enumerate(part["zerver_message"]):
                yield self._message(f"{path.name}[{i}]", row)

    def reactions(self) -> Iterator[tuple[str, str, str]]:
        for row in self._reaction_rows():
            message, person, sign = row.get("message"), row.get("user_profile"), row.get("emoji_name")
            if message and person and isinstance(sign, str) and sign:
                yield str(message), str(person), SIGNS.get(sign, sign)[:40]

    def subscriptions(self) -> Iterator[tuple[str, str]]:
        for row in _rows(self._realm, "zerver_subscription"):
            stream = self._streams.get(row.get("recipient", 0))
            if stream and row.get("active", True) and str(row.get("user_profile")) in self.known.people:
                yield stream, str(row["user_profile"])

    def _parts(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("messages-*.json") if path.is_file() and not path.is_symlink())

    def _reaction_rows(self) -> Iterator[dict[str, Any]]:
        yield from _rows(self._realm, "zerver_reaction")
        if "zerver_reaction" not in self._realm:
            for path in self._parts():
                part, _reason = read_json(path)
                if isinstance(part, dict):
                    yield from _rows(part, "zerver_reaction")

    def _read_streams(self) -> None:
        for row in _rows(self._realm, "zerver_stream"):
            openness = "private" if row.get("invite_only") else "public" if row.get("is_web_public") else "open"
            number = str(row["id"])
            self.known.streams[number] = Stream(
                number, one_line(str(row.get("name") or number)), one_line(str(row.get("description") or "")), openness,
                _number(row.get("date_created")), bool(row.get("deactivated")),
            )  # fmt: skip
        for row in _rows(self._realm, "zerver_recipient"):
            if row.get("type") == STREAM:
                self._streams[row["id"]] = str(row.get("type_id"))
            else:
                self._direct.add(row["id"])

    def _read_people(self) -> None:
        for table in ("zerver_userprofile", "zerver_userprofile_mirrordummy", "zerver_userprofile_crossrealm"):
            for row in _rows(self._realm, table):
                email = str(row.get("delivery_email") or row.get("email") or "")
                name = one_line(str(row.get("full_name") or "")) or email.partition("@")[0].replace("-", " ").title()
                system = email.startswith(_SYSTEM)
                self.known.people[str(row["id"])] = Person(
                    str(row["id"]), name, email="" if _made_up(email) or system else email, is_bot=bool(row.get("is_bot")) or system,
                    joined=_number(row.get("date_joined")), active=bool(row.get("is_active", True)), listed=table == "zerver_userprofile",
                )  # fmt: skip

    def _message(self, place: str, row: Any) -> Found:
        if not isinstance(row, dict):
            return Found(place, None, "not_a_record", readable(str(row)))
        recipient = row.get("recipient")
        if recipient in self._direct:
            return Found(place, None, "direct_message")  # and nothing of it is written anywhere
        stream = self._streams.get(recipient) if isinstance(recipient, int) else None
        sender = str(row.get("sender"))
        html, text = row.get("rendered_content"), row.get("content")
        raw = readable(str({key: row.get(key) for key in ("id", "sender", "recipient", "subject", "date_sent", "content")}))
        if stream is None:
            return Found(place, None, "no_place", f"id {row.get('id')}")  # perhaps direct: its words stay out
        return Found(place, {
            "id": row.get("id"), "timestamp": row.get("date_sent", row.get("pub_date")), "stream": stream,
            "topic": row.get("subject"), "sender": sender if sender in self.known.people else None,
            "content": html if html else text, "format": "html" if html else "md",
        }, "", raw)  # fmt: skip


def _rows(realm: dict[str, Any], table: str) -> Iterator[dict[str, Any]]:
    for row in realm.get(table) or ():
        if isinstance(row, dict):
            yield row


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else None


def _made_up(email: str) -> bool:
    """user17@example.zulipchat.com: an address that Zulip invents for people who hide theirs."""
    name, _at, host = email.partition("@")
    return not host or (name.startswith("user") and name[4:].isdigit()) or "noreply" in name

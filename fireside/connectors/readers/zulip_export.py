"""Zulip's own export: realm.json with people and streams, messages-000001.json and so on. Direct messages are never taken in.

What is private there stays private: private streams are read by nobody but who is subscribed today, and where the past of a
stream was kept from those who came later, only who got every message of it reads it here.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fireside.connectors.readers.archive import Known, Person, Stream, read_json
from fireside.connectors.readers.zulip import ZulipArchive
from fireside.connectors.rules.records import Found, Unusable, storable
from fireside.lib.text import one_line

STREAM = 2  # zerver_recipient.type; 1 and 3 are direct messages
_SYSTEM = ("welcome-bot@", "notification-bot@", "emailgateway@", "feedback@", "nagios-")
_NUMBERLESS = {"zerver_realm", "zerver_subscription", "zerver_reaction", "zerver_usermessage"}  # nobody asks for the number of these rows
SIGNS = {"+1": "thumbs_up", "-1": "thumbs_down"}


class Export(ZulipArchive):
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
        self._got: Counter[tuple[str, str]] = (
            Counter()
        )  # (stream, person) -> messages they got; of streams whose past is kept from later ones
        self._said: Counter[str] = Counter()  # messages of such a stream
        self._counted = False
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
        if not self._counted:
            self._got.clear()
            self._said.clear()
        for path in self._parts():
            part, reason = read_json(path)
            if not isinstance(part, dict) or not isinstance(part.get("zerver_message"), list):
                yield Found(path.name, None, reason or "not_a_record", f"{path.stat().st_size} bytes")  # direct messages stand in it
                continue
            if not self._counted:
                self._count_who_got(part)
            for i, row in enumerate(part["zerver_message"]):
                yield self._message(f"{path.name}[{i}]", row)
        self._counted = True

    def reactions(self) -> Iterator[tuple[str, str, str]]:
        for row in self._reaction_rows():
            message, person, sign = row.get("message"), row.get("user_profile"), row.get("emoji_name")
            if message and person and isinstance(sign, str) and sign:
                yield str(message), str(person), SIGNS.get(sign, sign)[:40]

    def subscriptions(self) -> Iterator[tuple[str, str]]:
        return ((stream, person) for stream, person, stands in self._subscribed() if stands)

    def gone(self) -> Iterator[tuple[str, str]]:
        return ((stream, person) for stream, person, stands in self._subscribed() if not stands or not self.known.people[person].active)

    def reads_all(self, stream: str, person: str) -> bool:
        one, somebody = self.known.streams[stream], self.known.people[person]
        if one.private and not somebody.active:
            return False
        return not (one.private and one.protected) or self._got[stream, person] >= self._said[stream]

    def pictures(self) -> Iterator[tuple[str, list[Path]]]:
        """The picture as it was handed in before the ones that Zulip made of it, the newest version first."""
        rows, _reason = (
            read_json(self.folder / "avatars" / "records.json") if (self.folder / "avatars" / "records.json").is_file() else ([], "")
        )
        own = {str(row["id"]) for row in _rows(self._realm, "zerver_userprofile") if row.get("avatar_source", "U") == "U"}
        found: dict[str, list[tuple[float, bool, Path]]] = {}
        for row in rows if isinstance(rows, list) else ():
            person = str(row.get("user_profile_id")) if isinstance(row, dict) else ""
            path = self._inside("avatars", row.get("path") or row.get("s3_path")) if person in own else None
            if path is not None:
                found.setdefault(person, []).append((_number(row.get("avatar_version")) or 0, path.suffix == ".original", path))
        for person, files in found.items():
            yield person, [path for _version, _original, path in sorted(files, reverse=True)]

    def attachments(self) -> int | None:
        for name, table in (("attachment.json", "zerver_attachment"), ("uploads/records.json", "")):
            if (self.folder / name).is_file():
                value, _reason = read_json(self.folder / name)
                rows = value.get(table) if table and isinstance(value, dict) else value
                if isinstance(rows, list):
                    return len(rows)
        return None

    def _inside(self, room: str, name: Any) -> Path | None:
        """A file of the export by the name that a record gives; None when it is missing, a link, or would lead out of its folder."""
        if not isinstance(name, str) or not name or "\0" in name:
            return None
        path = self.folder / room / name
        here = path.is_file() and not path.is_symlink() and path.resolve().is_relative_to((self.folder / room).resolve())
        return path if here else None

    def _subscribed(self) -> Iterator[tuple[str, str, bool]]:
        for row in _rows(self._realm, "zerver_subscription"):
            recipient, person = row.get("recipient"), str(row.get("user_profile"))
            stream = self._streams.get(recipient) if isinstance(recipient, int) else None
            if stream in self.known.streams and person in self.known.people:
                yield str(stream), person, bool(row.get("active", True))

    def _count_who_got(self, part: dict[str, Any]) -> None:
        """Who got which message is written down there for each person; only streams that keep their past to themselves need it."""
        kept = {number for number, one in self.known.streams.items() if one.private and one.protected}
        said: dict[Any, str] = {}
        for row in _rows(part, "zerver_message") if kept else ():
            recipient = row.get("recipient")
            if isinstance(recipient, int) and isinstance(row.get("id"), int) and (stream := self._streams.get(recipient, "")) in kept:
                said[row["id"]] = stream
        self._said.update(said.values())
        for row in _rows(part, "zerver_usermessage") if said else ():
            if isinstance(row.get("message"), int) and (stream := said.get(row["message"], "")):
                self._got[stream, str(row.get("user_profile"))] += 1

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
        """Who is not in a private stream does not know of it there: here it is hidden. Without spectators nothing there is public."""
        spectators = all(row.get("enable_spectator_access", True) for row in _rows(self._realm, "zerver_realm"))
        for row in _rows(self._realm, "zerver_stream"):
            openness = "hidden" if row.get("invite_only") else "public" if row.get("is_web_public") and spectators else "open"
            number = str(row["id"])
            self.known.streams[number] = Stream(
                number, _words(row.get("name")) or number, _words(row.get("description")), openness,
                _number(row.get("date_created")), bool(row.get("deactivated")), not row.get("history_public_to_subscribers", True),
            )  # fmt: skip
        for row in _rows(self._realm, "zerver_recipient"):
            if row.get("type") == STREAM:
                self._streams[row["id"]] = str(row.get("type_id"))[:20]
            else:
                self._direct.add(row["id"])

    def _read_people(self) -> None:
        for table in ("zerver_userprofile", "zerver_userprofile_mirrordummy", "zerver_userprofile_crossrealm"):
            for row in _rows(self._realm, table):
                email = _words(row.get("delivery_email") or row.get("email"))
                name = _words(row.get("full_name")) or email.partition("@")[0].replace("-", " ").title()
                system = email.startswith(_SYSTEM)
                self.known.people[str(row["id"])] = Person(
                    str(row["id"]), name, email="" if _made_up(email) or system else email, is_bot=bool(row.get("is_bot")) or system,
                    joined=_number(row.get("date_joined")), active=bool(row.get("is_active", True)), listed=table == "zerver_userprofile",
                )  # fmt: skip

    def _message(self, place: str, row: Any) -> Found:
        if not isinstance(row, dict):
            return Found(place, None, "not_a_record")
        recipient = row.get("recipient") if isinstance(row.get("recipient"), int) else None
        if recipient in self._direct or row.get("is_channel_message") is False:
            return Found(place, None, "direct_message")  # and nothing of it is written anywhere
        stream = self._streams.get(recipient) if recipient is not None else None
        sender = str(row.get("sender"))
        html, text = row.get("rendered_content"), row.get("content")
        if stream not in self.known.streams:
            return Found(place, None, "no_place", f"id {row.get('id')}")  # perhaps direct: its words stay out
        return Found(place, {
            "id": row.get("id"), "timestamp": row.get("date_sent", row.get("pub_date")), "stream": stream,
            "topic": row.get("subject"), "sender": sender if sender in self.known.people else None,
            "content": html if html else text, "format": "html" if html else "md",
        })  # fmt: skip


def _rows(realm: dict[str, Any], table: str) -> Iterator[dict[str, Any]]:
    """The rows of a table that are rows; where they bear a number, it must be one."""
    rows = realm.get(table)
    for row in rows if isinstance(rows, list) else ():
        number = row.get("id", 1 if table in _NUMBERLESS else None) if isinstance(row, dict) else None
        if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**63:
            yield row


def _words(value: Any) -> str:
    return one_line(storable(value)) if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e15 else None


def _made_up(email: str) -> bool:
    """user17@example.zulipchat.com: an address that Zulip invents for people who hide theirs."""
    name, _at, host = email.partition("@")
    return not host or (name.startswith("user") and name[4:].isdigit()) or "noreply" in name

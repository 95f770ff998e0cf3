"""How mail writes things down: who, when, in answer to what, and which of its words somebody wrote this time."""

import contextlib
import hashlib
import re
from datetime import UTC, datetime, timedelta
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from functools import cached_property, lru_cache
from html import escape
from typing import Any

from fireside.connectors.rules.html_pictures import pictures_as_links
from fireside.connectors.rules.messages import moment
from fireside.connectors.rules.records import Unusable, cut_id, storable
from fireside.lib.text import name_key, one_line

LIES = timedelta(days=7)  # a clock that differs by more from that of the server which took the letter in is wrong
_ID = re.compile(r"<([^<>\s]+)>")
_ANSWER = re.compile(r"^\s*(?:(?:re|aw|sv|vs|antw|odp|fwd?|wg|tr|回复|答复|转发|回覆|答覆|轉寄)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.I)
_LIST = re.compile(r"^\s*\[[^\]\n]{1,40}\]\s*")
_ADDRESS = re.compile(r"(?<![\w.+/-])([\w.+-]{1,64})@((?:[\w-]{1,63}\.)+[A-Za-z]{2,24})(?![\w@/:-])")
_AT = re.compile(r"^\s*([\w.+-]+)\s+at\s+((?:[\w-]+\.)+\w+)\s*(?:\((.*)\))?\s*$", re.S)
_NO_SECRET = frozenset(["git", "hg", "svn", "example", "user", "username", "you", "name", "root", "noreply", "no-reply"])
_HEAD = re.compile(r"<(head|style|script|title)\b.*?(?:</\1\s*>|\Z)", re.S | re.I)
_QUOTED = re.compile(r"^(?:> ?)+")
_FOOTER = re.compile(r"\n_{40,}\n(?:[^\n]*\n?){1,8}\Z")  # what the list's own program writes below each letter
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]}']")
SIGNATURE = 8  # lines of a signature that are kept
_PARTS = re.compile(rb"\b(?:multipart|message)/", re.I)
_NAME = re.compile(r"[!-9;-~]+")
_ROBOT = re.compile(r"^(?:mailer-daemon|postmaster|noreply|no-reply|donotreply|do-not-reply|bounces?|notifications?)\b", re.I)


class Mail(Message):
    """A letter whose headers are looked up many times."""

    @cached_property
    def first(self) -> dict[str, str]:
        """Each header's first value by its name in small letters, as it came in."""
        return {key.casefold(): str(value) for key, value in reversed(list(self.raw_items()))}

    @classmethod
    def of(cls, raw: bytes) -> "Mail":
        """A letter out of its bytes. Of one that is one part only its head is parsed."""
        head, empty, body = raw.partition(b"\n\n")
        if empty and b"\r" not in raw and not _PARTS.search(head) and (fields := _fields(head.decode("ascii", "surrogateescape"))):
            mail = cls()
            for name, value in fields:
                mail.set_raw(name, value)
            mail.set_payload(body.decode("ascii", "surrogateescape"))
            return mail
        return BytesParser(cls).parsebytes(raw)

    def get(self, name: str, failobj: Any = None) -> Any:
        value = self.first.get(name.lower())
        if value is None:
            return failobj
        return value if value.isascii() else super().get(name, failobj)


def _fields(head: str) -> list[tuple[str, str]]:
    """Names and values as the standard library's parser makes them, ten times as fast; none where a line is no header."""
    found: list[tuple[str, str]] = []
    for line in head.split("\n"):
        if line[:1] in (" ", "\t"):
            if not found:
                return []
            found[-1] = found[-1][0], f"{found[-1][1]}\n{line}"
            continue
        name, colon, value = line.partition(":")
        if not colon or not _NAME.fullmatch(name):
            return []
        found.append((name, value.lstrip(" \t")))
    return found


@lru_cache(maxsize=256)
def content_of(told: str) -> tuple[str, str, bool]:
    """What a Content-Type says: the type, in which characters, and whether its lines flow. Few differ."""
    part: Message = Message()
    part.set_raw("Content-Type", told)
    flowed = "flowed" in told.casefold() and str(part.get_param("format", "")).casefold() == "flowed"
    charset = str(part.get_content_charset("") or "") if "charset" in told.casefold() else ""
    return part.get_content_type(), charset, flowed


def header(mail: Mail, name: str) -> str:
    """A header in plain words, whatever it was encoded in; "" when there is none."""
    value = mail.first.get(name.casefold(), "")
    if value.isascii() and "=?" not in value:
        return one_line(value if value.isprintable() else storable(value))
    parts: list[tuple[Any, str | None]] = [(value, None)]
    if "=?" in value:
        with contextlib.suppress(HeaderParseError, ValueError, LookupError):
            parts = decode_header(value)
    return one_line(storable("".join(_decoded(part, charset) for part, charset in parts)))


def _decoded(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        return part if part.isascii() else decoded(part.encode("utf-8", "surrogateescape"), "")
    return decoded(part, charset or "")


def decoded(raw: bytes, charset: str) -> str:
    """Words out of bytes: as they say they are written, else as they can be read. GB2312 in mail is mostly GB18030."""
    named = {"gb2312": "gb18030", "gbk": "gb18030", "us-ascii": "utf-8", "ascii": "utf-8", "iso-8859-1": "cp1252", "latin-1": "cp1252"}
    wanted = charset.strip().strip("\"'").casefold()
    for one in dict.fromkeys([named.get(wanted, wanted), "utf-8", "gb18030" if wanted.startswith("gb") else "cp1252"]):
        try:
            return raw.decode(one)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return raw.decode("latin-1")


def ids_in(mail: Mail, name: str) -> list[str]:
    """The ids that a References or In-Reply-To names, in their order."""
    words = mail.first.get(name.casefold(), "")
    if words.isascii() and "=?" not in words and "\0" not in words:  # so almost all: what stands between two ids is of no account
        return [cut_id(one) for one in _ID.findall(words)]
    return [cut_id(storable(one)) for one in _ID.findall(header(mail, name))]


def id_of(mail: Mail, raw: bytes) -> str:
    """Its Message-ID; of a letter without one, the sum of what it says."""
    found = ids_in(mail, "Message-ID")
    return found[0] if found else f"sum:{hashlib.sha256(raw).hexdigest()[:40]}"


def author_of(mail: Mail) -> tuple[str, str, str]:
    """(external id, name, address). The id is made of the address and does not show it; a name never is an address."""
    return _author(header(mail, "From"))


@lru_cache(maxsize=4096)
def _author(words: str) -> tuple[str, str, str]:
    if hidden := _AT.match(words):  # as Mailman's pages write it: ada at example.org (Ada)
        name, address = hidden[3] or "", f"{hidden[1]}@{hidden[2]}"
    else:
        name, address = next((pair for pair in getaddresses([words]) if any(pair)), ("", ""))
    address = address.strip().casefold()
    if "@" not in address:
        name, address = name or address, ""
    name = one_line(name.strip("\"' "))
    if "@" in name or _AT.match(name):
        name = ""
    if not address and not name:
        raise Unusable("no_sender")
    if not address or len(address) > 250:
        name = name or "?"
        return cut_id(f"name:{name_key(name)}"), name, ""
    key = hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"mail:{key}", name or re.split(r"[._+\-\d]", address.partition("@")[0])[0] or "?", address


def is_robot(mail: Mail, address: str) -> bool:
    """A program's letter: it says so itself, or nobody reads what is sent back."""
    said = header(mail, "Auto-Submitted").casefold()
    return bool(_ROBOT.match(address)) or said.startswith(("auto-generated", "auto-replied"))


def went_to_a_list(mail: Mail) -> bool:
    """A list's program says so, or the page of an archive wrote it down (`ada at example.org`). Others may be between two people."""
    marks = ("List-Id", "List-Post", "List-Unsubscribe", "Mailing-List", "X-Mailing-List", "X-Mailman-Version", "X-BeenThere")
    return any(header(mail, name) for name in marks) or _AT.match(header(mail, "From")) is not None


def time_of(mail: Mail, first_line: str, now: datetime) -> datetime:
    """When it was written. A date that cannot be, or that is far from when the list's server took it in, lies: then that one counts."""
    said, taken = _time(header(mail, "Date"), now), None
    for one in mail.get_all("Received") or []:
        taken = taken or _time(str(one).rpartition(";")[2], now)
    if said is not None:
        return taken if taken is not None and abs(said - taken) > LIES else said
    words = first_line.split()
    if taken is None and len(words) > 2 and words[1] != "-":  # "From ada@example.org Mon Jan  3 10:00:00 2005"
        taken = _asctime(words[2:], now)
    if taken is not None:
        return taken
    raise Unusable("impossible_time" if mail.get("Date") else "no_time")


def _time(words: str, now: datetime) -> datetime | None:
    try:
        at = parsedate_to_datetime(words.strip())
        return moment((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp(), now)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _asctime(words: list[str], now: datetime) -> datetime | None:
    for form, count in (("%a %b %d %H:%M:%S %Y", 5), ("%a %b %d %H:%M:%S %z %Y", 6)):
        try:
            at = datetime.strptime(" ".join(words[:count]), form)  # noqa: DTZ007  the second names its zone, the first means UTC
            return moment((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp(), now)
        except (ValueError, OverflowError):
            continue
    return None


def subject_of(mail: Mail) -> tuple[str, bool]:
    """What it is about, without the marks of an answer and of the list; and whether it says that it is an answer."""
    words, answer = header(mail, "Subject"), False
    for _turn in range(8):
        plain = _LIST.sub("", words)
        shorter = _ANSWER.sub("", plain)
        answer = answer or shorter != plain
        if shorter == words:
            break
        words = shorter
    return words.strip(), answer


def without_addresses(words: str) -> str:
    """Nobody's address is shown to others: `ada@example.org` becomes `ada@…`."""
    return _ADDRESS.sub(lambda one: one[0] if one[1].casefold() in _NO_SECRET else f"{one[1][:1]}…@…", words) if "@" in words else words


def of_html(html: str) -> str:
    """A letter that is HTML alone: to be sanitised like every other HTML that comes in."""
    return without_addresses(pictures_as_links(_HEAD.sub(" ", html)))


def in_html(text: str, *, flowed: bool = False) -> str:
    """A letter's plain lines: `>` quotes, `-- ` ends what was said; below it the first lines of the signature stand apart."""
    text = _FOOTER.sub("", "\n" + text.replace("\r\n", "\n").replace("\r", "\n")).lstrip("\n")
    said, dash, below = ("\n" + text).partition("\n-- \n")
    made = _blocks(_joined(said[1:].split("\n")) if flowed else said[1:].split("\n"))
    if dash and (lines := [line for line in below.split("\n") if line.strip()]):
        made += "<p>" + "<br>".join(["-- ", *map(_still, lines[:SIGNATURE])]) + "</p>"
    return made


def _joined(lines: list[str]) -> list[str]:
    """Lines that a program broke (format=flowed: a space at the end) as the ones that somebody wrote."""
    made: list[str] = []
    for line in lines:
        if made and made[-1].endswith(" ") and made[-1] != "-- " and _depth(made[-1]) == _depth(line):
            made[-1] += _QUOTED.sub("", line)
        else:
            made.append(line)
    return made


def _depth(line: str) -> int:
    found = _QUOTED.match(line)
    return min(found[0].count(">"), 12) if found else 0


def _blocks(lines: list[str]) -> str:
    """Paragraphs, in as many quotes as there are signs before their lines."""
    made, inside, open_lines = [], 0, list[str]()

    def close() -> None:
        if any(line.strip() for line in open_lines):
            made.append("<p>" + "<br>".join(map(_still, open_lines)) + "</p>")
        open_lines.clear()

    for line in lines:
        depth, words = _depth(line), _QUOTED.sub("", line).rstrip()
        if depth != inside:
            close()
            made.append("<blockquote>" * (depth - inside) + "</blockquote>" * (inside - depth))
            inside = depth
        if words:
            open_lines.append(words)
        else:
            close()
    close()
    return "".join(made) + "</blockquote>" * inside


def _still(line: str) -> str:
    """One line with its indent, its links, and nobody's address."""
    line = without_addresses(line.rstrip().expandtabs(4))
    lead = len(line) - len(line.lstrip(" "))
    made, end = [], lead
    for link in _LINK.finditer(line):
        if link.start() >= lead:
            made += [escape(line[end : link.start()]), f'<a href="{escape(link[0])}">{escape(link[0])}</a>']
            end = link.end()
    return "\u00a0" * min(lead, 40) + "".join(made) + escape(line[end:])

"""Slack's way of writing words, as Markdown: who and what stands in angle brackets, bold and struck words, code, files."""

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

from fireside.lib.text import one_line

SIGN = "\U0001f4ce "  # a paper clip: said in no language, so it is right in each
_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.S)
_TOKEN = re.compile(r"<([^<>\n]+)>")
_BOLD = re.compile(r"(?<![\w*])\*(?![\s*])([^*\n]+?)(?<!\s)\*(?![\w*])")
_STRUCK = re.compile(r"(?<![\w~])~(?![\s~])([^~\n]+?)(?<!\s)~(?![\w~])")
Names = Mapping[str, str]


def in_markdown(text: str, people: Names, channels: Names) -> str:
    """The same words as Markdown, with names where Slack writes ids."""
    parts = _CODE.split(text)
    for i, part in enumerate(parts):
        if i % 2 == 0:
            words = _STRUCK.sub(r"~~\1~~", _BOLD.sub(r"**\1**", part))
            parts[i] = unescape(_TOKEN.sub(lambda one: _said(one[1], people, channels, links=True), words))
        else:
            code = unescape(_TOKEN.sub(lambda one: _said(one[1], people, channels, links=False), part))
            parts[i] = f"\n```\n{code[3:-3].strip(chr(10))}\n```\n" if code.startswith("```") else code
    return "".join(parts).strip("\n")


def called(text: str, people: Names) -> tuple[tuple[str, str], ...]:
    """Whom a message calls: their ids and names, not in code."""
    found = dict.fromkeys(one.partition("|")[0][1:] for one in _TOKEN.findall(_CODE.sub(" ", text)) if one.startswith("@"))
    return tuple((person, people.get(person, person)) for person in found)


def with_files(text: str, record: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The message with the names of its files below it, and which files these are. They stay at Slack."""
    one, several = record.get("file"), record.get("files")
    given = several if isinstance(several, list) else [one] if isinstance(one, dict) else []
    files = {str(file["id"]): one_line(str(file.get("title") or file.get("name") or file["id"])) for file in given if _is_file(file)}
    named = [SIGN + name for name in files.values() if name not in text]
    return "\n\n".join([*([text] if text else []), *named]), tuple(files)


def of_attachments(rows: Any) -> str:
    """What a program shows below an empty message: the words it says stand for it."""
    given: Sequence[Any] = rows if isinstance(rows, list) else ()
    said = [row.get("text") or row.get("fallback") or "" for row in given if isinstance(row, dict)]
    return "\n\n".join(words for words in said if isinstance(words, str) and words.strip())


def _is_file(file: Any) -> bool:
    return isinstance(file, dict) and isinstance(file.get("id"), str) and file.get("mode") != "tombstone"


def _said(token: str, people: Names, channels: Names, *, links: bool) -> str:
    where, _bar, words = token.partition("|")
    if where.startswith("@"):
        return f"@{people.get(where[1:]) or words or where[1:]}"
    if where.startswith("#"):
        return f"#{channels.get(where[1:]) or words or where[1:]}"
    if where.startswith("!"):
        return words or f"@{where[1:].partition('^')[0]}"
    if not links or not words or words == where or not where.startswith(("http://", "https://", "mailto:")):
        return where if where.startswith(("http://", "https://")) else words or where
    label = words.replace("[", "(").replace("]", ")")
    return f"[{label}]({where.replace('(', '%28').replace(')', '%29')})"

"""What a source is called when nobody says: by its file, the same for every part and every later copy of it."""

import re

_ENDING = re.compile(r"(\.(jsonl|ndjson|json|csv|tsv|txt|xlsx|gz|tar|tgz|zip))+$", re.I)
_FILLER = re.compile(r"[-_+ ]*(zulip|archive|export|messages)(?![a-z])", re.I)


def archive_name(file: str) -> str:
    """ "lamp-zulip-archive.tar.gz" -> "lamp"."""
    word = _ENDING.sub("", file)
    return (_FILLER.sub("", word).strip("-_+ ") or word.strip("-_+ ") or "archive")[:70]


def source_of(importer: str, file: str) -> str:
    """The name of the source behind a file; "" for a Zulip history that may tell its own site."""
    if importer == "zulip":
        return ""
    word = _ENDING.sub("", file).strip() or "file"
    return f"{'list' if importer == 'members' else importer}:{word}"[:80]

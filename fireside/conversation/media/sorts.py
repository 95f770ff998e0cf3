"""What a file is, by its content: picture, audio, video, or something that is handed on as it is.

A table of our own: what is taken is twenty sorts, and the libraries that know a thousand answer with guesses (the first bytes of an AVI
are "perhaps WAV" to them). Decided by the content first; of what a container may be, by the name.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

HEAD = 4096
PIECE = 1 << 20


@dataclass(frozen=True)
class Sort:
    """`kind` is how it is shown; `ending` what its name must end in, so that no machine takes it for something else."""

    kind: str
    media_type: str
    ending: str


SORTS = {
    one.ending: one
    for one in (
        *(Sort("picture", media_type, ending) for ending, media_type in {
            ".jpg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif", ".heic": "image/heic",
        }.items()),
        *(Sort("audio", media_type, ending) for ending, media_type in {
            ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".aac": "audio/aac", ".ogg": "audio/ogg", ".wav": "audio/wav", ".flac": "audio/flac",
        }.items()),
        *(Sort("video", media_type, ending) for ending, media_type in {
            ".mp4": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm",
        }.items()),
        *(Sort("file", media_type, ending) for ending, media_type in {
            ".pdf": "application/pdf", ".zip": "application/zip", ".7z": "application/x-7z-compressed", ".gz": "application/gzip",
            ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            ".odt": "application/vnd.oasis.opendocument.text", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
            ".odp": "application/vnd.oasis.opendocument.presentation", ".epub": "application/epub+zip", ".3mf": "model/3mf",
            ".doc": "application/msword", ".xls": "application/vnd.ms-excel", ".ppt": "application/vnd.ms-powerpoint", ".rtf": "application/rtf",
            ".txt": "text/plain", ".md": "text/markdown", ".csv": "text/csv", ".tsv": "text/tab-separated-values", ".json": "application/json",
            ".ics": "text/calendar", ".gpx": "application/gpx+xml", ".srt": "application/x-subrip", ".stl": "model/stl", ".step": "model/step",
            ".log": "text/plain", ".yaml": "application/yaml",
        }.items()),
    )
}  # fmt: skip
PICTURES = {ending for ending, one in SORTS.items() if one.kind == "picture"}
TEXT = {".txt", ".md", ".csv", ".tsv", ".json", ".ics", ".gpx", ".srt", ".stl", ".step", ".log", ".yaml"}
_BEGIN = (  # the first of the endings is what it is where the name says nothing else
    (b"\xff\xd8\xff", (".jpg",)), (b"\x89PNG\r\n\x1a\n", (".png",)), (b"GIF87a", (".gif",)), (b"GIF89a", (".gif",)),
    (b"ID3", (".mp3",)), (b"\xff\xfb", (".mp3",)), (b"\xff\xf3", (".mp3",)), (b"\xff\xf2", (".mp3",)), (b"\xff\xf1", (".aac",)),
    (b"\xff\xf9", (".aac",)), (b"OggS", (".ogg",)), (b"fLaC", (".flac",)), (b"%PDF-", (".pdf",)), (b"{\\rtf1", (".rtf",)),
    (b"PK\x03\x04", (".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub", ".3mf")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", (".doc", ".xls", ".ppt")), (b"7z\xbc\xaf\x27\x1c", (".7z",)), (b"\x1f\x8b\x08", (".gz",)),
)  # fmt: skip
_BRANDS = {b"avif": ".avif", b"avis": ".avif", b"M4A ": ".m4a", b"M4B ": ".m4a", b"qt  ": ".mov"} | dict.fromkeys(
    (b"heic", b"heix", b"mif1", b"msf1", b"hevc"), ".heic"
)
_UNWRITTEN = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_RUNS = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<iframe", b"<?php", b"#!", b"<!--", b"@echo")
# What a double click would run, whatever stands in it.
RUNS = frozenset(
    [".exe", ".dll", ".com", ".scr", ".msi", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".mjs", ".wsf", ".hta", ".jar", ".apk", ".app", ".dmg", ".pkg", ".deb", ".rpm", ".lnk", ".url", ".reg", ".sh", ".command", ".htm", ".html", ".xhtml", ".shtml", ".mhtml", ".svg", ".xml", ".swf", ".docm", ".xlsm", ".pptm", ".xlam", ".iso", ".img", ".scpt", ".chm"]
)  # fmt: skip


def sort_of(file: IO[bytes], name: str) -> Sort | None:
    """What it is, or None when it is nothing that is taken. Reads text to its end, of anything else only the beginning."""
    file.seek(0)
    head, own = file.read(HEAD), ending_of(name)
    if own in RUNS:
        return None
    found = _endings(head)
    if found:
        return SORTS[own if own in found else found[0]]
    if own in SORTS and own not in TEXT:  # it says that it is a picture, a song …, and is none
        return None
    return SORTS[own if own in TEXT else ".txt"] if _is_text(file, head) else None


def ending_of(name: str) -> str:
    stem, dot, end = name.rpartition(".")
    same = {"jpeg": "jpg", "jfif": "jpg", "oga": "ogg", "opus": "ogg", "m4v": "mp4", "stp": "step", "yml": "yaml", "markdown": "md"}
    return "." + same.get(end.lower(), end.lower()) if stem and dot else ""


def _endings(head: bytes) -> tuple[str, ...]:
    for begin, endings in _BEGIN:
        if head.startswith(begin):
            return endings
    if head.startswith(b"RIFF"):
        return {b"WAVE": (".wav",), b"WEBP": (".webp",)}.get(head[8:12], ())
    if head[4:8] == b"ftyp":
        return (_BRANDS.get(head[8:12], ".mp4"),)
    return (".webm",) if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64] else ()


def _is_text(file: IO[bytes], head: bytes) -> bool:
    """Words in UTF-8 or GB 18030 to the end, and nothing that a browser or a shell would run."""
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_RUNS):
        return False
    return any(_reads(file, coding) for coding in ("utf-8", "gb18030"))


def _reads(file: IO[bytes], coding: str) -> bool:
    file.seek(0)
    try:
        return not any(_UNWRITTEN.search(piece) for piece in _decoded(file, coding))
    except UnicodeDecodeError:
        return False


def _decoded(file: IO[bytes], coding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(coding)()
    while part := file.read(PIECE):
        yield decoder.decode(part)
    yield decoder.decode(b"", final=True)

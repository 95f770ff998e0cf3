"""Pure decisions about files: how large, how many, what a picture becomes."""

import re
from collections.abc import Collection, Iterable
from datetime import timedelta

MIB = 1024 * 1024
PICTURE_MIB = 20  # as it is given; what is kept is far smaller
SIDE_LEAST = 2  # pixels
PIXELS_MOST = 50_000_000  # of a JPEG, which is read at half or a quarter of its size
PIXELS_MOST_WHOLE = 25_000_000  # of what can only be read whole
LONGEST = 16_000  # pixels of one side: WebP ends there
WIDTHS = (480, 960, 1920)
FRAMES_MOST = 300
FRAME_PIXELS_MOST = 30_000_000  # of all frames together, as they are kept
FRAME_PIXELS_READ = 150_000_000  # of all frames together, as they are given: reading so many takes two seconds
MOVING_WIDTH = 640
POST_FILES = 20
DAY_FILES = 100  # that one member gives on one day
KINDS = ("picture", "audio", "video", "file")
UNUSED = timedelta(hours=24)  # a file that nothing holds is kept so long
NAME_MAX = 120
NO_NAME = "file"


def why_not_sort(*, kind: str, ending: str, size: int, kinds: Collection[str], file_mib: int) -> str:
    """What keeps a file of this sort and size out, where the community takes these kinds up to so many MiB."""
    if ending == ".heic":
        return "picture_unreadable"
    if kind not in kinds:
        return f"no_{kind}"
    if kind == "picture":
        return "picture_large" if size > PICTURE_MIB * MIB else ""
    return "file_large" if size > file_mib * MIB else ""


def why_not_sharing(*, kinds: Collection[str], file_mib: int, day_mib: int, most: int) -> str:
    """What a community cannot choose. `most`: MiB that this house can take at all."""
    if set(kinds) - set(KINDS):
        return "kinds_unknown"
    if not 1 <= file_mib <= most:
        return "file_mib"
    return "day_mib" if not file_mib <= day_mib <= 100_000 else ""


def why_not_held(count: int) -> str:
    """What keeps a post from holding so many files."""
    return "many_files" if count > POST_FILES else ""


def why_not_picture(*, width: int, height: int, shrinks: bool) -> str:
    """What keeps a picture of so many pixels out. `shrinks`: it can be read smaller than it is."""
    if min(width, height) < SIDE_LEAST:
        return "picture_small"
    if width * height > (PIXELS_MOST if shrinks else PIXELS_MOST_WHOLE):
        return "picture_pixels"
    return "picture_long" if max(width, height * min(1.0, WIDTHS[-1] / width)) > LONGEST * (4 if width > height else 1) else ""


def widths_of(width: int, *, moving: bool = False) -> list[int]:
    """In which widths a picture is kept, the smallest first: never wider than it is, and none that is nearly the next."""
    top = min(width, MOVING_WIDTH if moving else WIDTHS[-1])
    return [*(one for one in (() if moving else WIDTHS) if one * 1.2 <= top), top]


def keeps_moving(*, frames: int, width: int, height: int) -> bool:
    """Whether all frames of a moving picture are kept, or only the first."""
    kept = min(1.0, MOVING_WIDTH / width)
    read = frames * width * height
    return 1 < frames <= FRAMES_MOST and read <= FRAME_PIXELS_READ and read * kept * kept <= FRAME_PIXELS_MOST


_PATH = re.compile(r".*[/\\]", re.DOTALL)
_SIGNS = re.compile(r"[\x00-\x1f\x7f<>:\"|?*]|[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def file_name(given: str, ending: str = "", own: str = "") -> str:
    """A file's name as people see it: without folders, without signs that turn or hide a part of it.

    It ends in what its content is (`ending`), whatever it said before; `own` is the ending that it has, as the table of sorts writes it.
    """
    name = " ".join(_SIGNS.sub("", _PATH.sub("", given)).split()).strip(". ")
    if ending and own != ending:
        name = f"{name or NO_NAME}{ending}"
    if len(name) > NAME_MAX:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: NAME_MAX - len(ending) - 1]}.{ending}" if dot and len(ending) <= 10 else name[:NAME_MAX]
    return name or NO_NAME


_REFERENCE = re.compile(r"/files/(\d{1,18})(?![\d\w-])")


def file_of(address: str) -> int:
    """The id of the file that an address of ours names; 0 for any other address."""
    found = _REFERENCE.fullmatch(address)
    return int(found[1]) if found else 0


def named_in(texts: Iterable[str]) -> list[int]:
    """Ids of all files that words name, as Markdown or not: what a draft still needs."""
    return list(dict.fromkeys(int(found[1]) for text in texts for found in _REFERENCE.finditer(text)))

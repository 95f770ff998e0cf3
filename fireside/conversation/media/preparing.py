"""What takes long when a file comes in: it is read, made anew and laid down, before the house is asked whether it may stay."""

import hashlib
import io
from dataclasses import dataclass, replace
from typing import IO

from fireside.activity.actor import Actor
from fireside.conversation.media import pictures, rules, storing
from fireside.conversation.media.refusing import refused
from fireside.conversation.media.sorts import PICTURES, Sort, ending_of, sort_of
from fireside.conversation.models import Sharing

PIECE = 1 << 20


@dataclass(frozen=True)
class Prepared:
    """A file that was read. `place` is "" where nothing was laid down, because the house knows these very bytes."""

    file: IO[bytes]
    name: str
    sort: Sort
    sha256: str
    size: int
    place: str = ""
    media_type: str = ""
    width: int | None = None
    height: int | None = None
    widths: tuple[int, ...] = ()
    moving: bool = False


def look_at(file: IO[bytes], name: str, allowed: Sharing) -> Prepared:
    """What it is, its size and sum. Refused when it is empty, of no sort that is taken, or larger than may be."""
    size = file.seek(0, io.SEEK_END)
    if not size:
        raise refused("file_empty")
    sort = sort_of(file, name)
    if sort is None:
        raise refused("picture_unreadable" if ending_of(name) in PICTURES else "file_unknown")
    obstacle = rules.why_not_sort(kind=sort.kind, ending=sort.ending, size=size, kinds=allowed.kinds, file_mib=allowed.file_mib)
    if obstacle:
        raise refused(obstacle, file=allowed.file_mib)
    total = hashlib.sha256()
    file.seek(0)
    while part := file.read(PIECE):
        total.update(part)
    return Prepared(file, rules.file_name(name, sort.ending, ending_of(name)), sort, total.hexdigest(), size, media_type=sort.media_type)


def prepare(actor: Actor, seen: Prepared) -> Prepared:
    """Laid down: a picture made anew, anything else as it is. Refused when it is a picture that cannot be read."""
    seen.file.seek(0)
    place = storing.new_place(actor.now, f"{actor.dice('file', seen.sha256).getrandbits(128):032x}")
    made = pictures.remake(seen.file) if seen.sort.kind == "picture" else None
    try:
        storing.lay(place, {storing.WHOLE: seen.file} if made is None else made.parts)
    except BaseException:
        storing.take_away(place)
        raise
    if made is None:
        return replace(seen, place=place)
    return replace(seen, place=place, width=made.width, height=made.height, widths=tuple(made.widths), moving=made.moving)

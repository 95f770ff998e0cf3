"""What takes long when a file comes in: it is read, made anew and laid down, before the house is asked whether it may stay."""

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from fireside.activity.actor import Actor
from fireside.conversation.media import pictures, rules, storing
from fireside.conversation.media.refusing import refused

PIECE = 1 << 20


@dataclass(frozen=True)
class Prepared:
    """A file that was read. `place` is "" where nothing was laid down, because the house knows these very bytes."""

    file: BinaryIO
    sha256: str
    size: int
    place: str = ""
    kind: str = ""
    media_type: str = ""
    width: int | None = None
    height: int | None = None
    widths: tuple[int, ...] = ()
    moving: bool = False


def look_at(file: BinaryIO) -> Prepared:
    """Its size and sum. Refused when it is empty or larger than anything that is taken."""
    total, size = hashlib.sha256(), 0
    file.seek(0)
    while part := file.read(PIECE):
        size += len(part)
        if size > rules.PICTURE_MIB * rules.MIB:
            raise refused("picture_large")
        total.update(part)
    if not size:
        raise refused("file_empty")
    return Prepared(file, total.hexdigest(), size)


def prepare(actor: Actor, seen: Prepared) -> Prepared:
    """Made anew and laid down. Refused when it is not what may be kept."""
    seen.file.seek(0)
    made = pictures.remake(seen.file)
    place = storing.new_place(actor.now, f"{actor.dice('file', seen.sha256).getrandbits(128):032x}")
    try:
        storing.lay(place, made.parts)
    except BaseException:
        storing.take_away(place)
        raise
    return Prepared(
        seen.file, seen.sha256, seen.size, place, "picture", made.media_type, made.width, made.height, tuple(made.widths), made.moving
    )

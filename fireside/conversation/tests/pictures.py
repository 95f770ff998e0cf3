"""Pictures for tests, made on the spot."""

import io
from typing import Any

from PIL import Image

from fireside.conversation import actions


def picture(width: int = 64, height: int = 48, form: str = "PNG", colour: str = "orange", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, form, **more)
    return out.getvalue()


def moving(frames: int = 3, width: int = 32, height: int = 24) -> bytes:
    out = io.BytesIO()
    shades = [Image.new("L", (width, height), 255 * at // frames) for at in range(frames)]
    shades[0].save(out, "GIF", save_all=True, append_images=shades[1:], duration=80, loop=0)
    return out.getvalue()


def give(world: Any, who: str = "ben", data: bytes | None = None, name: str = "lamp.png") -> Any:
    actor = world.as_(who)
    return actions.share_file(actor, file=actions.ready(actor, io.BytesIO(picture() if data is None else data), name), name=name)


def say(world: Any, text: str, who: str = "ben", space: Any = None) -> Any:
    return actions.open_topic(world.as_(who), space=space or world.hearth, title="Look", text=text).posts.get()


def mp4(size: int = 400) -> bytes:
    """The beginning of an MP4; what follows is what a range takes out."""
    return b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(n % 251 for n in range(size - 32))

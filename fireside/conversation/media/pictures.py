"""Pictures made anew as WebP in a few widths, upright, in the colours of every screen, without what a camera wrote into them."""

import io
import math
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any

from fireside.conversation.media import rules
from fireside.conversation.media.refusing import refused
from fireside.lib.errors import Refused

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
QUALITY = 82
_one_at_a_time = threading.Lock()  # a picture of 25 million pixels takes 200 MB while it is read


@dataclass(frozen=True)
class Made:
    """What was made of a picture: bytes by name ("960.webp", "still.webp"), and what is known of it."""

    parts: dict[str, bytes]
    width: int
    height: int
    widths: list[int]
    moving: bool


def remake(given: IO[bytes]) -> Made:
    """The picture anew. Refused when it cannot be read, or would cost too much to read."""
    with _one_at_a_time, _opened(given) as opened:
        shrinks = opened.format == "JPEG"
        obstacle = rules.why_not_picture(width=opened.width, height=opened.height, shrinks=shrinks)
        if obstacle:
            raise refused(obstacle)
        frames = getattr(opened, "n_frames", 1)
        if rules.keeps_moving(frames=frames, width=opened.width, height=opened.height):
            return _moving(opened)
        if shrinks:
            opened.draft("RGB", (rules.WIDTHS[-1], rules.WIDTHS[-1]))  # never below this, read at 1/2, 1/4 or 1/8
        return _still(opened)


@contextmanager
def _opened(given: IO[bytes]) -> Iterator[Any]:
    from PIL import Image  # loaded with the first picture

    Image.MAX_IMAGE_PIXELS = rules.PIXELS_MOST // 2  # Pillow refuses beyond twice of it, also a later frame that says it is so large
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged EXIF, which is left out anyway
            with Image.open(given, formats=FORMATS) as opened:
                yield opened
    except Image.DecompressionBombError as wrong:
        raise refused("picture_pixels") from wrong
    except (Refused, MemoryError):
        raise
    except Exception as wrong:  # at damaged data each decoder raises what it likes: OSError, ValueError, SyntaxError, RuntimeError …
        raise refused("picture_unreadable") from wrong


def _still(opened: Any) -> Made:
    from PIL import Image, ImageOps

    upright = _for_every_screen(ImageOps.exif_transpose(opened))
    widths = rules.widths_of(upright.width)
    sizes = [(width, max(1, round(upright.height * width / upright.width))) for width in widths]
    parts, whole = {}, upright
    for size in reversed(sizes):
        whole = whole if size == whole.size else whole.resize(size, Image.Resampling.LANCZOS)
        parts[f"{size[0]}.webp"] = _webp(whole)
    return Made(parts, *sizes[-1], widths, False)


def _moving(opened: Any) -> Made:
    """Every frame, at most MOVING_WIDTH wide; and the first one as a still picture, for those who want nothing to move."""
    from PIL import Image

    width = rules.widths_of(opened.width, moving=True)[-1]
    size = width, max(1, round(opened.height * width / opened.width))
    frames, times, read = [], [], 0
    for at in range(opened.n_frames):
        opened.seek(at)
        read += opened.width * opened.height  # of a GIF a later frame may be larger than it said at first
        if read > rules.FRAME_PIXELS_READ:
            raise refused("picture_pixels")
        frames.append(opened.convert("RGBA").resize(size, Image.Resampling.BILINEAR))
        times.append(_moment(opened.info.get("duration")))
    out = io.BytesIO()
    frames[0].save(
        out,
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        duration=times,
        loop=int(opened.info.get("loop", 0) or 0),
        quality=70,
        method=2,
    )
    return Made({f"{width}.webp": out.getvalue(), "still.webp": _webp(frames[0])}, *size, [width], True)


def _moment(given: Any) -> int:
    """Milliseconds of a frame: what says nothing, or nearly nothing, is shown as browsers show it."""
    known = given if isinstance(given, (int, float)) and math.isfinite(given) else 0
    return int(min(known, 60_000)) if known > 10 else 100


def _for_every_screen(image: Any) -> Any:
    """RGB, or RGBA where something shines through; a wide range of colours (phones) brought into that of the web."""
    profile = image.info.get("icc_profile")
    clear = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    wanted = "RGBA" if clear else "RGB"
    if profile and image.mode in {"RGB", "RGBA", "CMYK"}:
        from PIL import ImageCms

        with suppress(ImageCms.PyCMSError, OSError, ValueError):  # a profile that nobody understands says nothing of the colours
            web = ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), web, outputMode=wanted)
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.convert("I").point(lambda light: light * (1 / 256)).convert("L")
    return image if image.mode == wanted else image.convert(wanted)


def _webp(image: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return out.getvalue()

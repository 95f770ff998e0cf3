"""Pictures of people: checked by their content, made anew (which drops what a camera wrote into them), square, small."""

import hashlib
import io
import os
import warnings
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fireside.lib.errors import Refused

SIDE = 320
LIMIT_BYTES = 8 * 1024 * 1024
LIMIT_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
NAME = r"[0-9a-f]{32}\.webp"


def keep(given: bytes) -> str:
    """Store a picture under the hash of its content and return its path below MEDIA_ROOT."""
    made = remake(given)
    name = hashlib.sha256(made).hexdigest()[:32] + ".webp"
    path = place(name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(made)
        part.replace(path)  # never half a picture, whoever reads
    return str(path.relative_to(settings.MEDIA_ROOT))


def place(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "pictures" / name[:2] / name


def _too_many_pixels() -> Refused:
    message = _("This picture has more than %(limit)s million pixels. Choose a smaller one.")
    return Refused("picture_large", message % {"limit": LIMIT_PIXELS // 1_000_000}, field="picture")


def remake(given: bytes) -> bytes:
    """The picture as WebP, SIDE × SIDE, upright, without metadata."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # loaded with the first picture

    if len(given) > LIMIT_BYTES:
        raise Refused(
            "picture_large",
            _("This picture has more than %(limit)s MB. Choose a smaller one.") % {"limit": LIMIT_BYTES >> 20},
            field="picture",
        )
    try:
        quiet = warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning)  # the size is looked at below
        with quiet, Image.open(io.BytesIO(given), formats=FORMATS) as opened:
            if opened.width * opened.height > LIMIT_PIXELS:
                raise _too_many_pixels()
            if min(opened.size) < 16:
                raise Refused("picture_small", _("This picture is too small to be seen. Choose one of at least 16 × 16."), field="picture")
            opened.draft("RGB", (SIDE * 2, SIDE * 2))  # a JPEG is read no larger than needed
            upright = ImageOps.exif_transpose(opened)
            square = ImageOps.fit(upright.convert("RGBA"), (SIDE, SIDE), Image.Resampling.LANCZOS)
    except Image.DecompressionBombError as wrong:
        raise _too_many_pixels() from wrong
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as wrong:
        raise Refused(
            "picture_unreadable", _("This is no picture that can be read. Choose a JPEG, PNG, WebP or GIF file."), field="picture"
        ) from wrong
    flat = Image.new("RGB", square.size, "white")
    flat.paste(square, mask=square.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "WEBP", quality=82, method=4)  # a new image: no EXIF, no colour profile, no comments
    return out.getvalue()

"""Why a file is not taken, in sentences that say what to do."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from fireside.conversation.media import rules
from fireside.lib.errors import Refused

REFUSALS: dict[str, Any] = {
    "no_file": _("Choose a file first."),
    "file_empty": _("This file is empty. Choose another one."),
    "picture_large": _("This picture has more than %(picture)s MB. Choose a smaller one, or let your phone send it smaller."),
    "picture_small": _("This picture is too small to be seen. Choose a larger one."),
    "picture_pixels": _("This picture has more than %(pixels)s million pixels. Make it smaller, then choose it again."),
    "picture_long": _("This picture is too long. Cut it into two, then choose both."),
    "picture_unreadable": _("This is no picture that can be read. Choose JPEG, PNG, WebP, GIF or AVIF; send HEIC from an iPhone as JPEG."),
    "day_full": _("A day has room for %(files)s files and %(day)s MB of yours. Go on tomorrow, or choose smaller ones."),
    "many_files": _("A post holds %(most)s files. Put the others into a reply."),
}
NUMBERS = {
    "picture": rules.PICTURE_MIB, "pixels": rules.PIXELS_MOST_WHOLE // 1_000_000, "files": rules.DAY_FILES, "day": rules.DAY_MIB,
    "most": rules.POST_FILES,
}  # fmt: skip


def refused(obstacle: str) -> Refused:
    return Refused(obstacle, REFUSALS[obstacle] % NUMBERS, field="file")

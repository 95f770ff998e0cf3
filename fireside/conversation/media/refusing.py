"""Why a file is not taken, in sentences that say what to do."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from fireside.conversation.media import rules
from fireside.lib.errors import Refused

REFUSALS: dict[str, Any] = {
    "nothing_chosen": _("Choose a file first."),
    "file_empty": _("This file is empty. Choose another one."),
    "picture_large": _("This picture has more than %(picture)s MB. Choose a smaller one, or let your phone send it smaller."),
    "picture_small": _("This picture is too small to be seen. Choose a larger one."),
    "picture_pixels": _("This picture has more than %(pixels)s million pixels. Make it smaller, then choose it again."),
    "picture_long": _("This picture is too long. Cut it into two, then choose both."),
    "picture_unreadable": _("This is no picture that can be read. Choose JPEG, PNG, WebP, GIF or AVIF; send HEIC from an iPhone as JPEG."),
    "file_large": _("This file has more than %(file)s MB. Make it smaller, or link to where it lies."),
    "file_unknown": _(
        "Files of this sort are not taken: a computer could run it, or nobody knows what it is. Choose a PDF, an office file, text, a ZIP,"
        " a picture, audio or video, or link to where it lies."
    ),
    "no_picture": _("This community takes no pictures. Link to where it lies."),
    "no_audio": _("This community takes no audio. Link to where it lies."),
    "no_video": _("This community takes no video. Link to where it lies."),
    "no_file": _("This community takes no files. Link to where it lies."),
    "kinds_unknown": _("Choose among: picture, audio, video, file."),
    "file_mib": _("Choose a size from 1 to %(most_mib)s MB for one file."),
    "day_mib": _("Let a day hold at least one file, and at most 100,000 MB."),
    "day_full": _("A day has room for %(files)s files and %(day)s MB of yours. Go on tomorrow, or choose smaller ones."),
    "many_files": _("A post holds %(most)s files. Put the others into a reply."),
}
NUMBERS = {
    "picture": rules.PICTURE_MIB, "pixels": rules.PIXELS_MOST_WHOLE // 1_000_000, "files": rules.DAY_FILES, "most": rules.POST_FILES,
}  # fmt: skip


def refused(obstacle: str, field: str = "file", **numbers: int) -> Refused:
    return Refused(obstacle, REFUSALS[obstacle] % (NUMBERS | numbers), field=field)

"""What stands on a member's page for those who may have them forgotten."""

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from fireside.activity.doors import viewer_of
from fireside.members.rights import may
from fireside.members.views.people import panel


@panel
def forgetting(request: HttpRequest, member: Any) -> str:
    if not may(viewer_of(request), "members.erase") or member.role == "owner":
        return ""
    return str(
        format_html('<p class="small"><a class="link" href="/people/{}/erasure">{}</a></p>', member.handle, _("Have them forgotten"))
    )

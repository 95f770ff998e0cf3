"""The map of single keys: a page for everybody, and the dialog that `?` opens, from which static/keys.js leaves out what does not work here."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from fireside.activity.doors import viewer_of
from fireside.lib.pages import fragment, is_htmx, page

COOKIE = "shortcuts"  # of a visitor's device; a member's choice stands with the member
GROUPS = [
    (_("Everywhere"), [
        ("?", _("This map")), ("/", _("Search")), ("c", _("Write a new topic")), ("u", _("Up: to the list or the space")), ("Esc", _("Close what is open; leave the words")),
    ]),
    (_("Go to"), [
        ("g h", _("Home")), ("g l", _("The latest talk")), ("g n", _("New topics")), ("g u", _("Unread topics")), ("g b", _("Kept for later")), ("g s", _("Spaces")),
        ("g i", _("Notices")), ("g m", _("Messages")), ("g p", _("You")), ("g r", _("Reports")), ("g k", _("Cockpit")),
    ]),
    (_("In lists, topics and chats"), [
        ("j", _("The next one")), ("k", _("The one before")), ("o", _("Open it (or Enter)")), (".", _("Show what is new")),
    ]),
    (_("With the post or message where you stand"), [
        ("r", _("Reply")), ("q", _("Quote")), ("l", _("This helped me, or thank")), ("b", _("Keep for later")), ("e", _("Edit")), ("a", _("Accept as the answer")), ("!", _("Report")),
    ]),
    (_("While you write (Cmd on a Mac)"), [
        ("Ctrl+B", _("Bold")), ("Ctrl+I", _("Italic")), ("Ctrl+K", _("Link")), ("Ctrl+Enter", _("Send")),
    ]),
]  # fmt: skip


def are_on(request: HttpRequest) -> bool:
    viewer = viewer_of(request)
    return bool(viewer.shortcuts) if viewer is not None else request.COOKIES.get(COOKIE) != "off"


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    shown: dict[str, Any] = {"groups": GROUPS, "on": are_on(request), "signed_in": viewer_of(request) is not None}
    answer = fragment(request, "site/_keys_dialog.html", **shown) if is_htmx(request) else page(request, "site/keys.html", **shown)
    answer["Cache-Control"] = "no-store"
    return answer

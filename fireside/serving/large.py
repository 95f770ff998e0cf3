"""Who may send more than a page takes: asked before any of it is kept, so that no stranger can fill the disk. Runs in a thread: it reads the database."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, close_old_connections

from fireside.members.bearer import sent_with
from fireside.members.rights import may
from fireside.serving.who import viewer_of_cookies
from fireside.site import key


class NotTheirs(Exception):
    """So much is not for this asker to send here."""


def may_send_much(environ: dict[str, Any]) -> bool:
    close_old_connections()
    return is_theirs(environ)


def is_theirs(environ: dict[str, Any]) -> bool:
    """Archives: who may bring in history, or holds the key to an empty house. Files of posts: members. Nobody while the records are away."""
    request: Any = WSGIRequest(environ | {"wsgi.input": BytesIO()})
    request.user = AnonymousUser()
    try:
        sent = sent_with(request) if request.path.startswith("/api/") else None
        if sent is not None:
            member = sent.token.member if sent.token else None
        else:
            member = viewer_of_cookies(environ.get("HTTP_COOKIE", ""))
        if request.path.startswith(settings.UPLOAD_PATHS):
            return may(member, "history.bring_in") or (request.path.startswith("/setup") and key.holds(request))
        return member is not None and may(member, "talk.write")
    except DatabaseError:
        return False

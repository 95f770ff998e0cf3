"""Who opens a live connection, and what of what they ask for they may hear. Runs in a thread: it reads the database."""

from collections.abc import Mapping, Sequence
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest

from fireside.activity import reactions
from fireside.conversation import queries as conversation
from fireside.lib.errors import NotFound
from fireside.serving.tail import BEFORE_ALL, Place
from fireside.spaces import queries as spaces

MOST = 20


def subscriptions(
    method: str, headers: Mapping[bytes, bytes], asked: Mapping[str, Sequence[str]], address: str
) -> tuple[int, list[str], Place]:
    """The status of the answer, the keys to listen to, and the place in the log at which that was true. Hidden and missing are the same 404; nothing asked is a 400."""
    if method != "GET":
        return 405, [], BEFORE_ALL
    close_old_connections()
    place = reactions.edge() or BEFORE_ALL  # before the rights are asked: what changes them later counts
    viewer = viewer_of_cookies(headers.get(b"cookie", b"").decode("latin-1"))
    keys = [] if viewer is None else [f"member:{viewer.pk}"]
    if asked.get("bell"):
        if viewer is None:
            return 404, [], place
        keys.append(f"bell:{viewer.pk}")
    try:
        for word in dict.fromkeys(asked.get("topic", ())):
            keys.append(f"topic:{conversation.get_talk(viewer, _number(word)).pk}")
        for word in dict.fromkeys(asked.get("space", ())):
            number = _number(word)
            if not spaces.visible_spaces(viewer).filter(pk=number).exists():
                return 404, [], place
            keys.append(f"space:{number}")
    except NotFound:
        return 404, [], place
    if not any(not key.startswith("member:") for key in keys) or len(keys) > MOST:
        return 400, [], place
    return 200, keys, place


def _number(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) < 19):
        raise NotFound
    return int(word)


def viewer_of_cookies(header: str) -> Any:
    """The signed-in member of a Cookie header, or None. Exactly Django's own reading of a session, once."""
    try:
        cookie = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    if cookie is None:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(cookie.value)
    user = get_user(request)
    return user if user.is_authenticated and user.is_active else None

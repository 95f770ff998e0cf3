"""The key to an empty house: whoever was shown it where the house was started may set it up.

It lies in FIRESIDE_DATA, readable by the owner of the process only, and is gone as soon as there is a real community.
While only the sample lives here the key stays, so that who opened the sample can also remove it.
"""

import hashlib
import hmac
import os
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import force_bytes

from fireside.members.queries import the_community

COOKIE = "setup"


def setup_link(address: str = "") -> str | None:
    """The address with the key in it; None when there is nothing to set up."""
    key = current_key()
    return f"{address or settings.ADDRESS}/setup?key={key}" if key else None


def current_key() -> str | None:
    community = the_community()
    if community is not None and not community.is_sample:
        throw_away()
        return None
    file = settings.DATA / "setup-key"
    try:
        with open(file, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
            out.write(secrets.token_urlsafe(32))
    except FileExistsError:
        pass
    return file.read_text().strip() or None


def throw_away() -> None:
    (settings.DATA / "setup-key").unlink(missing_ok=True)


def fits(given: str) -> bool:
    """Compared by hash, in constant time."""
    key = current_key()
    return bool(key and given) and hmac.compare_digest(_hash(given), _hash(key or ""))


def _hash(words: str) -> bytes:
    return hashlib.sha256(force_bytes(words)).digest()


def _seal(key: str) -> str:
    """What the cookie holds: bound to this house and to this key, and not the key itself."""
    return hmac.new(force_bytes(settings.SECRET_KEY), b"setup:" + force_bytes(key), hashlib.sha256).hexdigest()


def holds(request: HttpRequest) -> bool:
    """Has this browser come through the set-up link?"""
    given = request.COOKIES.get(COOKIE, "")
    if not given:
        return False
    key = current_key()
    return key is not None and hmac.compare_digest(given, _seal(key))


def hand_over(response: HttpResponse) -> HttpResponse:
    """Let this browser go on without the key in its address."""
    if key := current_key():
        response.set_cookie(COOKIE, _seal(key), max_age=7 * 24 * 3600, httponly=True, samesite="Lax", secure=settings.TLS)
    return response


def take_back(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")

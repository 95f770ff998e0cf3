"""Which browser somebody signs in with, and whether they have done so before.

A browser is known by a cookie that only says, signed, as whom one has signed in there. Nothing is kept on our side, nothing is looked
for in the browser, and the cookie goes nowhere but here: it cannot be used to follow anybody.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from fireside.activity.doors import actor_of
from fireside.members.actions import meet_browser
from fireside.members.agents import called
from fireside.members.models import Member

COOKIE, SALT = "__Host-met" if settings.TLS else "met", "members.met"
LASTS = 400 * 24 * 3600  # seconds; no browser keeps a cookie longer
MOST = 10  # members who share a browser


def greet(request: HttpRequest, answer: HttpResponseBase, member: Member) -> None:
    """Somebody has just signed in: a browser that is not known as theirs is told to them, and known from now on."""
    known = met_by(request)
    since = Member.objects.values_list("browsers_since", flat=True).get(pk=member.pk)
    if since is None or known.get(str(member.pk)) != since.isoformat():
        agent = request.headers.get("User-Agent", "")
        met = meet_browser(actor_of(request), browser=called(agent))
        known.pop(str(member.pk), None)
        known[str(member.pk)] = met.browsers_since.isoformat()  # type: ignore[union-attr]
        while len(known) > MOST:
            known.pop(next(iter(known)))
    answer.set_cookie(
        COOKIE, signing.dumps(known, salt=SALT, compress=True), max_age=LASTS, secure=settings.TLS, httponly=True, samesite="Lax"
    )


def met_by(request: HttpRequest) -> dict[str, str]:
    """As whom one has signed in with this browser: member id -> since when known browsers counted then."""
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}

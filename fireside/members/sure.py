"""Is it still you? A grave act (`@action(..., grave=True)`) is done for somebody who has shown that within SURE_FOR.

The web door asks with what the account has (password, passkey, code of an app; else a code by e-mail) and then goes on with what was
sent, so that nothing is typed twice. The JSON door with a session answers 403 `confirm_first`. A token is as sure as whoever made it
had to be, and who types on the machine of the house has the machine.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import reauthentication
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import resolve, reverse
from django.utils.translation import gettext_lazy as _

from fireside.activity.doors import actor_of, surely_by
from fireside.lib.errors import Refused

SURE_FOR = timedelta(minutes=15)
MOST = 64 * 1024  # bytes of a form that is kept meanwhile


@surely_by
def shown_lately(request: Any) -> bool:
    """Whether somebody signed in has shown within SURE_FOR that it is them, by signing in or since.

    True where an account has no way to show it, and in a sample, whose people nobody is.
    """
    if request.user.is_sample:
        return True
    shown = [one.get("at", 0) for one in get_authentication_records(request, request.user)]
    if shown and _now(request) - max(shown) < SURE_FOR.total_seconds():
        return True
    return not get_adapter(request).get_reauthentication_methods(request.user)


def _now(request: Any) -> float:
    return actor_of(request).now.timestamp()


def note_shown(request: Any, member: Any, method: str) -> None:
    """They have just shown that it is them."""
    record_authentication(request, member, method=method, reauthenticated=True)


def ask_again(request: HttpRequest) -> HttpResponse:
    """To the page that asks; what the form held waits in the session, and is sent on as soon as they have shown that it is them."""
    given = request.POST.copy()
    given.pop("csrfmiddlewaretoken", None)
    kept = given.urlencode()
    came = request.get_full_path()
    if request.method == "POST" and len(kept) <= MOST and not request.FILES:
        state = {"path": request.path, "get": request.GET.urlencode(), "post": kept, "at": _now(request)}
        answer = reauthentication.stash_and_reauthenticate(request, state, "fireside.members.sure.go_on")
        came = "/"
    else:
        answer = HttpResponseRedirect(reverse("account_reauthenticate"))
    where = f"{answer.url}?{urlencode({'next': came})}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    return HttpResponseRedirect(where)


def waits(request: HttpRequest) -> bool:
    """Whether a form waits for them to show that it is them."""
    return "callback" in (request.session.get(reauthentication.STATE_SESSION_KEY) or {})


def go_on(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    """Called by allauth once they have shown it: what waited is done now, as if it had just been sent."""
    if _now(request) - state["at"] > SURE_FOR.total_seconds():
        raise Refused(
            "waited_too_long", _("That waited too long. Go back to where you were and send it again."), href=state["path"], act=_("Go back")
        )
    request.GET, request.POST = QueryDict(state["get"]), QueryDict(state["post"])
    request.path = request.path_info = state["path"]
    request.method = "POST"
    request.META = {name: value for name, value in request.META.items() if not name.startswith("HTTP_HX")} | {"QUERY_STRING": state["get"]}
    request.resolver_match = found = resolve(state["path"])
    answer: HttpResponse = found.func(request, *found.args, **found.kwargs)
    return answer

"""The first visit: three ways on, for whoever holds the set-up link."""

from dataclasses import replace
from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fireside.activity import jobs
from fireside.activity.actor import Actor
from fireside.activity.doors import actor_of, viewer_of
from fireside.activity.models import Job
from fireside.connectors.actions import put_aside
from fireside.lib.errors import NotFound, Refused
from fireside.lib.forms import tried
from fireside.lib.pages import page
from fireside.members.actions import change_profile
from fireside.members.queries import the_community, the_owner
from fireside.members.sure import note_shown
from fireside.site import key
from fireside.site.access import may_empty
from fireside.site.actions import bring_community, found_community
from fireside.site.demo.clearing import clear_sample
from fireside.site.demo.growing import JOB, half_way, start_demo
from fireside.site.demo.others import holds_nothing
from fireside.site.forms import BringForm, FoundForm
from fireside.site.queries import this_machine
from fireside.site.views.look import keep_language

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def require_key(request: HttpRequest) -> None:
    """Hidden from all who did not come through the link: to them there is no set-up. Once it is done, whoever comes late is told so."""
    if key.holds(request):
        return
    if is_founded(the_community()):
        raise Refused("set_up_already", _("This house is set up. Sign in to go on."), href="/accounts/login/", act=_("Sign in"))
    raise NotFound()


def is_founded(community: Any) -> bool:
    """A community of its own lives here, not the sample."""
    return community is not None and not community.is_sample


def sign_in(request: HttpRequest, member: Any) -> None:
    login(request, member, backend=BACKEND)
    note_shown(request, member, "setup")  # whoever holds the link has the machine


@require_safe
def setup(request: HttpRequest) -> HttpResponse:
    """The three ways. `?key=` is taken out of the address at once, so that it stays in no history and no log of a proxy."""
    if key.fits(request.GET.get("key", "")):
        return key.hand_over(HttpResponseRedirect("/setup"))
    community = the_community()
    if is_founded(community):
        return page(request, "site/setup_done.html")
    if not key.holds(request):
        return closed_door(request)
    return page(
        request, "site/setup.html", machine=this_machine(), community=community, half=half_way(),
        history=community is None and not holds_nothing(),
    )  # fmt: skip


def closed_door(request: HttpRequest) -> HttpResponse:
    """A house that can be set up, empty or with the sample in it, seen by somebody without the link: how to come by it."""
    return page(request, "site/setup_closed.html", sample=the_community() is not None)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Start my community."""
    require_key(request)
    require_empty()
    form = FoundForm(request.POST or None)
    if request.method == "POST":
        if tried(form, found_community, actor=actor_of(request)):
            return settle(request, "/")
        require_key(request)  # another browser with the link may have been faster: then there is nothing to mend in this form
    return page(request, "site/setup_start.html", status=422 if form.errors else 200, form=form, brings=False)


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Bring in a community I already have: found it, and follow its history coming in."""
    require_key(request)
    require_empty()
    form = BringForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if job := tried(form, _bring, actor=actor_of(request)):
            return settle(request, f"/jobs/{job.pk}")
        require_key(request)
    return page(request, "site/setup_start.html", status=422 if form.errors else 200, form=form, brings=True)


def _bring(*, actor: Actor, file: Any = None, **given: Any) -> Job:
    """A file is copied before the action: it may be large, and nobody else could write while the action lasts."""
    if not file:
        return bring_community(actor, **given)
    with put_aside(actor, name=file.name, file=file) as upload:
        return bring_community(actor, upload=upload, **given)


def require_empty() -> None:
    if the_community() is not None:
        raise Refused(
            "sample_first",
            _("A sample community lives here. Remove it first, then the house is yours."),
            href="/setup/empty",
            act=_("Remove the sample"),
        )


def settle(request: HttpRequest, to: str) -> HttpResponse:
    """The community is founded: its owner is signed in, the link is gone."""
    sign_in(request, the_owner())
    key.throw_away()
    answer = HttpResponseRedirect(to)
    key.take_back(answer)
    return answer


@require_POST
def sample(request: HttpRequest) -> HttpResponse:
    """One click: ask for the sample community and follow how it grows."""
    require_key(request)
    if jobs.open_job(JOB) is None:  # else whoever presses again follows it, however far it is
        require_empty()
    job = start_demo(actor_of(request))
    return keep_language(request, HttpResponseRedirect(f"/jobs/{job.pk}"))


@require_safe
def enter(request: HttpRequest) -> HttpResponse:
    """Into the sample, as its owner: only for who holds the set-up link, as the owner has no password."""
    require_key(request)
    community = the_community()
    if community is None or not community.is_sample:
        raise NotFound()
    answer, owner = keep_language(request, HttpResponseRedirect("/")), the_owner()
    if owner.language:  # several look around as one owner, each in their own language: their browser says which
        change_profile(replace(actor_of(request), who=owner), language="")
    sign_in(request, owner)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def empty(request: HttpRequest) -> HttpResponse:
    """One click removes the sample: the house is empty again and can be set up. A real community is never removed here.

    Whoever comes by a link (from a refusal) is asked first.
    """
    community, me = the_community(), viewer_of(request)
    if community is None or not community.is_sample or not may_empty(me, request):
        raise NotFound()
    if request.method != "POST":
        return page(request, "site/setup_empty.html", community=community)
    clear_sample(replace(actor_of(request), who=the_owner()))  # who holds the link may act as the sample's owner
    request.session.flush()
    return key.hand_over(HttpResponseRedirect("/setup"))

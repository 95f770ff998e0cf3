"""The web door of telling: what a member chooses, what the community proposes, and the link in a letter that stops it."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fireside.activity.doors import actor_of, viewer_of
from fireside.lib.forms import tried
from fireside.lib.pages import page
from fireside.members.queries import get_community, get_member, reached, spoken
from fireside.members.rights import may, require
from fireside.notifications import actions, queries
from fireside.notifications.forms import TellingForm
from fireside.notifications.links import read_link
from fireside.notifications.queries.departures import DAYS, REASON_WORDS


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def telling(request: HttpRequest) -> HttpResponse:
    """One page for what, how and when."""
    actor = actor_of(request)
    me = actor.member
    form = TellingForm(request.POST or None, telling=queries.telling_of(me))
    if request.method == "POST" and form.is_valid() and tried(form, lambda **_all: actions.change_telling(actor, **form.changes())):
        messages.success(request, _("Kept."))
        return redirect("telling")
    who = reached([me.person_id or me.pk])[me.person_id or me.pk]
    return page(
        request, "notifications/telling.html", status=422 if form.errors else 200, form=form, who=who, zone=who.zone.key, mail=settings.MAIL,
        devices=queries.devices_of(me), push_key=actions.make_push_key(actor).public,
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def community_telling(request: HttpRequest) -> HttpResponse:
    """What holds for members who have chosen nothing else."""
    actor = actor_of(request)
    require(actor, "community.change")
    form = TellingForm(request.POST or None, telling=queries.telling_of(None))
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(form, lambda **_all: actions.change_community_telling(actor, **form.changes()))
    ):
        messages.success(request, _("Kept."))
        return redirect("departures")
    return page(request, "notifications/community_telling.html", status=422 if form.errors else 200, form=form)


@require_safe
def departures(request: HttpRequest) -> HttpResponse:
    """What left the house, what did not, and why. Six queries beside the frame's."""
    actor = actor_of(request)
    require(actor, "house.watch")
    reason = request.GET.get("reason", "")
    reason = reason if reason in {"skipped", "sent", *REASON_WORDS} else ""
    found = queries.departures(actor.now, reason=reason, cursor=request.GET.get("after", ""))
    came_back = queries.list_bounces(actor.now, cursor=request.GET.get("bounces", ""))
    due = queries.digests_due(actor.now + timedelta(days=1))
    return page(
        request,
        "notifications/departures.html",
        found=found,
        bounces=came_back,
        due=due,
        tends=may(actor.who, "house.tend"),
        reason=reason,
        days=DAYS,
        words=REASON_WORDS,
        mail=settings.MAIL,
    )


@login_required
@require_safe
def my_digest(request: HttpRequest) -> HttpResponse:
    """What the digest would say to oneself today."""
    actor = actor_of(request)
    return page(request, "notifications/digest.html", found=queries.digest_preview(actor.member, actor.now), own=True)


@require_safe
def digest_of(request: HttpRequest, handle: str) -> HttpResponse:
    """What it would say to somebody: for those who tend members."""
    actor = actor_of(request)
    require(actor, "members.tend")
    member = get_member(actor.member, handle)
    return page(request, "notifications/digest.html", found=queries.digest_preview(member, actor.now), own=False)


@require_POST
def bounces(request: HttpRequest) -> HttpResponse:
    how: Any = request.POST.get("how", "hard")
    actions.note_bounce(actor_of(request), address=request.POST.get("address", ""), how=how)
    messages.success(request, _("Noted."))
    return redirect("departures")


@require_POST
def forgive(request: HttpRequest, handle: str) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "house.tend")
    actions.forgive_bounces(actor, member=get_member(actor.member, handle))
    messages.success(request, _("Letters go there again."))
    return redirect("departures")


@csrf_exempt  # mail programs send it without a cookie (RFC 8058); the signed link is the proof, and all it can do is to stop letters
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, link: str) -> HttpResponse:
    """Looking at it changes nothing: mail programs and their guards follow every link. The button, or one click in a mail program, does."""
    actor = actor_of(request)
    found = read_link(link)
    done = ""
    if request.method == "POST":
        actions.stop_letters(actor, link=link, again="again" in request.POST)
        done = "again" if "again" in request.POST else "stopped"
    with translation.override(_language(request, found.language)):
        return page(request, "notifications/stop.html", link=link, which=found.which, done=done, community=get_community())


def _language(request: HttpRequest, theirs: str) -> str:
    """Whoever is signed in reads their own; else the one whose letter it is: no cookie and no browser of a mail program says it better."""
    known: Any = viewer_of(request)
    return translation.get_language() or theirs if known is not None or theirs not in spoken() else theirs

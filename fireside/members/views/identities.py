"""Who is who: for those who tend members, and for those who claim what they said elsewhere."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fireside.activity.actor import Actor
from fireside.activity.doors import actor_of, viewer_of
from fireside.lib.pages import page
from fireside.lib.paging import keyset_page
from fireside.lib.text import apart
from fireside.members import actions, queries
from fireside.members.forms.profile import ReasonForm
from fireside.members.letters import claim_address
from fireside.members.queries import who_may
from fireside.members.rights import require
from fireside.members.views.beside import beside_field


def tending(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require(actor, "members.tend")
    return actor


@login_required
@require_safe
def tend(request: HttpRequest) -> HttpResponse:
    """Find anybody: members, traces, bots; and those who may be one person. ?beside=HANDLE chooses the other side of a merge."""
    tending(request)
    words = request.GET.get("q", "").strip()[:200]
    beside = queries.get_trace(viewer_of(request), request.GET["beside"]) if request.GET.get("beside") else None
    rows = queries.saying_undated(queries.traces_by_words(words).select_related("person"))
    found = keyset_page(rows, ["name_key", "id"], cursor=request.GET.get("after", ""), size=30)
    alike = queries.look_alikes() if not words and beside is None else []
    return page(request, "members/tend.html", rows=found.rows, next=found.next, words=words, beside=beside, alike=alike)


@login_required
@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Who may do what: the one table of rights, as it stands in the code."""
    tending(request)
    return page(request, "members/rights.html", heads=who_may.columns(), rows=who_may.who_may())


@login_required
@require_safe
def identity(request: HttpRequest, handle: str) -> HttpResponse:
    """One member with everything that is known of who they are."""
    actor = tending(request)
    member = queries.get_trace(actor.member, handle)
    return page(
        request, "members/identity.html", member=member, side=queries.side_of(member), merges=queries.merges_of(member), form=ReasonForm(),
        can_sign_in=actions.merges.can_sign_in(member), can_be_claimed=actions.claims.can_be_claimed(member),
        may_decide=actions.merges.may_decide(actor, member),
    )  # fmt: skip


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, handle: str, other: str) -> HttpResponse:
    """The preview: what is on each side, and what will be so afterwards. Merging is done here, too."""
    actor = tending(request)
    member, into = queries.get_trace(actor.member, handle), queries.get_trace(actor.member, other)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = beside_field(form, lambda: actions.merge_members(actor, member=member, into=into, reason=form.cleaned_data["reason"]))
        if done:
            messages.success(
                request, _("%(name)s and %(other)s are one person now.") % {"name": apart(member.name), "other": apart(into.name)}
            )
            return redirect("identity", handle=handle)
    return page(
        request, "members/merge.html", status=422 if form.errors else 200, form=form, member=member, into=into,
        sides=[queries.side_of(member), queries.side_of(into)], may_decide=actions.merges.may_decide(actor, member, into),
    )  # fmt: skip


@login_required
@require_POST
def part(request: HttpRequest, handle: str) -> HttpResponse:
    actor = tending(request)
    member = actions.unmerge_members(actor, member=queries.get_trace(actor.member, handle), reason=request.POST.get("reason", ""))
    messages.success(request, _("%(name)s stands alone again.") % {"name": apart(member.name)})
    return redirect("identity", handle=handle)


@login_required
@require_POST
def bot(request: HttpRequest, handle: str) -> HttpResponse:
    actor = tending(request)
    member = queries.get_trace(actor.member, handle)
    say = actions.mark_bot if request.POST.get("is") == "bot" else actions.mark_person
    say(actor, member=member)
    return redirect("identity", handle=handle)


@login_required
@never_cache
@require_POST
def offer(request: HttpRequest, handle: str) -> HttpResponse:
    """Make a link. It is shown on this answer and never again."""
    actor = tending(request)
    member = queries.get_trace(actor.member, handle)
    link, secret = actions.offer_claim(actor, member=member)
    return page(request, "members/claim_link.html", member=member, link=link, address=claim_address(secret))


@login_required
@never_cache
@require_POST
def offer_password(request: HttpRequest, handle: str) -> HttpResponse:
    """Make a link for somebody who cannot get in. It is shown on this answer and never again."""
    actor = tending(request)
    member = queries.get_trace(actor.member, handle)
    return page(request, "members/password_link.html", member=member, address=actions.offer_new_password(actor, member=member))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, secret: str) -> HttpResponse:
    """What somebody sees who was given a link: whose words these are, and one button."""
    if request.method == "POST":
        trace = actions.claim(actor_of(request), secret=secret)
        messages.success(request, _("What %(name)s said is yours now.") % {"name": apart(trace.name)})
        return redirect("me")
    whose = queries.trace_of_link(secret, actor_of(request).now)
    return page(request, "members/claim.html", trace=whose, identities=queries.identities_of(whose) if whose else [])


@login_required
@require_POST
def claim_by_email(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    trace = actions.claim_by_email(actor, member=queries.claimable_trace(actor.member, request.POST.get("handle", "")))
    messages.success(request, _("What %(name)s said is yours now.") % {"name": apart(trace.name)})
    return redirect("me")

"""The web door: reporting a post, the cases, deciding one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fireside.activity.doors import actor_of, viewer_of
from fireside.conversation.queries import get_at, post_row
from fireside.lib.pages import page, stands_in
from fireside.members.rights import require
from fireside.moderation.actions import decide_case, look_at_case, report_post
from fireside.moderation.forms import DecisionForm, ReportForm, tell
from fireside.moderation.queries import case_row, cases, get_case


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, topic: int, number: int) -> HttpResponse:
    """Say what is wrong with a post."""
    post = get_at(viewer_of(request), topic, number, private_too=True)
    private = post.topic.space_id is None
    require(actor_of(request), "moderation.report")
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if tell(form, lambda: report_post(actor_of(request), post=post, **said)) is not None:
            messages.success(
                request,
                _("Thank you. Those who run the community will read it and tell you what came of it.")
                if private
                else _("Thank you. Those who look after this place will see it and tell you what came of it."),
            )
            return redirect(post)
    if not private:
        stands_in(request, post.topic.space.slug)
    row = post_row(viewer_of(request), post)
    return page(request, "moderation/report.html", status=422 if form.errors else 200, form=form, post=post, row=row, private=private)


@login_required
@never_cache
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """What waits, the longest first; or what was decided."""
    decided = request.GET.get("show") == "decided"
    rows = cases(viewer_of(request), decided=decided, cursor=request.GET.get("after", ""))
    return page(request, "moderation/reports.html", rows=rows, decided=decided)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, case: int) -> HttpResponse:
    """One case, and what becomes of it."""
    viewer, actor = viewer_of(request), actor_of(request)
    found = get_case(viewer, case)
    form = DecisionForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = tell(
            form,
            lambda: decide_case(
                actor, case=found, decision=request.POST.get("decision", ""), reason=said["reason"], version=said["version"]
            ),
        )
        if done is not None:
            messages.success(
                request,
                _("Removed. Those who reported it are told.")
                if done.decision == "removed"
                else _("It stays. Those who reported it are told."),
            )
            return redirect("/reports")
    return page(request, "moderation/case.html", status=422 if form.errors else 200, form=form, case=case_row(viewer, found))


@require_POST
def reading(request: HttpRequest, case: int) -> HttpResponse:
    """Read a reported private message: the log says who did."""
    found = look_at_case(actor_of(request), case=get_case(viewer_of(request), case))
    return redirect(f"/reports/{found.pk}")

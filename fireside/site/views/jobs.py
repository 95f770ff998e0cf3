"""Long work as its asker sees it: how far it is, stop, go on. The page may be closed; the work goes on without it."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from fireside.activity import jobs
from fireside.activity.actor import Actor, house
from fireside.activity.doors import actor_of, viewer_of
from fireside.activity.state import heartbeat_age
from fireside.lib.errors import NotFound
from fireside.lib.pages import fragment, page
from fireside.members.rights import may
from fireside.site import key
from fireside.site.actions import resume_work, stop_work
from fireside.site.queries import get_work

TITLES = {
    "site.erase": _("A member is forgotten"),
    "site.export_own": _("Your data is written out"),
    "site.export": _("The community is written out"),
    "site.demo": _("The sample community moves in"),
    "connectors.import_zulip": _("A Zulip archive comes in"),
    "connectors.import_slack": _("A Slack workspace comes in"),
    "connectors.import_gitter": _("Rooms of Gitter come in"),
    "connectors.import_discord": _("Channels of Discord come in"),
    "connectors.import_qq": _("Groups of QQ come in"),
    "connectors.import_wechat": _("Groups of WeChat come in"),
    "connectors.import_chatlab": _("Conversations come in"),
    "connectors.import_discourse": _("A Discourse forum comes in"),
    "connectors.import_mbox": _("The archive of a mailing list comes in"),
    "connectors.import_stackexchange": _("A Stack Exchange site comes in"),
    "connectors.import_activity": _("A file of activity comes in"),
    "connectors.import_members": _("A list of members comes in"),
    "conversation.index": _("The search index is made anew"),
    "insights.rebuild": _("The mirror of the log is made anew"),
    "insights.catch_up": _("The numbers catch up with the log"),
}
NEXT = {
    "site.erase": ("/people", _("See the members")),
    "site.export_own": ("/me/data", _("Fetch it")),
    "site.export": ("/cockpit/export", _("Fetch it")),
    "site.demo": ("/setup/enter", _("Look around")),
    "connectors.import_zulip": ("/talk", _("See what came in")),
    "connectors.import_slack": ("/talk", _("See what came in")),
    "connectors.import_gitter": ("/talk", _("See what came in")),
    "connectors.import_discord": ("/talk", _("See what came in")),
    "connectors.import_qq": ("/talk", _("See what came in")),
    "connectors.import_wechat": ("/talk", _("See what came in")),
    "connectors.import_chatlab": ("/talk", _("See what came in")),
    "connectors.import_discourse": ("/talk", _("See what came in")),
    "connectors.import_mbox": ("/talk", _("See what came in")),
    "connectors.import_stackexchange": ("/talk", _("See what came in")),
    "connectors.import_activity": ("/talk", _("See what came in")),
    "connectors.import_members": ("/people", _("See who came in")),
    "conversation.index": ("/search", _("Search what was said")),
    "insights.rebuild": ("/cockpit", _("See the numbers")),
    "insights.catch_up": ("/cockpit", _("See the numbers")),
}
WORDS = {
    "read": _("read"), "imported": _("brought in"), "unchanged": _("here already"), "rejected": _("could not be read"),
    "members": _("members"), "people": _("people"), "spaces": _("spaces"), "topics": _("topics"), "posts": _("posts"),
    "reactions": _("reactions"), "mentions": _("mentions"), "days": _("days"), "acts": _("things that happened"), "bots": _("bots"),
    "replies": _("replies"), "helped": _("times somebody was helped"), "lines": _("lines of the log"), "rows": _("records"), "files": _("files"),
}  # fmt: skip
LIVE = ("waiting", "running", "stopping")


def visible_job(request: HttpRequest, pk: int) -> Any:
    """Seen by who asked for it, by those who look after the house, and, while that has no owner, by who holds the set-up link."""
    job, viewer = jobs.get_job(pk), viewer_of(request)
    if viewer is not None:
        return get_work(viewer, str(pk))
    if job.member_id is None and key.holds(request):
        return job
    raise NotFound()


def acting(request: HttpRequest) -> Actor:
    """Whoever came through the set-up link, and so was let see the work, acts for the house: there is nobody else to act yet."""
    actor = actor_of(request)
    return house("sample", now=actor.now) if actor.who is None else actor


def tends(request: HttpRequest) -> bool:
    """May they stop it and let it go on? Not who asked for it and holds no such role any more."""
    actor = acting(request)
    return actor.is_house or may(actor.who, "house.tend")


def shown(job: Any) -> dict[str, Any]:
    """What the page says of a job."""
    now = datetime.now(UTC)
    left = None
    if job.state == "running" and job.total and job.done and job.started_at:
        gone = (now - job.started_at).total_seconds()
        left = gone / job.done * (job.total - job.done) if gone > 3 else None
    beat = heartbeat_age(now) if job.state == "waiting" and (now - job.asked_at).total_seconds() > 8 else 0.0
    return {
        "job": job, "title": TITLES.get(job.name, job.name), "step": gettext(job.step) if job.step else "", "left": left,
        "live": job.state in LIVE, "no_worker": beat is None or beat > 60, "error": gettext(job.error) if job.error else "",
        "counts": [(WORDS.get(name, name), count) for name, count in job.counts.items() if isinstance(count, int) and name in WORDS],
        "next": NEXT.get(job.name, ("/", _("Back to the first page"))),
    }  # fmt: skip


@require_safe
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    job = visible_job(request, pk)
    if moves_on(request, job):
        return HttpResponseRedirect(NEXT[job.name][0])
    return page(request, "site/job.html", tends=tends(request), **shown(job))


@require_safe
def job_now(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of the page."""
    job = visible_job(request, pk)
    answer = fragment(request, "site/_job.html", tends=tends(request), **shown(job))
    if moves_on(request, job):
        answer["HX-Redirect"] = NEXT[job.name][0]
    return answer


def moves_on(request: HttpRequest, job: Any) -> bool:
    """The sample was one click: when it stands, its visitor is taken in."""
    return job.name == "site.demo" and job.state == "done" and job.member_id is None and viewer_of(request) is None


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    stop_work(acting(request), job=visible_job(request, pk))
    return HttpResponseRedirect(f"/jobs/{pk}")


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    resume_work(acting(request), job=visible_job(request, pk))
    return HttpResponseRedirect(f"/jobs/{pk}")

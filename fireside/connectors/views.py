"""The web door to history: hand something in, look at it, bring it in, see what became of it."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from fireside.activity.actor import Actor
from fireside.activity.doors import actor_of
from fireside.connectors import queries
from fireside.connectors.actions import ask_for_import, keep_upload, name_file
from fireside.connectors.actions.samples import SAMPLE_HERE
from fireside.connectors.agreement import agreement_of
from fireside.connectors.first_look import glance
from fireside.connectors.first_rows import FirstRows, first_rows
from fireside.connectors.forms import IMPORTERS, FileForm, TableForm, source_form, wishes_of
from fireside.connectors.models import Upload
from fireside.connectors.reasons import explained, notes_of
from fireside.lib.errors import NotFound, Refused
from fireside.lib.forms import tried
from fireside.lib.pages import page
from fireside.members.queries import the_community
from fireside.members.rights import require


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require(actor, "history.bring_in")
    return actor


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Hand in a file, and see what came in before. One query beside the frame's: the runs."""
    actor = _actor(request)
    form = FileForm(request.POST or None, request.FILES or None, initial={"importer": request.GET.get("what", "zulip")})
    if request.method == "POST" and (kept := tried(form, _keep, actor=actor)):
        return redirect(f"/cockpit/import/{form.cleaned_data['importer']}/{kept.key}")
    runs = queries.list_runs(actor.who, cursor=request.GET.get("after", ""))
    return page(
        request,
        "connectors/imports.html",
        status=422 if form.errors else 200,
        form=form,
        runs=runs,
        words=dict(IMPORTERS),
        sample_here=SAMPLE_HERE,
    )


def _keep(*, actor: Actor, importer: str, file: Any = None, path: str = "") -> Upload:
    return keep_upload(actor, name=file.name, file=file) if file else name_file(actor, path=path)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, importer: str, key: str) -> HttpResponse:
    """Look at what was handed in, say how it is to be read, try it or bring it in. One query beside the frame's: the file."""
    actor = _actor(request)
    if importer not in dict(IMPORTERS):
        raise NotFound()
    upload = queries.get_upload(actor.who, key)
    asked: Any = request.POST or request.GET
    form = source_form(importer)(request.POST or None)
    seen, table, known, trouble = None, None, None, ""
    if importer == "members":
        seen, trouble = _look(upload, asked)
        table = TableForm(
            asked if seen and "dates" in asked else None, head=seen.plan.head if seen else (), columns=seen.plan.columns if seen else {}
        )
    else:
        known, trouble = glance(importer, queries.place_of(upload), now=upload.at, zone=_zone())
    if request.method == "POST" and not trouble and form.is_valid():
        more = {"columns": wishes_of(request.POST), "dates": request.POST.get("dates", "")} if importer == "members" else {}
        asks = {"actor": actor, "importer": importer, "upload": key, "dry_run": "try" in request.POST, **more}
        if job := tried(form, ask_for_import, **asks):
            return redirect(f"/jobs/{job.pk}")
    return page(
        request, "connectors/check.html", status=422 if form.errors else 200, importer=importer, upload=upload, form=form, table=table,
        seen=seen, known=known, trouble=trouble, explained=explained, words=dict(IMPORTERS)[importer],
    )  # fmt: skip


def _look(upload: Upload, asked: Any) -> tuple[FirstRows | None, str]:
    """The first rows as they would come in, or why the file cannot be read."""
    try:
        return first_rows(queries.place_of(upload), wishes=wishes_of(asked), dates=asked.get("dates", ""), now=upload.at), ""
    except Refused as no:
        return None, str(no)


def _zone() -> str:
    community = the_community()
    return community.time_zone if community else "UTC"


@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of one run. Four queries beside the frame's: the run, the cards of its bots, where what differs stands (two)."""
    actor = _actor(request)
    found = queries.get_run(actor.who, pk)
    return page(
        request, "connectors/run.html", run=found, bots=queries.bots_of(found), words=dict(IMPORTERS), notes=notes_of(found.counts),
        agreement=agreement_of(found.source, found.counts),
        reasons=[(explained(code), count) for code, count in sorted(found.reasons.items(), key=lambda pair: -pair[1])],
        has_csv=queries.rejected_file(found, "csv") is not None, has_lines=queries.rejected_file(found, "jsonl") is not None,
    )  # fmt: skip


@require_safe
def rejected(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The records that were left out, as a file."""
    actor = _actor(request)
    found = queries.get_run(actor.who, pk)
    path = queries.rejected_file(found, form) if form in ("csv", "jsonl") else None
    if path is None:
        raise NotFound()
    kind = "text/csv; charset=utf-8" if form == "csv" else "application/x-ndjson"
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"left-out-{found.pk}.{form}", content_type=kind)  # type: ignore[return-value]

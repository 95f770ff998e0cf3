"""What machines ask of the house: is it ready, and how is it."""

import hmac
from datetime import UTC, datetime

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fireside.activity.doors import viewer_of
from fireside.activity.state import heartbeat_age
from fireside.lib.pages import page
from fireside.members.rights import may
from fireside.serving import figures, table
from fireside.serving.busy import busy_lately
from fireside.serving.held import held_back_lately
from fireside.serving.valkey import is_away

ALIVE = 60.0  # seconds within which a worker must have been seen


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Database, migrations and worker. 503 names what is not."""
    found: dict[str, str] = {}
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        found["database"] = "ok"
        found["migrations"] = "ok" if not waiting else f"{len(waiting)} to apply: run `fireside migrate`"
        age = heartbeat_age(datetime.now(UTC)) if not waiting else None
        if age is None or age > ALIVE:
            found["worker"] = "no worker seen in the last minute: run `fireside work`"
        else:
            found["worker"] = "ok"
    except DatabaseError as error:
        found["database"] = f"does not answer ({type(error).__name__})"
    good = all(words == "ok" for words in found.values())
    if settings.VALKEY_URL:  # without it the house goes on, each process counting by itself
        cache.get("ready")
        found["cache"] = "does not answer: each process counts by itself" if is_away() else "ok"
    return JsonResponse({"ready": good, **found}, status=200 if good else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus: with FIRESIDE_METRICS_TOKEN as a bearer token, or signed in as owner or operator. Else there is nothing here."""
    if not _may_see(request):
        raise Http404
    return HttpResponse(figures.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


@require_safe
def limits(request: HttpRequest) -> HttpResponse:
    """How much and how fast, for everybody; and for those who run the community, who was held back lately."""
    viewer = viewer_of(request)
    held = held_back_lately(viewer, cursor=request.GET.get("after", "")) if may(viewer, "house.watch") else None
    busy = busy_lately() if held is not None else None
    return page(request, "serving/limits.html", heads=table.columns(), rows=table.limits(), held=held, busy=busy)


def _may_see(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        return True
    return may(viewer_of(request), "house.watch")

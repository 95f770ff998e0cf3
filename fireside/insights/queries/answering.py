"""A metric's answer: looked up where it was kept, else computed on the mirror as it stands."""

import hashlib
import json
import math
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from fireside.insights import metrics
from fireside.insights.metrics.base import Body, Metric, Params
from fireside.insights.metrics.words import everywhere
from fireside.insights.mirror.state import Snapshot, snapshot
from fireside.insights.models import Answer
from fireside.insights.queries.asking import Ask, get_metric, read
from fireside.insights.rules import day_of
from fireside.spaces.queries import names_of

if TYPE_CHECKING:
    from fireside.insights.mirror.reading import Sitting


def answer(metric: str, *, now: datetime, viewer: Any = None, **said: str) -> dict[str, Any]:
    """What the cockpit, the API and the command line show. `said` are the words of Ask: space, since, until, by, mode, …

    Raises NotFound for a metric or space that is not there, Refused for words that cannot be read.
    """
    found = get_metric(metric)
    state = snapshot()
    params = read(found, Ask(**said), viewer=viewer, snapshot=state, now=now)
    return kept(found, params, state) or compute_answer(found, params, state)


def list_metrics() -> list[dict[str, Any]]:
    """Every metric with its definition, modes and evidence, in every language."""
    return [
        {
            "metric": m.name, "title": everywhere(m.title), "definition": everywhere(m.definition), "population": everywhere(m.population),
            "unit": m.unit, "source": m.source, "by": m.by, "staff": m.staff,
            "modes": {key: everywhere(words) for key, words in m.modes.items()},
            "evidence": {key: everywhere(words) for key, words in m.which.items()},
        }
        for m in metrics.every()
    ]  # fmt: skip


def titles() -> list[tuple[str, Any]]:
    """(name, title) of every metric: the way from one number to the next."""
    return [(m.name, m.title) for m in metrics.every()]


def space_names(answer: dict[str, Any]) -> dict[int, tuple[str, str]]:
    """Names and addresses of the spaces that an answer lists: at most one query."""
    listed = answer["more"].get("spaces", [])
    return names_of([row["space_id"] for row in listed]) if listed else {}


def params_key(params: Params) -> str:
    return hashlib.sha256(json.dumps(params.canonical(), sort_keys=True).encode()).hexdigest()


def kept(metric: Metric, params: Params, state: Snapshot) -> dict[str, Any] | None:
    """The answer kept for these parameters, if the mirror has not moved and the day has not changed since."""
    row = Answer.objects.filter(metric=metric.name, params_key=params_key(params), watermark=state.watermark).first()
    return row.body if row is not None and row.body["clock"]["as_of_day"] == params.as_of_day else None


def sitting(state: Snapshot) -> "Sitting":
    """One session for many answers, as a context. ibis and DuckDB are imported when it computes the first."""
    from fireside.insights.mirror.reading import Sitting

    return Sitting(state)


def compute_answer(metric: Metric, params: Params, state: Snapshot, among: "Sitting | None" = None) -> dict[str, Any]:
    """Compute now, in a session of its own or `among` others."""
    with nullcontext(among) if among else sitting(state) as session:
        found: dict[str, Any] = finite(in_full(metric, params, session.compute(metric, params), state))
    return found


def finite(value: Any) -> Any:
    """The same with null where a number is none: JSON has no NaN, and neither has a page."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(one) for key, one in value.items()}
    return [finite(one) for one in value] if isinstance(value, list | tuple) else value


def in_full(metric: Metric, params: Params, body: Body, state: Snapshot) -> dict[str, Any]:
    """The answer with everything that must stand beside a number: definition, population, clock, unit, evidence."""
    until = datetime.fromtimestamp(params.as_of_ms / 1000, UTC)
    link = urlencode(asked_for(params, metric))
    return {
        "metric": metric.name,
        "title": everywhere(metric.title),
        "definition": everywhere(metric.definition),
        "population": _population(metric, params),
        "source": metric.source,
        "unit": metric.unit,
        "params": {**asked_for(params, metric), "space": params.space, "mode": params.mode, "staff": params.staff, "bots": params.bots},
        "clock": {
            "as_of": until.isoformat(timespec="seconds").replace("+00:00", "Z"), "as_of_day": params.as_of_day,
            "watermark": state.watermark, "lines": state.rows, "time_zone": params.zone,
            "since": day_of(params.since).isoformat(), "until": day_of(params.until).isoformat(), "by": params.by,
        },
        "headline": body.headline,
        "columns": [{"key": key, "words": everywhere(words), "unit": unit} for key, words, unit in body.columns],
        "rows": body.rows,
        "more": body.more,
        "links": {
            "page": f"/cockpit/{metric.name}?{link}",
            "api": f"/api/v1/metrics/{metric.name}?{link}",
            "evidence": {which: f"/cockpit/{metric.name}/people?{urlencode({'which': which})}&{link}" for which in metric.which},
        },
    }  # fmt: skip


def asked_for(params: Params, metric: Metric) -> Mapping[str, str]:
    """The words that ask for the same again: for links."""
    said = {"since": day_of(params.since).isoformat(), "until": day_of(params.until).isoformat(), "by": params.by}
    if params.space:
        said["space"] = params.space
    if params.mode and params.mode != next(iter(metric.modes), ""):
        said["mode"] = params.mode
    if params.bots:
        said["bots"] = "include"
    if params.staff != metric.staff:
        said["staff"] = params.staff
    if metric.name == "retention":
        said |= {"offsets": str(params.offsets), "k": str(params.k)}
        if params.mode == "bracket":
            said["bracket"] = f"{params.bracket[0]}-{params.bracket[1]}"
    return said


def _population(metric: Metric, params: Params) -> dict[str, str]:
    said = everywhere(metric.population)
    apart = []
    if params.listed is not None:
        apart.append(everywhere(_("Of the spaces open to you.")))
    if params.bots:
        apart.append(everywhere(_("Here bots are included, as asked.")))
    if params.staff != metric.staff:
        apart.append(everywhere({"include": _("Here staff is included, as asked."), "exclude": _("Here staff is left out, as asked."),
                                 "only": _("Here staff only, as asked.")}[params.staff]))  # fmt: skip
    return {code: " ".join([words, *(a[code] for a in apart)]) for code, words in said.items()}

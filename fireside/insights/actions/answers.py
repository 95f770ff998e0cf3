"""Answers kept, so that pages read instead of computing."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fireside.activity.actor import Actor
from fireside.insights.metrics.base import Metric, Params
from fireside.insights.mirror.state import Snapshot, snapshot
from fireside.insights.models import Answer
from fireside.insights.queries.answering import compute_answer, kept, params_key, sitting
from fireside.insights.queries.asking import Ask, get_metric, read
from fireside.insights.queries.standing import NEEDED, STANDING, Standing, standing_answers, standing_key, standing_params

if TYPE_CHECKING:
    from fireside.insights.mirror.reading import Sitting

PACE = 30  # an answer is made anew at most one thirtieth of the time


def keep_answer(actor: Actor, *, metric: str, **said: str) -> dict[str, Any]:
    """The answer asked for: as kept, else computed and kept. For doors; the viewer is the actor."""
    found, state = get_metric(metric), snapshot()
    params = read(found, Ask(**said), viewer=actor.who or actor, snapshot=state, now=actor.now)
    body = kept(found, params, state)
    if body is None:
        body = _compute(actor, found, params, state, params_key(params))
    return body


def refresh_standing(actor: Actor, *, seconds: float = 0.0, only: str = "") -> int:
    """Make anew the answers of the cockpit that the mirror or the calendar has overtaken, the oldest first, until time is up.

    `only` names one period, for a page that would otherwise be empty. Returns how many were made.
    """
    began, state, made = time.monotonic(), snapshot(), 0
    rows = {(r.metric, r.params_key): r for r in Answer.objects.filter(standing=True)}
    due = []
    for one in STANDING:
        if only and one.period != only:
            continue
        row = rows.get((one.metric, standing_key(one)))
        params = standing_params(one, state, actor.now)
        if row is None or _overtaken(row, params, state, actor.now):
            due.append((row.computed_at if row else None, one, params))
    with sitting(state) as among:
        for _at, one, params in sorted(due, key=lambda d: (d[0] is not None, d[0] or actor.now)):
            _compute(actor, get_metric(one.metric), params, state, standing_key(one), standing=True, among=among)
            made += 1
            if seconds and time.monotonic() - began > seconds:
                break
    return made


def cockpit_answers(actor: Actor, *, period: str, until: str = "") -> dict[str, dict[str, Any]]:
    """What the front page shows: kept answers; what is missing (a new house, another day) is computed and kept."""
    found = standing_answers(period) if not until else {}
    if not until and set(found) != set(NEEDED):
        refresh_standing(actor, only=period)
        found = standing_answers(period)
    if until:
        state = snapshot()
        with sitting(state) as among:
            for name in NEEDED:
                metric = get_metric(name)
                params = standing_params(Standing(name, period), state, actor.now, until)
                found[name] = kept(metric, params, state) or _compute(actor, metric, params, state, params_key(params), among=among)
    return found


def _overtaken(row: Answer, params: Params, state: Snapshot, now: datetime) -> bool:
    if row.body["clock"]["as_of_day"] != params.as_of_day or row.body["clock"]["time_zone"] != params.zone:
        return True
    return row.watermark != state.watermark and (now - row.computed_at) > timedelta(milliseconds=row.took_ms * PACE)


def _compute(
    actor: Actor, metric: Metric, params: Params, state: Snapshot, key: str, *, standing: bool = False, among: "Sitting | None" = None
) -> dict[str, Any]:
    began = time.monotonic()
    body = compute_answer(metric, params, state, among)
    Answer.objects.update_or_create(
        metric=metric.name, params_key=key,
        defaults={"params": params.canonical(), "watermark": state.watermark, "body": body, "computed_at": actor.now,
                  "took_ms": int((time.monotonic() - began) * 1000), "standing": standing},
    )  # fmt: skip
    return body


def tidy_answers(actor: Actor) -> None:
    """Forget answers that nobody keeps fresh, after a day; and standing ones that no panel asks for any more."""
    Answer.objects.filter(standing=False, computed_at__lt=actor.now - timedelta(days=1)).delete()
    Answer.objects.filter(standing=True).exclude(params_key__in=list(_standing_keys())).delete()


def _standing_keys() -> Iterator[str]:
    return (standing_key(one) for one in STANDING)

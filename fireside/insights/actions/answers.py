"""Answers kept, so that pages read instead of computing."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fireside.activity.actor import Actor
from fireside.insights.metrics.base import Metric, Params
from fireside.insights.mirror.state import Snapshot, snapshot
from fireside.insights.models import Answer
from fireside.insights.queries.answering import compute_answer, kept, params_key, sitting
from fireside.insights.queries.asking import Ask, as_of, get_metric, read
from fireside.insights.queries.standing import PERIODS, Front, standing_answers, standing_key, standing_of, standing_params

if TYPE_CHECKING:
    from fireside.insights.mirror.reading import Sitting

PACE = 15  # the answers of a period are made anew at most one fifteenth of the time
STALE = timedelta(minutes=15)  # and after this, though nobody said anything: those who wait have waited longer


def keep_answer(actor: Actor, *, metric: str, **said: str) -> dict[str, Any]:
    """The answer asked for: as kept, else computed and kept. For doors; the viewer is the actor."""
    found, state = get_metric(metric), snapshot()
    params = read(found, Ask(**said), viewer=actor.who or actor, snapshot=state, now=actor.now)
    body = kept(found, params, state)
    if body is None:
        row = _answer(actor, found, params, state, params_key(params))
        _keep([row])
        body = row.body
    return body


def refresh_standing(actor: Actor, *, seconds: float = 0.0, only: str = "") -> int:
    """Make anew the answers of the cockpit that the mirror or the calendar has overtaken, the oldest period first, until time is up.

    All answers of one period are of one sitting, and are replaced together: its page never shows figures of two instants. `only`
    names one period, for a page that would otherwise be empty. Returns how many were made.
    """
    began, state, made = time.monotonic(), snapshot(), 0
    rows = {(r.metric, r.params_key): r for r in Answer.objects.filter(standing=True)}
    due = []
    for period in PERIODS:
        if only and period != only:
            continue
        asked = [(one, standing_params(one, state, actor.now)) for one in standing_of(period)]
        had = [rows[key] for one, _params in asked if (key := (one.metric, standing_key(one))) in rows]
        if len(had) < len(asked) or _overtaken(had, asked[0][1], state, actor.now):
            due.append((len(had) == len(asked), min((row.computed_at for row in had), default=actor.now), asked))
    with sitting(state) as among:
        for _whole, _at, asked in sorted(due, key=lambda d: d[:2]):
            _keep(
                [
                    _answer(actor, get_metric(one.metric), params, state, standing_key(one), standing=True, among=among)
                    for one, params in asked
                ]
            )
            made += len(asked)
            if seconds and time.monotonic() - began > seconds:
                break
    return made


def cockpit_answers(actor: Actor, *, period: str, until: str = "") -> Front:
    """What the front page shows: kept answers; what is missing (a new house, another day) is computed and kept."""
    if until:
        return _answers_until(actor, period, until)
    found = standing_answers(period)
    if not found.whole:
        refresh_standing(actor, only=period)
        found = standing_answers(period)
    return found


def _answers_until(actor: Actor, period: str, until: str) -> Front:
    """The same for another day: as kept, when all of them are of one instant; else all are computed in one sitting."""
    state = snapshot()
    asked = [(one, params, params_key(params)) for one in standing_of(period) for params in [standing_params(one, state, actor.now, until)]]
    rows = {
        (r.metric, r.params_key): r for r in Answer.objects.filter(params_key__in=[key for *_rest, key in asked], watermark=state.watermark)
    }
    had = [rows[one.metric, key] for one, _params, key in asked if (one.metric, key) in rows]
    clocks = {(row.body["clock"]["as_of"], row.body["clock"]["as_of_day"]) for row in had}
    if len(had) < len(asked) or len(clocks) > 1 or had[0].body["clock"]["as_of_day"] != asked[0][1].as_of_day:
        with sitting(state) as among:
            had = [_answer(actor, get_metric(one.metric), params, state, key, among=among) for one, params, key in asked]
        _keep(had)
    bodies = [(one, row.body) for (one, *_rest), row in zip(asked, had, strict=True)]
    return Front({one.metric: body for one, body in bodies if not one.before}, {one.metric: body for one, body in bodies if one.before})


def _overtaken(had: Sequence[Answer], params: Params, state: Snapshot, now: datetime) -> bool:
    """Whether a period's answers are to be made anew: at once on another day or when they are of different instants; else at their pace."""
    clocks = [row.body["clock"] for row in had]
    if any(
        (clock["as_of_day"], clock["time_zone"], clock["as_of"]) != (params.as_of_day, params.zone, clocks[0]["as_of"]) for clock in clocks
    ):
        return True
    moved = any(row.watermark != state.watermark for row in had)
    if not moved and as_of(state, now) - datetime.fromisoformat(clocks[0]["as_of"]) <= STALE:
        return False
    cost = timedelta(milliseconds=sum(row.took_ms for row in had))
    return now - min(row.computed_at for row in had) > cost * PACE


def _answer(
    actor: Actor, metric: Metric, params: Params, state: Snapshot, key: str, *, standing: bool = False, among: "Sitting | None" = None
) -> Answer:
    """The answer computed, not kept yet."""
    began = time.monotonic()
    body = compute_answer(metric, params, state, among)
    took = int((time.monotonic() - began) * 1000)
    return Answer(metric=metric.name, params_key=key, params=params.canonical(), watermark=state.watermark, body=body,
                  computed_at=actor.now, took_ms=took, standing=standing)  # fmt: skip


def _keep(rows: list[Answer]) -> None:
    """All in one statement: who reads sees the answers of one sitting, or those of the one before."""
    Answer.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["metric", "params_key"],
        update_fields=["params", "watermark", "body", "computed_at", "took_ms", "standing"],
    )  # fmt: skip


def tidy_answers(actor: Actor) -> None:
    """Forget answers that nobody keeps fresh, after a day; and standing ones that no panel asks for any more."""
    Answer.objects.filter(standing=False, computed_at__lt=actor.now - timedelta(days=1)).delete()
    asked = {standing_key(one) for period in PERIODS for one in standing_of(period)}
    Answer.objects.filter(standing=True).exclude(params_key__in=asked).delete()

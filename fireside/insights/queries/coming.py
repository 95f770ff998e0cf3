"""What is on its way: talk in the log that a number does not know yet, and where to look when the time asked for holds nothing."""

from datetime import datetime
from typing import Any

from fireside.activity.reactions import edge, lines_between
from fireside.insights.metrics.parts import TALK
from fireside.insights.mirror.state import place_of
from fireside.insights.models import Mirror


def on_their_way(answer: dict[str, Any]) -> int:
    """Lines of the log that the answer does not count yet; 0 when nobody wrote in them. One query when all is counted, else four."""
    line, upto = int(answer["clock"]["watermark"].partition(":")[2]), edge()
    if upto is None or upto[1] == line:
        return 0
    place = place_of(line or None)
    if place is None or place >= upto:
        return 0
    lines = lines_between(place, upto)
    return lines.count() if lines.filter(kind__in=TALK).exists() else 0


def counted_until(answer: dict[str, Any]) -> datetime | None:
    """Until when the answer is known to hold: where nothing new was said, it is as old as it is right. None when there is more. One query."""
    row = Mirror.objects.filter(pk=1).first()
    return row.moved_at if row is not None and f"{row.moves}:{row.last_line or 0}" == answer["clock"]["watermark"] else None


def is_blank(chart: dict[str, Any]) -> bool:
    """Whether a chart has nothing to draw: axes of “0 0 0 0” say less than a sentence."""
    if chart["type"] == "curve":
        return all(value is None for value in chart["values"])
    return not any(value for one in chart.get("series") or [chart] for value in one["values"])


def has_figures(answer: dict[str, Any]) -> bool:
    """Whether the table beside the chart holds anything but nothing."""
    if answer["metric"] == "retention":
        return any(row["n"] for row in answer["rows"])
    return any(row[column["key"]] for row in answer["rows"] for column in answer["columns"])

"""A number to take along: its chart, or its table, as a file for spreadsheets. Days are days, figures are plain, and what they mean
stands on top."""

import csv
import io
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fireside.insights.queries.charts import Chart, chart_of
from fireside.lib.errors import NotFound

PARTS = ("chart", "table")  # what is drawn, point by point; every figure that stands under it
Table = tuple[list[str], list[list[Any]]]


def csv_of(answer: dict[str, Any], part: str = "chart") -> str:
    """The lines of the file: what the number means (each beginning with #), the names of the columns, the rows."""
    if part not in PARTS:
        raise NotFound()
    chart = chart_of(answer)
    head, rows = _drawn(chart) if part == "chart" else _figures(answer)
    out = io.StringIO()
    write = csv.writer(out)
    write.writerows([f"# {said}"] for said in _meaning(answer, chart))
    write.writerow(head)
    write.writerows(rows)
    return out.getvalue()


def _words(said: dict[str, str]) -> str:
    return said.get(get_language() or "en") or said["en"]


def _meaning(answer: dict[str, Any], chart: Chart) -> list[str]:
    clock = answer["clock"]
    said = [
        _words(answer["title"]), _words(answer["definition"]), _words(answer["population"]), _("Formula: %(source)s.") % {"source": _(answer["source"])},
        f"{clock['since']} – {clock['until']}, {clock['time_zone']}, {clock['as_of']}",
    ]  # fmt: skip
    if "over" in chart:
        said.append(_("Over: 1; 0 = not over yet, or not wholly inside the time asked for."))
    if chart["type"] == "curve":
        said.append(_("Bounds: Wilson’s interval of 95 in 100."))
    if chart["type"] == "spread" and answer["headline"]["median"] is not None:
        said.append(_("Half of the questions have a reply after %(seconds)s seconds.") % {"seconds": answer["headline"]["median"]})
    return said


def _drawn(chart: Chart) -> Table:
    """Point by point what cockpit.js draws."""
    if chart["type"] == "spread":
        edges = [0, *chart["edges"]]
        rows = [
            [label, low, high, n]
            for label, low, high, n in zip(chart["labels"], edges, [*edges[1:], ""], chart["values"][:-1], strict=False)
        ]
        return [_("wait"), _("from second"), _("to second"), chart["words"]], [*rows, [chart["labels"][-1], "", "", chart["values"][-1]]]
    if chart["type"] == "curve":
        columns = ("k", "n", "people", "values", "low", "high")
        head = [chart.get("step_words") or _("interval"), _("people"), chart["words"], _("share"), _("lower bound"), _("upper bound")]
        return head, [list(row) for row in zip(*(chart[name] for name in columns), strict=True)]
    series = chart.get("series") or [chart]
    times = zip(chart["from"], chart["to"], chart["over"], strict=True)
    rows = [[*when, *(one["values"][i] for one in series)] for i, when in enumerate(times)]
    return [_("from"), _("to"), _("over"), *(one["words"] for one in series)], rows


def _figures(answer: dict[str, Any]) -> Table:
    """The table under the chart, with the intervals of every share."""
    when = [[row["start"], row["end"], int(not row["partial"])] for row in answer["rows"]]
    head = [_("from"), _("to"), _("over")]
    if answer["metric"] != "retention":
        keys = [column["key"] for column in answer["columns"]]
        rows = [[*at, *(row[key] for key in keys)] for at, row in zip(when, answer["rows"], strict=True)]
        return [*head, *(_words(column["words"]) for column in answer["columns"])], rows
    chart = chart_of(answer)
    for label in chart["labels"]:
        head += [label, _("lower bound"), _("upper bound")]
    rows = []
    for at, row in zip(when, answer["rows"], strict=True):
        cells = [value for cell in row["cells"] for value in (cell["share"], cell["low"], cell["high"])]
        rows.append([*at, row["n"], *cells, *[None] * (3 * len(chart["labels"]) - len(cells))])
    return [*head[:3], _("came"), *head[3:]], rows

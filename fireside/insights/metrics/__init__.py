"""One module a metric: what it means (in both languages), its expressions over the mirror, its shape, its evidence.

An expression is `tables(t, p) -> {name: ibis.Table}`: portable, the same on DuckDB and on ClickHouse. A shape is plain Python
over the few rows that come back. Traps of the engines, each held by the conformance test (and seen in test_conformance.py):
`nunique()` is approximate on ClickHouse, so we say distinct().count(); `rank()` and `ntile()` are not used at all; time is
whole milliseconds and whole days, never a timestamp; `lead` and `lag` name what stands for “none”, and a left join's missing side
is asked for both NULL and 0, because ClickHouse says 0 where DuckDB says NULL; unions make every column able to be missing first.
"""

from importlib import import_module

from fireside.insights.metrics.base import Metric

NAMES = ("members", "active", "retention", "first_reply", "helped", "heat", "cores", "concentration", "talk", "newcomers", "network")
_known: dict[str, Metric] = {}


def get(name: str) -> Metric | None:
    """The metric of this name, or None. Imported when first asked for."""
    if name not in NAMES:
        return None
    if name not in _known:
        _known[name] = import_module(f"fireside.insights.metrics.{name}").METRIC
    return _known[name]


def every() -> list[Metric]:
    return [metric for name in NAMES if (metric := get(name))]

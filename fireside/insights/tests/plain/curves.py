"""Small formulas by their definitions."""

from collections.abc import Iterable, Sequence
from math import ceil, exp, log, sqrt

Z = 1.959963984540054  # 95 %
Waits = Sequence[tuple[float, bool]]  # (seconds, answered); who still waits is censored there


def kaplan_meier(waits: Waits) -> list[tuple[float, float, float]]:
    """(time, how many of all still wait, the root of Greenwood's sum), by the product over the times of answers."""
    still, spread, out = 1.0, 0.0, []
    for time in sorted({t for t, answered in waits if answered}):
        at_risk, answers = sum(t >= time for t, _a in waits), sum(t == time and answered for t, answered in waits)
        still *= 1 - answers / at_risk
        spread += answers / (at_risk * (at_risk - answers)) if at_risk > answers else float("inf")
        out.append((time, still, sqrt(spread)))
    return out


def reached(curve: Iterable[tuple[float, float]], level: float) -> float | None:
    """The first time at which no more than this share still wait."""
    return next((time for time, still in curve if still <= level + 1e-12), None)


def waiting(waits: Waits) -> dict[str, float | int | None]:
    """What a row of first_reply says: median with its interval (log-log of Greenwood), p90, answered in an hour and in a day."""
    curve, longest = kaplan_meier(waits), max((t for t, _a in waits), default=0.0)
    low, high, plain = [], [], []
    for time, still, spread in curve:
        plain.append((time, still))
        half = Z * spread / log(still) if 0 < still < 1 else 0.0
        low.append((time, still ** exp(-half) if 0 < still < 1 else still))  # the logarithm is negative: this is the lower bound
        high.append((time, still ** exp(half) if 0 < still < 1 else still))
    out: dict[str, float | int | None] = {
        "n": len(waits), "answered": sum(answered for _t, answered in waits), "median": reached(plain, 0.5),
        "median_low": reached(low, 0.5), "median_high": reached(high, 0.5), "p90": reached(plain, 0.1),
    }  # fmt: skip
    for name, edge in (("in_1h", 3600), ("in_24h", 86_400)):
        known = waits and (longest >= edge or (plain and plain[-1][1] < 1e-12))
        out[name] = 1 - next((still for time, still in reversed(plain) if time <= edge), 1.0) if known else None
    return out


def concentration(counts: Iterable[int]) -> dict[str, float | int | None]:
    """Of what each person contributed."""
    values = sorted(counts, reverse=True)
    n, total = len(values), sum(values)
    if not n:
        return {"people": 0, "contributions": 0, "absence_factor": None, "top_1": None, "top_1_people": 0, "top_10": None,
                "top_10_people": 0, "gini": None}  # fmt: skip
    made, factor = 0, 0
    while made * 2 < total:
        made, factor = made + values[factor], factor + 1
    one, ten = max(1, ceil(n / 100)), max(1, ceil(n / 10))
    return {"people": n, "contributions": total, "absence_factor": factor, "top_1": sum(values[:one]) / total, "top_1_people": one,
            "top_10": sum(values[:ten]) / total, "top_10_people": ten,
            "gini": sum(abs(a - b) for a in values for b in values) / (2 * n * total)}  # fmt: skip


def wilson(k: int, n: int) -> tuple[float, float]:
    """The two roots of (p − k/n)² = z²·p(1−p)/n: the definition, solved."""
    z2, share = Z**2, k / n
    a, b, c = 1 + z2 / n, -(2 * share + z2 / n), share * share
    root = sqrt(max(0.0, b * b - 4 * a * c))
    return max(0.0, (-b - root) / (2 * a)), min(1.0, (-b + root) / (2 * a))

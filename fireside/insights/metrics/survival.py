"""Kaplan–Meier of waiting times, by SciPy. Those still waiting are censored, never dropped."""

from typing import Any

from fireside.insights.rules import Z

HOUR, DAY = 3600.0, 86_400.0


def waits(seconds: Any, answered: Any) -> dict[str, Any]:
    """Median and p90 of the wait with the median's 95 % interval, and the share answered within an hour and a day.

    `seconds` until the answer, or until we stopped looking; `answered` says which. A quantile that the curve never reaches is
    None: so many are unanswered that it is not known. The median's interval inverts the log-log interval of the curve
    (Brookmeyer and Crowley 1982).
    """
    import numpy as np

    n = len(seconds)
    out: dict[str, Any] = {"n": n, "answered": int(np.sum(answered)), "median": None, "median_low": None, "median_high": None,
                           "p90": None, "in_1h": None, "in_24h": None}  # fmt: skip
    if not n:
        return out
    if not out["answered"]:
        longest = float(np.max(seconds))
        return out | {"in_1h": 0.0 if longest >= HOUR else None, "in_24h": 0.0 if longest >= DAY else None}
    times, stays, spread = curve(np.asarray(seconds, dtype=float), np.asarray(answered, dtype=bool))
    last = float(np.max(seconds))
    out["median"], out["p90"] = _reaches(times, stays, 0.5), _reaches(times, stays, 0.1)
    with np.errstate(divide="ignore", invalid="ignore"):
        bend = np.exp(Z * spread / np.log(stays))  # S^bend and S^(1/bend): the log-log interval
        high, low = np.power(stays, bend), np.power(stays, 1 / bend)
    sure = (stays > 0) & (stays < 1)
    out["median_low"] = _reaches(times, np.where(sure, low, stays), 0.5)
    out["median_high"] = _reaches(times, np.where(sure, high, stays), 0.5)
    for name, edge in (("in_1h", HOUR), ("in_24h", DAY)):
        if last >= edge or stays[-1] == 0:
            before = int(np.searchsorted(times, edge, side="right"))
            out[name] = float(1 - stays[before - 1]) if before else 0.0
    return out


def curve(seconds: Any, answered: Any) -> tuple[Any, Any, Any]:
    """Times of answers, the Kaplan–Meier estimate there, and the root of Greenwood's sum (for intervals)."""
    import numpy as np
    from scipy import stats  # type: ignore[import-untyped]

    data = stats.CensoredData.right_censored(seconds, ~answered)
    fit = stats.ecdf(data).sf
    times, stays = fit.quantiles, fit.probabilities
    events = np.diff(np.searchsorted(np.sort(seconds[answered]), times, side="right"), prepend=0)
    at_risk = len(seconds) - np.searchsorted(np.sort(seconds), times, side="left")
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))
    keep = events > 0
    return times[keep], stays[keep], spread[keep]


def _reaches(times: Any, stays: Any, level: float) -> float | None:
    """The first time at which no more than `level` still wait."""
    import numpy as np

    below = np.flatnonzero(stays <= level + 1e-12)
    return float(times[below[0]]) if len(below) else None

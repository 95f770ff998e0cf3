"""Small formulas: worked examples, and what must hold whatever the numbers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireside.insights import rules
from fireside.insights.tests.plain import curves, days

pytestmark = pytest.mark.once  # pure: no database
COUNTS = st.lists(st.tuples(st.integers(1, 500), st.integers(1, 40)), min_size=1, max_size=30, unique_by=lambda pair: pair[0])


def spread(pairs):
    from collections import Counter

    return Counter({f"{value}:{i}": value for value, n in pairs for i in range(n)})


def test_absence_factor_of_the_published_example():
    assert rules.absence_factor([(v, 1) for v in (1000, 433, 343, 332, 202, 90, 42, 33)]) == 2


@given(COUNTS)
def test_concentration_from_a_histogram_is_that_of_the_people(pairs):
    expected = curves.concentration(spread(pairs).values())
    assert rules.absence_factor(pairs) == expected["absence_factor"]
    assert rules.gini(pairs) == pytest.approx(expected["gini"], abs=1e-9)
    for share, name in ((0.01, "top_1"), (0.1, "top_10")):
        assert rules.top_share(pairs, share)[1] == pytest.approx(expected[name])


def test_nobody_has_no_concentration():
    assert rules.gini([]) is rules.absence_factor([]) is rules.top_share([], 0.1) is None
    assert rules.gini([(3, 1)]) == pytest.approx(0)
    assert rules.absence_factor([(3, 1)]) == 1


@given(st.integers(1, 10_000), st.data())
def test_wilson_holds_the_share_and_solves_its_own_definition(n, data):
    hits = data.draw(st.integers(0, n))
    low, high = rules.wilson(hits, n)
    assert 0 <= low <= hits / n + 1e-12
    assert hits / n - 1e-12 <= high <= 1
    assert (low, high) == pytest.approx(curves.wilson(hits, n), abs=1e-9)


def test_wilson_of_nothing_is_nothing():
    assert rules.wilson(0, 0) is None


@given(st.dates(date(1970, 1, 5), date(2100, 1, 1)), st.sampled_from(["day", "week", "month"]))
def test_every_day_lies_in_its_interval_and_intervals_follow_one_another(day, by):
    no = rules.day_no(day)
    i = rules.interval_of(no, by)
    assert rules.first_day(i, by) <= no <= rules.last_day(i, by)
    assert rules.interval_of(rules.last_day(i, by) + 1, by) == i + 1
    assert rules.day_of(rules.first_day(i, by)) == days.interval(day, by)
    assert rules.day_of(no) == day
    assert rules.day_of(no) - timedelta(days=1) == rules.day_of(no - 1)


def test_small_segments_wait_until_they_are_many():
    assert rules.to_merge([(i, 10) for i in range(rules.MANY - 1)]) == []
    assert rules.to_merge([(0, rules.SMALL), *((i, 10) for i in range(1, rules.MANY + 1))]) == list(range(1, rules.MANY + 1))
    assert rules.buckets_for(rules.LARGE) == 1
    assert rules.buckets_for(rules.LARGE + 1) == rules.BUCKETS


WAITS = st.lists(st.tuples(st.integers(1, 200_000), st.booleans()), min_size=1, max_size=60)


@given(WAITS)
def test_waits_are_those_of_the_definition(found):
    import numpy as np

    from fireside.insights.metrics.survival import waits

    expected = curves.waiting([(float(t), answered) for t, answered in found])
    got = waits(np.array([t for t, _a in found], dtype=float), np.array([a for _t, a in found]))
    assert got == {key: value if value is None else pytest.approx(value, abs=1e-9) for key, value in expected.items()}
    if got["median"] is not None and got["median_low"] is not None:
        assert got["median_low"] <= got["median"]
    if got["median"] is not None and got["median_high"] is not None:
        assert got["median"] <= got["median_high"]


def test_waits_are_those_of_another_library():
    """lifelines, from other hands: the curve and the median's interval."""
    import numpy as np

    lifelines = pytest.importorskip("lifelines")
    from fireside.insights.metrics.survival import waits

    dice = np.random.default_rng(7)
    seconds = dice.exponential(5000, 400).round(1)
    answered = dice.random(400) < 0.7
    fit = lifelines.KaplanMeierFitter().fit(seconds, answered)
    from lifelines.utils import median_survival_times

    low, high = median_survival_times(fit.confidence_interval_).to_numpy()[0]
    got = waits(seconds, answered)
    assert got["median"] == pytest.approx(fit.median_survival_time_)
    assert (got["median_low"], got["median_high"]) == pytest.approx((low, high))
    assert got["in_1h"] == pytest.approx(1 - fit.predict(3600))

"""What /metrics tells: requests of this process (or of all, gathered), and the state of the log, read when asked."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
REGISTRY = CollectorRegistry()
REQUESTS = Histogram(
    "fireside_request_seconds", "Time to answer a request", ["method", "route", "status"], buckets=BUCKETS, registry=REGISTRY
)
LIVE = Gauge("fireside_live_connections", "Open live connections", registry=REGISTRY, multiprocess_mode="livesum")
LIVE_EVENTS = Counter("fireside_live_events_total", "Events sent to live connections", registry=REGISTRY)
LIVE_DROPPED = Counter("fireside_live_dropped_total", "Live connections dropped because they read too slowly", registry=REGISTRY)
RESTED = Counter("fireside_rested_total", "Requests that were put off because others had waited for long", ["what"], registry=REGISTRY)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def observe(method: str, route: str, status: int, seconds: float) -> None:
    REQUESTS.labels(method if method in METHODS else "other", route, f"{status // 100}xx").observe(seconds)


class House:
    """The state of the log and its followers: one look at the database for each scrape."""

    def collect(self) -> Iterator[Metric]:
        from fireside.activity import state
        from fireside.activity.sweeps import SWEEPS

        seen = state.of_the_house(datetime.now(UTC))
        yield GaugeMetricFamily("fireside_log_lines", "Last id of the activity log", value=seen["log_lines"])
        lag = GaugeMetricFamily(
            "fireside_bookmark_lag_lines", "Lines of the log that a reaction has not read yet (beyond 10,000: about)", labels=["reaction"]
        )
        for name, lines in seen["lag"].items():
            lag.add_metric([name], lines)
        yield lag
        failing = GaugeMetricFamily("fireside_sweep_failing", "1 while the last round of a sweep failed, else 0", labels=["sweep"])
        for name in sorted(SWEEPS):
            failing.add_metric([name], name in seen["failing"])
        yield failing
        yield GaugeMetricFamily("fireside_parked_lines", "Lines that a reaction could not digest", value=seen["parked"])
        yield GaugeMetricFamily("fireside_letters_waiting", "Letters due and not sent", value=seen["letters_waiting"])
        yield GaugeMetricFamily("fireside_letters_parked", "Letters given up after eight tries", value=seen["letters_parked"])
        yield GaugeMetricFamily("fireside_jobs_open", "Jobs waiting or running", value=seen["jobs_open"])
        age = seen["heartbeat_seconds"]
        if age is not None:
            yield GaugeMetricFamily("fireside_worker_heartbeat_seconds", "Seconds since the last sign of life of any worker", value=age)


def text() -> bytes:
    """Everything in Prometheus' text format; of all web processes when they share PROMETHEUS_MULTIPROC_DIR."""
    house = CollectorRegistry()
    house.register(House())  # type: ignore[arg-type]
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shared = CollectorRegistry()
        multiprocess.MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        return generate_latest(shared) + generate_latest(house)
    return generate_latest(REGISTRY) + generate_latest(house)

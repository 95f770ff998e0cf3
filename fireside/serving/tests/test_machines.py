"""What machines ask: ready, figures; and what is written about it all."""

import json
import logging
import re
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from fireside.activity.models import Beat, Sweep
from fireside.activity.sweeps import SWEEPS
from fireside.serving import figures
from fireside.serving.logs import formatter

pytestmark = pytest.mark.django_db


def test_ready_needs_a_worker(settings):
    client = Client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "fireside work" in answer.json()["worker"]
    now = datetime.now(UTC)
    Beat.objects.create(worker="w", started_at=now, seen_at=now - timedelta(minutes=5))
    assert client.get("/readyz").status_code == 503
    Beat.objects.update(seen_at=now)
    cache = {"cache": "ok"} if settings.VALKEY_URL else {}
    assert client.get("/readyz").json() == {"ready": True, "database": "ok", "migrations": "ok", "worker": "ok", **cache}


def test_figures_only_for_operators_and_the_token(settings, world):
    settings.METRICS_TOKEN = "a-token-for-the-scraper"
    seen = {}
    for who, member in (("visitor", None), ("ben", world.ben), ("mira", world.mira), ("dan", world.dan), ("olu", world.olu)):
        client = Client()
        if member is not None:
            client.force_login(member)
        seen[who] = client.get("/metrics").status_code
    assert seen == {"visitor": 404, "ben": 404, "mira": 404, "dan": 200, "olu": 200}
    assert Client().get("/metrics", headers={"Authorization": "Bearer a-token-for-the-scraper"}).status_code == 200
    assert Client().get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 404
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_the_figures_say_which_sweep_fails(world):
    now = datetime.now(UTC)
    Sweep.objects.create(name="spaces.mend_counters", due_at=now, ran_at=now, error="KeyError: 'n'")
    Sweep.objects.create(name="long.gone", due_at=now, error="KeyError: 'n'")

    def failing() -> dict[str, float]:
        return dict(re.findall(r'^fireside_sweep_failing{sweep="([\w.]+)"} ([\d.]+)$', figures.text().decode(), re.MULTILINE))

    told = failing()
    assert set(told) == set(SWEEPS)
    assert [name for name, value in told.items() if value == "1.0"] == ["spaces.mend_counters"]
    Sweep.objects.update(error="")
    assert set(failing().values()) == {"0.0"}


def line(style="json", **extra):
    record = logging.LogRecord("fireside.x", logging.WARNING, __file__, 1, "opened %s", ("/claim/Zm9vYmFyMTIzNDU2Nzg5MGFi",), None)
    record.__dict__.update(extra)
    return formatter(style).format(record)


def test_a_log_line_is_json_without_secrets():
    read = json.loads(line(fields={"status": 200, "password": "hunter2", "Cookie": "sessionid=1"}))
    assert read["event"] == "opened /claim/…"
    assert (read["level"], read["logger"], read["status"]) == ("warning", "fireside.x", 200)
    assert read["password"] == read["Cookie"] == "…"
    assert read["timestamp"].endswith("Z")


def test_a_mistake_is_one_line():
    try:
        raise ValueError("two\nlines")
    except ValueError:
        text = line(exc_info=sys.exc_info())
    assert "\n" not in text
    assert "ValueError" in json.loads(text)["exception"]


def test_at_a_terminal_lines_are_plain():
    assert not line("plain").startswith("{")

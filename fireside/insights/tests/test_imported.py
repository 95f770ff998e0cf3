"""An archive that came in through the importer counts as the source file does."""

from datetime import date

import pytest
from django.core.management import call_command

from fireside.insights.tests import archive, plain
from fireside.members.models import Member

pytestmark = [pytest.mark.real_data, pytest.mark.django_db]
ZONE = "America/Denver"


def test_what_the_importer_brought_counts_as_the_file_says(mirror, ask, real_data):
    actor = mirror(ZONE)
    call_command("import", "zulip", str(real_data("ncar-zulip")), "--json")
    messages = archive.read(real_data("ncar-zulip"))
    p = plain.Plain(messages, ZONE, bots=Member.objects.filter(is_bot=True).values_list("name", flat=True))
    said = {"since": "2019-11-01", "until": "2025-05-31"}
    busy = 0
    for row in ask(actor, "talk", by="month", **said)["rows"]:
        counts = p.posts(date.fromisoformat(row["start"]), date.fromisoformat(row["end"]))
        assert (row["posts"], row["people"]) == (sum(counts.values()), len(counts)), row["start"]
        busy += row["posts"] > 0
    assert busy > 40
    for row in ask(actor, "members", by="month", **said)["rows"]:
        found = {key: row[key] for key in ("new", "active", "returning", "resurrected", "dormant")}
        assert found == p.members(date.fromisoformat(row["start"]), "month"), row["start"]
    for row in ask(actor, "active", by="day", since="2021-03-01", until="2021-05-31")["rows"][::9]:
        assert (row["dau"], row["wau"], row["mau"]) == p.active(date.fromisoformat(row["start"]))[:3]
    front = ask(actor, "concentration", **said)["headline"]
    expected = plain.concentration(p.posts(date(2019, 11, 1), date(2025, 5, 31)))
    assert {name: front[name] for name in expected} == pytest.approx(expected)

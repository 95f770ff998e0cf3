"""Who left a private place is not let back in by an older archive that still has them there."""

import json
from pathlib import Path
from typing import Any

import pytest

from fireside.connectors.reasons import notes_of
from fireside.connectors.tests.test_slack import export, said
from fireside.connectors.tests.test_zulip_private import CELLAR, LAMPS, an_export, belonging, message, named, write
from fireside.spaces.actions import bring_in
from fireside.spaces.models import Space
from fireside.spaces.queries import visible_spaces

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def of_then() -> dict[str, Any]:
    """The same house some days before: Cy and Bo are still in the cellar, and there was an attic of which nothing newer tells."""
    export = an_export()
    export["realm.json"]["zerver_subscription"] += [{"user_profile": one, "recipient": CELLAR, "active": True} for one in (11, 12)]
    export["realm.json"]["zerver_subscription"] = [
        row for row in export["realm.json"]["zerver_subscription"] if row["active"] or row["user_profile"] != 12
    ]
    return export


def of_now() -> dict[str, Any]:
    """Bo and Cy have left the cellar, and something was said since; of the attic nothing is told any more."""
    export = json.loads(json.dumps(an_export()))
    realm = export["realm.json"]
    realm["zerver_stream"] = [row for row in realm["zerver_stream"] if row["name"] != "attic"]
    export["messages-000001.json"]["zerver_message"].append(message(900, 10, LAMPS))
    return export


def test_an_older_export_lets_nobody_back_in(bring: Any, tmp_path: Path) -> None:
    then, now = write(tmp_path / "then", of_then()), write(tmp_path / "now", of_now())
    bring("zulip", now, source="lamp")
    assert belonging("cellar") == {"Ada"}
    row = bring("zulip", then, source="lamp")
    assert belonging("cellar") == {"Ada"}
    assert belonging("attic") == {"Ada"}, "of a place that came with the older one it is the last word"
    assert row.counts["left_since"] == 2
    assert any("2 people were in private channels" in words for words in notes_of(row.counts))
    for name in ("Bo", "Cy"):
        assert set(visible_spaces(named(name)).values_list("name", flat=True)) == {"lamps"}
    again = bring("zulip", then, source="lamp")
    assert (belonging("cellar"), again.counts["left_since"]) == ({"Ada"}, 2)


def test_in_their_own_order_the_newer_one_takes_out_and_lets_in(bring: Any, tmp_path: Path) -> None:
    then, now = of_then(), of_now()
    now["realm.json"]["zerver_subscription"] += [{"user_profile": one, "recipient": CELLAR, "active": one == 13} for one in (11, 13)]
    row = bring("zulip", write(tmp_path / "then", then), source="lamp")
    assert belonging("cellar") == {"Ada", "Bo", "Cy"} and "left_since" not in row.counts
    row = bring("zulip", write(tmp_path / "now", now), source="lamp")
    assert belonging("cellar") == {"Ada", "Di"} and "left_since" not in row.counts


def test_whom_somebody_here_let_in_stays_whatever_comes(world: Any, bring: Any, tmp_path: Path) -> None:
    bring("zulip", write(tmp_path / "now", of_now()), source="lamp")
    bring_in(world.as_("olu"), space=Space.objects.get(name="cellar"), member=named("Bo"))
    row = bring("zulip", write(tmp_path / "then", of_then()), source="lamp")
    assert (belonging("cellar"), row.counts["left_since"]) == ({"Ada", "Bo"}, 1)


def test_an_older_snapshot_of_slack_lets_nobody_back_in(bring: Any, tmp_path: Path) -> None:
    def snapshot(name: str, members: list[str], last: int) -> Path:
        secret = [{"id": "G1", "name": "secret", "created": 1_500_000_000, "members": members}]
        return export(tmp_path / name, {"secret/2020-09-13": [said(n) for n in range(1, last)]}, groups=secret)

    bring("slack", snapshot("now", ["U1"], 9), source="s")
    row = bring("slack", snapshot("then", ["U1", "U2"], 5), source="s")
    assert (belonging("secret"), row.counts["left_since"]) == ({"Ada"}, 1)
    bring("slack", snapshot("later", ["U1", "U2"], 12), source="s")
    assert belonging("secret") == {"Ada", "Bo"}

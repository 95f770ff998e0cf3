"""A try says what then comes: every count of a run, and the counters of the source, before anything is brought in."""

from pathlib import Path
from typing import Any

import pytest

from fireside.connectors.tests import test_discourse as discourse
from fireside.connectors.tests import test_slack as slack
from fireside.connectors.tests import test_stackexchange as stackexchange
from fireside.conversation.models import Post

pytestmark = [pytest.mark.django_db, pytest.mark.both]
OF_A_RUN = {"run", "rejected_file"}  # what a try has none of, or another one


def told(row: Any) -> dict[str, Any]:
    return {name: count for name, count in row.counts.items() if name not in OF_A_RUN}


FORMS = {
    "stackexchange": ("stackexchange", stackexchange.dump),
    "slack": ("slack", lambda folder: slack.export(folder / "slack", {"lamps/2020-09-13": slack.TALK})),
    "discourse, topics": ("discourse", lambda folder: discourse.pages(folder / "forum")),
    "discourse, backup": ("discourse", lambda folder: discourse.backup(folder / "forum.sql")),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_try_tells_what_the_run_then_tells(bring: Any, tmp_path: Path, form: str) -> None:
    what, make = FORMS[form]
    path = make(tmp_path)
    tried = bring(what, path, source="s", dry_run=True)
    assert not Post.objects.filter(source="s").exists()
    assert tried.counts["agreement"]
    done = bring(what, path, source="s")
    assert told(tried) == told(done)
    again, tried_again = bring(what, path, source="s"), bring(what, path, source="s", dry_run=True)
    assert told(tried_again) == told(again), "what is here already is counted once"

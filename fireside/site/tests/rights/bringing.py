"""What importers call: no door types its arguments, so it is asked directly."""

from typing import Any

from fireside.connectors.actions.runs import Taken
from fireside.connectors.models import ImportRun, Upload
from fireside.conversation.actions import HelpIn, PostIn, ReactionIn, StandingIn, TopicIn
from fireside.members.actions import PersonIn
from fireside.site.tests.rights.stage import Deed, No, picture_bytes
from fireside.spaces.actions import SpaceIn

IMPORTER = No("An importer calls it: its rows are no words that somebody types.")


def brings(call: Any, **more: Any) -> Deed:
    return Deed(IMPORTER, IMPORTER, web=IMPORTER, call=call, **more)


def upload(world: Any) -> Upload:
    return Upload(key="k" * 40, name="a.csv", path="imports/uploads/a.csv", size=1, content="", at=world.now)


def run_of(world: Any) -> ImportRun:
    return ImportRun.objects.get(pk=world.names["run"])


BRINGING = {
    "connectors.begin_run": brings(lambda w: {"importer": "zulip", "source": "s", "path": "x", "form": "f", "fingerprint": "g"}),
    "connectors.take_in_batch": brings(lambda w: {"run": run_of(w), "take": Taken, "rejected_bytes": 0}),
    "connectors.follow_names": brings(lambda w: {"source": "s", "said": {"Lamps": ["1"]}, "kept_to": {}}),
    "connectors.end_run": brings(lambda w: {"run": run_of(w)}),
    "connectors.take_in_places": brings(lambda w: {"source": "s", "spaces": [SpaceIn("1", "Old", w.now)]}),
    "connectors.remove_old_uploads": Deed("", IMPORTER, web=IMPORTER),
    "connectors.note_upload": Deed(
        No("fireside import reads the file where it lies."), "POST imports/files", {"file": "people.csv"}, "cockpit/import",
        {"importer": "members", "file": "people.csv"}, call=lambda w: {"upload": upload(w)},
    ),
    "members.take_in_people": brings(lambda w: {"source": "s", "people": [PersonIn("1", "Old", w.now)]}),
    "members.take_in_picture": brings(lambda w: {"source": "old", "external_id": "eve", "picture": picture_bytes()}),
    "spaces.take_in_spaces": brings(lambda w: {"source": "s", "spaces": [SpaceIn("1", "Old", w.now)]}),
    "spaces.take_in_belongings": brings(lambda w: {"rows": [(w.hearth.pk, w.people["eve"].pk, w.now)]}),
    "spaces.take_out_belongings": brings(lambda w: {"rows": [(w.hearth.pk, w.people["eve"].pk)]}),
    "conversation.take_in_posts": brings(
        lambda w: {
            "source": "s", "topics": [TopicIn("t", w.hearth.pk, "T")], "posts": [PostIn("p", "t", w.hearth.pk, w.people["eve"].pk, w.now, "x")],
        }
    ),
    "conversation.take_in_reactions": brings(lambda w: {"source": "s", "reactions": [ReactionIn("r", "p", w.people["eve"].pk, "heart", w.now)]}),
    "conversation.take_in_standings": brings(lambda w: {"source": "s", "standings": [StandingIn("t", ("light",), w.now)]}),
    "conversation.take_in_help": brings(lambda w: {"source": "s", "said": [HelpIn("h", "p", w.people["eve"].pk, w.now)]}),
}  # fmt: skip

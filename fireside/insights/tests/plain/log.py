"""The activity log's own lines, one JSON object each, as a history: for what no archive tells (help, thanks, what was removed)."""

import json
from collections.abc import Iterable
from datetime import datetime

from .history import Act, History

NAMES = {"members.joined": "joined", "spaces.joined": "belonged", "spaces.asked_to_join": "belonged"}


def history(lines: Iterable[str], people: Iterable[str]) -> History:
    """`lines`: kind, at, member, other, space, topic, post. `people`: member, person, bot, staff."""
    acts = []
    for one in map(json.loads, lines):
        app, _dot, what = one["kind"].partition(".")
        what = NAMES.get(one["kind"], what if app == "conversation" else "")
        if what:
            about = {key: str(one[key] or "") for key in ("topic", "post", "other", "space", "member")}
            at = datetime.fromisoformat(one["at"]).timestamp()
            acts.append(Act(what, at, about["member"], about["space"], about["topic"], about["post"], about["other"]))
    who = [json.loads(line) for line in people]
    return History(
        acts, {str(one["member"]) for one in who if one["bot"]}, {str(one["member"]) for one in who if one["staff"]},
        {str(one["member"]): str(one["person"]) for one in who}, elsewhere=False,
    )  # fmt: skip

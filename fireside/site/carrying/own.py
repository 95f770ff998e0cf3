"""What a house holds of one member, for that member: every row of theirs as JSON, and one page to read it on.

Of others nothing but what they could read anyway: who else is named in a row (who removed, who answered) is left out.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.files.storage import default_storage
from django.db import models
from django.utils import translation

from fireside.activity.kinds import KINDS
from fireside.conversation.queries import visible_topics
from fireside.lib.holds import KEYS, held
from fireside.members.models import Member
from fireside.site.carrying.own_words import FIELDS, HEADINGS
from fireside.site.carrying.things import Thing, all_tables, line_of, things
from fireside.site.forgetting.rows import theirs

OTHERS = re.compile(r"(^|_)(by|other|actor|undone_by|made_by|decided_by)_id$")
Rows = dict[str, list[dict[str, Any]]]


def rows_of(members: Sequence[int]) -> Rows:
    """Every row of theirs: name of the thing -> rows, in the order of ids. One query a table."""
    found: Rows = {}
    for thing in _things():
        names = [one for one in theirs(thing.model) if one != "other_id"]
        whose = models.Q(*((f"{name}__in", list(members)) for name in names), _connector=models.Q.OR)
        rows = thing.model._base_manager.filter(whose).order_by("pk").values_list(*thing.named())
        if told := [json.loads(line_of(thing, row)) for row in rows.iterator(chunk_size=2000)]:
            found[thing.name] = told
    return found


def _things() -> Iterator[Thing]:
    travels = {one.table: one for one in things()}
    for model in all_tables():
        label = model._meta.label_lower
        says, whose = held(label), theirs(model)
        if not whose or (says.stays == KEYS and not says.own):
            continue
        if label in travels or says.own:
            fields = [
                one for one in model._meta.concrete_fields if (one.attname in says.own if says.own else one.attname not in says.without)
            ]
            mine = tuple(one for one in fields if one.attname in whose or not _names_another(one))
            with translation.override("en"):
                plural = says.name or str(model._meta.verbose_name_plural).lower().replace(" ", "_")
            yield Thing(f"{model._meta.app_label}/{plural}", model, says, mine)


def _names_another(field: Any) -> bool:
    return (isinstance(field, models.ForeignKey) and field.related_model is Member) or bool(OTHERS.search(field.attname))


def files_of(rows: Rows) -> list[str]:
    """Files in the storage that these rows name and that lie there."""
    named = set()
    for thing in _things():
        fields = {*thing.says.files, *(one.attname for one in thing.fields if isinstance(one, models.FileField))}
        named |= {row[name] for row in rows.get(thing.name, ()) for name in fields if row.get(name)}
    return sorted(name for name in named if default_storage.exists(name))


def readable(member: Any, rows: Rows) -> dict[str, Any]:
    """The same for a reader: what they said with the topic it stands in (where they may read its name), what the log says in sentences."""
    posts, own = rows.get("conversation/posts", []), {row["id"]: row["title"] for row in rows.get("conversation/topics", [])}
    ids = sorted({row["topic_id"] for row in posts} - own.keys())
    titles = dict(own)
    for i in range(0, len(ids), 900):
        titles |= dict(visible_topics(member).filter(pk__in=ids[i : i + 900]).values_list("pk", "title"))
    lines = [(row["at"], _sentence(row, member)) for row in rows.get("activity/lines", []) if row["kind"] in KINDS]
    shown = {"conversation/posts", "conversation/topics", "activity/lines", "members/members"}
    return {
        "profile": rows.get("members/members", []), "posts": [(row["at"], titles.get(row["topic_id"], ""), row["source_text"]) for row in posts],
        "lines": lines, "names": HEADINGS, "fields": FIELDS, "others": {name: some for name, some in sorted(rows.items()) if name not in shown},
    }  # fmt: skip


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def _sentence(row: dict[str, Any], member: Any) -> str:
    """In the reader's language; whoever else is meant stays unnamed."""
    data = {name: value for name, value in row["data"].items() if isinstance(value, str | int)}
    return str(KINDS[row["kind"]].sentence).format_map(_Blank({**data, "actor": member.name}))

"""A member takes out what the house holds of them: made in the background, told by the bell, fetched by nobody else."""

import json
import os
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from fireside.activity import jobs
from fireside.activity.action import action, already, quiet
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.lib.errors import Refused
from fireside.members.models import Member
from fireside.members.queries import get_community, ids_of_person
from fireside.members.rights import require
from fireside.site import carrying, kinds
from fireside.site.actions.takeouts import new_key
from fireside.site.carrying.own import files_of, readable, rows_of
from fireside.site.models import Takeout
from fireside.site.queries.takeouts import file_of

REST = timedelta(hours=24)
TOO_SOON = _("You took your data out today. Ask again tomorrow, or fetch what is there.")


@action(right="self.export", grave=True)
def export_own_data(actor: Actor) -> Takeout:
    """Put an export of what the house holds of you in line; the bell says when it is ready. Once a day."""
    require(actor, "self.export")
    last = Takeout.objects.select_for_update().filter(of=Takeout.Of.MEMBER, member_id=actor.member.pk).order_by("-pk").first()
    if last is not None and last.ready_at is None and jobs.is_open(last.job_id):
        return already(last)
    if last is not None and last.ready_at is not None and last.asked_at > actor.now - REST:
        raise Refused("too_soon", TOO_SOON)
    row = Takeout.objects.create(
        key=new_key(actor), of=Takeout.Of.MEMBER, member_id=actor.member.pk, language=translation.get_language() or "en", asked_at=actor.now
    )
    row.job_id = jobs.ask_once(actor, "site.export_own", key=f"site.export_own:{actor.member.pk}", takeout=row.pk).pk
    row.save(update_fields=["job_id"])
    record(actor, kinds.OWN_DATA_ASKED)
    return row


def write_own(actor: Actor, row: Takeout) -> dict[str, int]:
    """The archive: data.json, index.html in the member's language, their files. Whole, or not there."""
    member = actor.member
    rows = rows_of(ids_of_person(member))
    files = files_of(rows)
    place = file_of(row)
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_suffix(".part")
    with (
        open(part, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as out,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box,
    ):
        box.writestr("data.json", json.dumps(rows, ensure_ascii=False, indent=1))
        box.writestr("index.html", page_of(actor, row, member, rows))
        box.write(Path(carrying.__file__).with_name("page.css"), "page.css")  # the page is read without the house
        for name in files:
            with default_storage.open(name) as source:
                box.writestr(f"files/{name}", source.read())
    part.replace(place)
    return {"rows": sum(map(len, rows.values())), "files": len(files)}


def page_of(actor: Actor, row: Takeout, member: Member, rows: dict[str, Any]) -> str:
    from django.template.loader import render_to_string

    community = get_community()
    with translation.override(row.language or "en"), timezone.override(member.time_zone or (community.time_zone if community else "UTC")):
        facts = {
            "member": member,
            "community": community,
            "made_at": actor.now,
            "lang": translation.to_locale(row.language or "en").replace("_Hans", "-CN"),
        }
        return render_to_string("site/own_data.html", {**facts, **readable(member, rows)}, using="jinja2")


@quiet(passing=True)
def note_own_ready(actor: Actor, *, takeout: Takeout, counts: dict[str, int]) -> None:
    """It is whole: its owner is told."""
    Takeout.objects.filter(pk=takeout.pk).update(ready_at=actor.now, size=file_of(takeout).stat().st_size, counts=counts)
    record(Actor(None, "worker", actor.now), kinds.OWN_DATA_READY, takeout, other=takeout.member_id)

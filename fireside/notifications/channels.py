"""How a letter about notices leaves. The outbox sends at least once: killed between the mail server's yes and our note of it, the same
letter goes again under the same Message-ID, and mail programs show it once."""

import hashlib
from collections.abc import Mapping
from functools import partial
from typing import Any

from fireside.activity.actor import house
from fireside.activity.outbox import channel, sending_at
from fireside.members.channels import HEARD, post
from fireside.notifications import rules
from fireside.notifications.actions.bounces import note_outcome
from fireside.notifications.actions.departures import CHANNEL, note_skipped
from fireside.notifications.actions.digests import CHANNEL as DIGESTS
from fireside.notifications.actions.push import make_push_key, note_push
from fireside.notifications.letters import digest_letter, notice_letter, push_words
from fireside.notifications.models import Notice, PushDevice
from fireside.notifications.pushing import Gone, call
from fireside.notifications.queries.sifting import sift

PUSH = "push"


@channel(CHANNEL)
def send_notices(body: Mapping[str, Any], key: str) -> None:
    """Put together what {person, notices} may read now, and send that; or note why not."""
    actor = house("worker", now=sending_at())
    written = notice_letter(int(body["person"]), body["notices"], actor.now)
    if isinstance(written, str):
        note_skipped(actor, key=key, reason=written)
        return
    post(to=written.to, subject=written.subject, text=written.text, html=written.html, key=key, headers=written.headers)


@channel(DIGESTS)
def send_digest(body: Mapping[str, Any], key: str) -> None:
    """Put together the digest of {person, days} as it reads now, and send that; or note why not."""
    actor = house("worker", now=sending_at())
    written = digest_letter(int(body["person"]), int(body["days"]), actor.now)
    if isinstance(written, str):
        note_skipped(actor, key=key, reason=written)
        return
    post(to=written.to, subject=written.subject, text=written.text, html=written.html, key=key, headers=written.headers)


@channel(PUSH)
def send_push(body: Mapping[str, Any], key: str) -> None:
    """Call {device} of {person} about the notices of these {lines}, as far as they have not been seen and may be read now; or note why not.
    Killed in between, the same call goes again: the browser shows it in place of the first, by its tag."""
    actor, person = house("worker", now=sending_at()), int(body["person"])
    note = partial(note_push, actor, person=person, device=int(body["device"]), thing=str(body["thing"]), key=key)
    device = PushDevice.objects.filter(pk=body["device"], member=person).first()
    rows = list(Notice.objects.select_related("activity").filter(activity__in=body["lines"], member__person=person).order_by("id"))
    sifted = sift(rows, actor.now, "push")
    kept = [one for one in rows if not sifted.why_not[one.pk]]
    if device is None or not kept:
        why = "device_gone" if device is None else next((sifted.why_not[one.pk] for one in rows), "gone")
        return note(kind=rows[-1].kind if rows else "", count=len(rows), skipped=why)
    who, telling = sifted.people[person], sifted.tellings[person]
    said = partial(note, kind=kept[-1].kind, count=len(kept))
    if rules.quiet_until(actor.now, who.zone, telling.quiet_from, telling.quiet_to):
        return said(skipped="quiet")
    try:
        call(
            device,
            make_push_key(actor),
            push_words(person, kept, who.language),
            topic=hashlib.sha256(kept[-1].thing.encode()).hexdigest()[:32],
        )
    except Gone:
        return said(skipped="device_gone")
    return said(skipped="")


def hear(address: str, what: str, words: str) -> None:
    """What became of any letter, those about accounts too, counts for its address."""
    note_outcome(house("worker", now=sending_at()), address=address, what=what, words=words)


HEARD.append(hear)

"""Browsers that somebody lets us call."""

import base64
import binascii
from collections.abc import Sequence

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from py_vapid import Vapid02

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.activity.outbox import write_letter
from fireside.lib.errors import Refused
from fireside.lib.text import one_line
from fireside.members.rights import require
from fireside.notifications import rules
from fireside.notifications.models import Departure, Notice, PushDevice, PushKey
from fireside.notifications.queries.push import devices_by_person, push_key


@quiet(right="self.change")
def add_push_device(actor: Actor, *, endpoint: str, p256dh: str, auth: str, name: str = "") -> PushDevice:
    """Let the house call this browser when something concerns you and you have not seen it. The three words are what the browser gave."""
    require(actor, "self.change")
    if (obstacle := rules.why_not_endpoint(endpoint)) and not settings.PUSH_ANYWHERE:
        raise Refused(obstacle, _("This is no address of a push service."), field="endpoint")
    if (len(_bytes(p256dh)), len(_bytes(auth))) != (65, 16):
        raise Refused("keys_wrong", _("These are not the keys of a browser. Try again."), field="p256dh")
    person = actor.member.person_id or actor.member.pk
    device, _new = PushDevice.objects.update_or_create(
        endpoint=endpoint,
        defaults={"member_id": person, "p256dh": p256dh, "auth": auth, "name": one_line(name)[:80] or "?", "made_at": actor.now},
    )  # whoever signs in at a browser is the one it calls for
    old = PushDevice.objects.filter(member=person).order_by("-made_at", "-pk").values_list("pk", flat=True)[rules.PUSH_DEVICES :]
    PushDevice.objects.filter(pk__in=list(old)).delete()
    return device


@quiet(right="self.change")
def remove_push_device(actor: Actor, *, device: PushDevice) -> None:
    """Let the house no longer call a browser of yours."""
    require(actor, "self.change")
    PushDevice.objects.filter(pk=device.pk, member=actor.member.person_id or actor.member.pk).delete()


@quiet(passing=True)
def make_push_key(actor: Actor) -> PushKey:
    """The key of this house, made when it is first needed. Two who need it at once get the same."""
    if (there := push_key()) is not None:
        return there
    made = Vapid02()
    made.generate_keys()
    point = made.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    public = base64.urlsafe_b64encode(point).decode().rstrip("=")
    PushKey.objects.bulk_create([PushKey(pk=1, private=made.private_pem().decode(), public=public)], ignore_conflicts=True)
    return PushKey.objects.get(pk=1)


@quiet(passing=True)
def note_push(actor: Actor, *, person: int, device: int, kind: str, thing: str, count: int, skipped: str, key: str) -> None:
    """What became of a call; a browser that takes none any more is forgotten."""
    facts = {"member_id": person, "way": "push", "kind": kind, "thing": thing, "count": count, "at": actor.now, "skipped": skipped}
    Departure.objects.update_or_create(key=key, defaults=facts)
    if skipped == "device_gone":
        PushDevice.objects.filter(pk=device).delete()
    elif not skipped:
        PushDevice.objects.filter(pk=device).update(called_at=actor.now)


def call_browsers(actor: Actor, *, notices: Sequence[Notice]) -> None:
    """One call for each browser and thing, in a minute. Whether it is made, the channel asks then. One query where nobody may be called."""
    devices = devices_by_person(one.member_id for one in notices)
    groups: dict[tuple[int, str], list[int]] = {}
    for one in notices:
        if one.member_id in devices:
            groups.setdefault((one.member_id, one.thing), []).append(one.activity_id)
    for (person, thing), lines in groups.items():
        for device in devices[person]:
            body = {"person": person, "device": device, "lines": lines[-20:], "thing": thing}
            key = f"push.{device}.{lines[-1]}"
            write_letter(actor, channel="push", key=key, body=body, member=person, due_at=actor.now + rules.PUSH_DELAY)


def _bytes(words: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(words + "=" * (-len(words) % 4))
    except (ValueError, binascii.Error):
        return b""

"""How what is told is asked for: a part of the table in deeds.py."""

from typing import Any

from fireside.notifications.actions import add_push_device, note_bounce
from fireside.notifications.links import stop_address
from fireside.site.tests.rights.stage import Deed, No

PERSON = "people/eve"
POINT = "BDPKJv3Gt8RNlTxDEEfO8IIJ1rhxPWgVCNCw8wFqYbiZ2cqvwhWQ2q2H4H4aZ8wJ0vQ1Bqf8e8Fq7dM0ufJm0pE"
PUSHED = {"endpoint": "https://push.example.net/send/4711", "p256dh": POINT, "auth": "4DWbhIkH0Z5WmUJbNQzX4A"}
PUSH = "|".join(f"{key}={value}" for key, value in PUSHED.items())


def own_device(world: Any, who: str) -> dict[str, Any]:
    return {"device": add_push_device(world.as_(who or "ann"), **PUSHED).pk}


def stop_link(world: Any, who: str) -> dict[str, Any]:
    return {"link": stop_address(world.people["fay"].pk, "notices").rpartition("/")[2]}


def bounced(world: Any, who: str) -> None:
    note_bounce(world.as_("olu"), address="eve@example.org")


TELLING = {
    "notifications.see_notices": Deed("", "PUT notices/seen", web=No("GET /notices opens the bell.")),
    "notifications.choose_told": Deed("kind=conversation.thanked|bell=no", "PUT notices/kinds/conversation.thanked", {"bell": False},
        "notices/settings", {}),
    "notifications.read_notices": Deed("", "PUT notices/read", {}, "notices/read"),
    "notifications.change_telling": Deed("email=no", "PATCH me/telling", {"email": False}, "me/telling", {"quiet_from": "22:00", "quiet_to": "08:00"}),
    "notifications.change_community_telling": Deed("email=no", "PATCH community/telling", {"email": False}, "cockpit/departures/defaults",
        {"quiet_from": "22:00", "quiet_to": "08:00"}),
    "notifications.stop_letters": Deed("link={link}", No("A mail program sends the signed link to its own address."), web="letters/stop/{link}", first=stop_link),
    "notifications.note_bounce": Deed("address=eve@example.org|how=hard", "POST house/bounces", {"address": "eve@example.org", "how": "hard"},
        "cockpit/departures/bounces", {"address": "eve@example.org", "how": "hard"}),
    "notifications.forgive_bounces": Deed("member=eve", f"DELETE {PERSON}/bounces", web=f"{PERSON}/bounces/end",
        first=bounced),
    "notifications.add_push_device": Deed(PUSH, "POST me/push", PUSHED, "me/push", PUSHED),
    "notifications.remove_push_device": Deed("device={device}", "DELETE me/push/{device}", web="me/push/{device}/end", first=own_device),
    "notifications.mark_read": Deed("target_type=conversation.topic|ids=1", No("Pages mark what they have shown."), web=No("GET /t/TOPIC marks it.")),
}  # fmt: skip

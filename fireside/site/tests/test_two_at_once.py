"""Two windows with the same form, one sent after the other: the second gets a clear answer, and nothing is done twice or lost.

Generated from the forms that rights/deeds.py names: every page that writes.
"""

from typing import Any

import pytest

from fireside.activity.models import Activity
from fireside.site.tests.rights import doors, stage
from fireside.site.tests.rights.deeds import DEEDS
from fireside.site.tests.rights.stage import AUTHOR, ORGANISER, No, holds, rights_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
# Meant to be done as often as they are asked for. Pages send a key or a name along that makes a second sending of one form harmless;
# the deeds leave it out, as two windows have two.
AGAIN = {
    "site.erase_member",  # ordered again, with another reason: the log keeps both orders, and it is done once
    "notifications.note_bounce",  # two letters that came back are two
    "members.make_token", "members.offer_claim", "members.offer_new_password", "conversation.reply", "conversation.open_topic",
    "spaces.make_space", "conversation.begin_conversation", "conversation.write_privately",
}  # fmt: skip


def doer(name: str, deed: Any) -> str:
    """Somebody who may: the owner, else the organiser of the place, else the author of the words."""
    from fireside.activity.action import ACTIONS

    for who in ("olu", *([ORGANISER] if deed.placed else []), *([AUTHOR] if deed.own else []), "cat"):
        rights = rights_of(ACTIONS[name], deed)
        if who not in deed.but and (not rights or any(holds(right, deed, who) for right in rights)):
            return who
    return ""


def test_the_second_of_two_windows_gets_a_clear_answer_and_nothing_is_done_twice(world: Any, settings: Any) -> None:
    settings.LIMITS = False
    world = stage.set_up(world)
    wrong, tried = [], 0
    for name, deed in DEEDS.items():
        if isinstance(deed.web, No) or not (who := doer(name, deed)):
            continue
        tried += 1
        other = stage.browser(world.people[who])  # the same person at another desk
        with doors.tried_out(name):
            names = doors.prepared(world, deed, who)
            path, form = "/" + doors.filled(deed.web, names), doors.filled(deed.form, names) or {}
            first = world.browsers[who].post(path, doors.with_files(form))
            if first.status_code >= 400:
                wrong.append(f"{name}: the first window got {first.status_code}")
                continue
            before = Activity.objects.count()
            second = other.post(path, doors.with_files(form))
            lines = Activity.objects.count() - before
            if second.status_code >= 500:
                wrong.append(f"{name}: {second.status_code}")
            if lines and name not in AGAIN:
                wrong.append(f"{name}: done twice, {lines} more lines of the log")
            if second.status_code >= 400:
                page = second.content.decode()
                if not (second.headers.get("X-Refusal") or 'role="alert"' in page or "aria-invalid" in page or "note bad" in page):
                    wrong.append(f"{name}: {second.status_code} and not a word why")
                if second.status_code == 422 and not all(
                    str(word) in page for word in form.values() if isinstance(word, str) and len(word) > 5
                ):
                    wrong.append(f"{name}: what was written is gone")
    assert not wrong, "\n".join(wrong)
    assert tried > 50

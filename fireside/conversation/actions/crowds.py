"""Telling those who watch a topic or a space. Many are told in batches, each with its place in one commit: nobody is passed by or told twice."""

from collections.abc import Sequence

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.activity.models import Activity
from fireside.conversation.models import Crowd
from fireside.conversation.queries.following import watched_among, watchers
from fireside.notifications.actions import tell_members

AT_ONCE = 1000  # people told in one transaction


@quiet(passing=True)
def tell_watchers(actor: Actor, *, lines: Sequence[Activity]) -> int:
    """Tell those who watch where these posts stand. Beyond the first thousand of all, the rest is left to `tell_rest`. Returns how many were told.

    Two queries while nobody watches; two more for each post that is watched.
    """
    watched = watched_among(lines)
    room, wanted = AT_ONCE, dict[Activity, set[int]]()
    for line in lines:
        if line.pk not in watched:
            continue
        ids = watchers(line, after=0, limit=room + 1) if room else []
        wanted[line] = set(ids[:room])
        if len(ids) > room or not room:
            Crowd.objects.get_or_create(activity=line, defaults={"after": ids[room - 1] if room else 0})
            room = 0
        room -= min(len(ids), room)
    return tell_members(actor, wanted=wanted)


@quiet(passing=True)
def tell_rest(actor: Actor) -> bool:
    """Tell the next thousand of the watchers of one post. Returns whether there was anything to do."""
    crowd = Crowd.objects.select_for_update(of=("self",)).select_related("activity").order_by("activity_id").first()
    if crowd is None:
        return False
    ids = watchers(crowd.activity, after=crowd.after, limit=AT_ONCE)
    tell_members(actor, wanted={crowd.activity: set(ids)})
    if len(ids) < AT_ONCE:
        crowd.delete()
    else:
        crowd.after = ids[-1]
        crowd.save(update_fields=["after"])
    return True

"""Names of topics at the source: which of them goes on with which topic here."""

from collections.abc import Mapping, Sequence

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.connectors.models import ImportRun, Renamed
from fireside.connectors.rules.renames import Known, follow
from fireside.conversation.queries import posts_of_source, topics_of_source
from fireside.members.rights import require


@quiet(right="history.bring_in")
def follow_names(actor: Actor, *, source: str, said: Mapping[str, Sequence[str]], kept_to: Mapping[str, int]) -> dict[str, str]:
    """The topic of each name of an archive, given as name -> its first messages, and noted for archives to come.

    `kept_to`: name -> the space of a private channel. What is said there never goes on in a topic of another space.
    """
    require(actor, "history.bring_in")
    if not ImportRun.objects.filter(source=source, imported__gt=0).exists():
        return {name: name for name in said}
    here = posts_of_source(source, [message for some in said.values() for message in some])
    noted = dict(Renamed.objects.filter(source=source).values_list("name", "topic"))
    there = topics_of_source(source, sorted({*said, *noted.values()}))
    for name in noted.keys() & kept_to.keys():  # noted while its channel was open
        if noted[name] in there and there[noted[name]].space_id != kept_to[name]:
            del noted[name]
    known = {
        name: [
            Known(here[one].topic, here[one].at, here[one].opens)
            for one in some
            if one in here and kept_to.get(name, here[one].space_id) == here[one].space_id
        ]
        for name, some in said.items()
    }
    found, news = follow({name: some[0] for name, some in said.items()}, known, noted, there)
    rows = [Renamed(source=source, name=name, topic=topic, at=actor.now) for name, topic in sorted(news.items())]
    Renamed.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["source", "name"], update_fields=["topic", "at"]
    )
    return found

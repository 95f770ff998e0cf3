"""What the first reading of a file of acts tells: who and what it speaks of, before anything is brought in."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from fireside.connectors.rules.bots import Verdict
from fireside.connectors.rules.events import SAID, SECOND, Event
from fireside.conversation.queries import Here


@dataclass(slots=True)
class FirstReading:
    """What the first reading tells."""

    records: int = 0
    people: dict[str, Event] = field(default_factory=dict)  # person -> an act that names them
    first: dict[str, datetime] = field(default_factory=dict)
    began: dict[str, datetime] = field(default_factory=dict)  # space -> first act
    topics: dict[str, tuple[str, str]] = field(default_factory=dict)  # topic -> space, title
    inside: dict[tuple[str, str], datetime] = field(default_factory=dict)
    spoke: dict[tuple[str, str], datetime] = field(default_factory=dict)  # (topic, person) without a word on the place
    here: dict[str, Here] = field(default_factory=dict)  # topics of earlier files
    joins: dict[str, str] = field(default_factory=dict)  # person -> where the first line stands that says they joined
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    only: dict[str, set[str]] = field(default_factory=dict)  # person -> topics without a place (yet), if nothing else speaks of them

    def note(self, one: Event) -> None:
        had = self.people.get(one.actor)
        if had is None:
            self.people[one.actor] = replace(one, raw=None, text="")
        elif (one.actor_name and not had.actor_name) or (one.is_bot and not had.is_bot) or (one.actor_email and not had.actor_email):
            self.people[one.actor] = replace(
                had,
                actor_name=had.actor_name or one.actor_name,
                actor_email=had.actor_email or one.actor_email,
                is_bot=had.is_bot or one.is_bot,
            )
        if one.kind in SAID and not one.space and (had is None or one.actor in self.only):
            self.only.setdefault(one.actor, set()).add(one.topic)
        else:
            self.only.pop(one.actor, None)
        self.first[one.actor] = min(one.at, self.first.get(one.actor, one.at))
        if one.topic:
            space, title = self.topics.get(one.topic, ("", ""))
            self.topics[one.topic] = (space or one.space, (one.title if one.kind != "replied" else "") or title or one.title)
        if one.kind == "joined" and not one.space:
            self.joins.setdefault(one.actor, one.raw.place)
        if one.space:
            self.began[one.space] = min(one.at, self.began.get(one.space, one.at))
        if one.kind not in SECOND and (one.space or one.topic):
            table, where = (self.inside, one.space) if one.space else (self.spoke, one.topic)
            table[where, one.actor] = min(one.at, table.get((where, one.actor), one.at))

    def forget_what_has_no_place(self) -> None:
        """Topics of which no line says where they are; their lines are left out, and so is whoever did nothing else."""
        lost = {topic for topic, (space, _title) in self.topics.items() if not space and topic not in self.here}
        for topic in lost:
            del self.topics[topic]
        for person, where in self.only.items():
            if where <= lost:
                del self.people[person]

"""A planned act, done: each verb calls the real action of its app, at its moment, as its person."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from fireside.activity.actor import Actor
from fireside.conversation import actions as conversation
from fireside.conversation.queries import get_numbered, get_post
from fireside.members import actions as members
from fireside.members.queries import find_member, the_owner
from fireside.site.demo.acts import Act
from fireside.site.demo.planning import Planner
from fireside.site.demo.world import BY_KEY, LANGUAGE_OF, NAME, OWNER, PURPOSE, ZONE, ZONE_OF
from fireside.spaces import actions as places
from fireside.spaces.queries import find_space, get_ask

KEPT = ("spaces", "topics", "posts", "asks", "talks")


class Ref(NamedTuple):
    """What the actions of talk need to know of a post that is not in memory."""

    pk: int
    topic_id: int


class Doer:
    """Knows which rows the plan's people, spaces, topics and posts have become; `marks` is what a resumed run needs of that."""

    def __init__(self, actor: Actor, planner: Planner, marks: dict[str, Any]) -> None:
        self.actor, self.planner = actor, planner
        self.ids: dict[str, dict[str, int]] = defaultdict(dict, {kind: dict(marks.get(kind, {})) for kind in KEPT})
        self.rows: dict[tuple[str, str], Any] = {}

    def marks(self) -> dict[str, Any]:
        """Copies: a batch that is rolled back must not show in what was kept before it."""
        return {kind: dict(self.ids[kind]) for kind in KEPT}

    def do(self, act: Act) -> None:
        getattr(self, f"_{act.verb}")(act.at, act.who, **act.what)

    # ── rows ──
    def keep(self, kind: str, key: Any, row: Any) -> Any:
        self.ids[kind][str(key)] = row.pk
        self.rows[(kind, str(key))] = row
        return row

    def person(self, who: int) -> Any:
        """The member, from memory or (after a resume) by their handle."""
        found = self.rows.get(("people", str(who)))
        if found is None:
            found = the_owner() if who == 0 else find_member(self.visitor(self.actor.now), self.planner.people[who].handle)
            self.rows[("people", str(who))] = found
        return found

    def space(self, key: str) -> Any:
        found = self.rows.get(("spaces", key))
        if found is None:
            kept = self.ids["spaces"].get(key)  # the address of a hidden space is not the one in the plan
            found = self.rows[("spaces", key)] = find_space(self.person(0), str(kept) if kept else BY_KEY[key].slug)
        return found

    def ask(self, key: str) -> Any:
        found = self.rows.get(("asks", key))
        return found if found is not None else get_ask(self.person(0), str(self.ids["asks"][key]))

    def topic(self, number: int) -> Any:
        """Its id: the actions of talk load it themselves, locked."""
        return self.ids["topics"][str(number)]

    def post(self, ref: tuple[int, int]) -> Any:
        """A post, or what the actions need to find it."""
        key = f"{ref[0]}:{ref[1]}"
        return self.rows.get(("posts", key)) or Ref(self.ids["posts"][key], self.ids["topics"][str(ref[0])])

    def replied_to(self, who: int, ref: tuple[int, int] | None) -> Any:
        if ref is None:
            return None
        post = self.post(ref)
        return get_post(self.person(who), post.pk) if isinstance(post, Ref) else post

    def as_(self, who: int, at: datetime) -> Actor:
        return replace(self.actor, who=self.person(who), via="sample", now=at)

    def visitor(self, at: datetime) -> Actor:
        return replace(self.actor, who=None, via="sample", now=at)

    # ── people ──
    def _found(self, at: datetime, who: int) -> None:
        members.set_up_community(
            self.visitor(at), name=NAME, purpose=PURPOSE, kind="product", languages=["zh-hans", "en"], time_zone=ZONE, owner_name=OWNER.name,
            owner_email="ann@sample.invalid", is_sample=True,
        )  # fmt: skip
        members.change_profile(self.as_(who, at), about=OWNER.about, language="", time_zone=ZONE)
        self.keep("people", who, the_owner())

    def _arrive(self, at: datetime, who: int, why: str = "", about: str = "") -> None:
        person = self.planner.people[who]
        named = person.named
        member = members.join_community(
            self.visitor(at), name=person.name, handle=person.handle, language=LANGUAGE_OF[person.language], time_zone=ZONE_OF[person.language],
            email=f"{person.handle}@sample.invalid" if person.is_staff else None, about=named.about if named else about, why=why,
            is_sample=True,
        )  # fmt: skip
        self.keep("people", who, member)

    def _role(self, at: datetime, who: int, person: int, role: str) -> None:
        self.keep("people", person, members.change_role(self.as_(who, at), member=self.person(person), role=role))

    def _bot(self, at: datetime, who: int, person: int) -> None:
        self.keep("people", person, members.mark_bot(self.as_(who, at), member=self.person(person), reason="operator"))

    # ── places ──
    def _space(self, at: datetime, who: int, space: str) -> None:
        place = BY_KEY[space]
        parent = self.space(place.parent) if place.parent else None
        made = places.make_space(
            self.as_(who, at), name=place.name, openness=place.openness, parent=parent, about=place.about, icon=place.icon, slug=place.slug
        )
        self.keep("spaces", space, made)

    def _group(self, at: datetime, who: int, space: str) -> None:
        self.keep("spaces", space, places.make_group(self.as_(who, at), space=self.space(space)))

    def _organise(self, at: datetime, who: int, space: str, person: int) -> None:
        places.make_organiser(self.as_(who, at), space=self.space(space), member=self.person(person))

    def _join(self, at: datetime, who: int, space: str) -> None:
        places.join_space(self.as_(who, at), space=self.space(space))

    def _leave(self, at: datetime, who: int, space: str) -> None:
        places.leave_space(self.as_(who, at), space=self.space(space))

    def _bring_in(self, at: datetime, who: int, space: str, person: int) -> None:
        places.bring_in(self.as_(who, at), space=self.space(space), member=self.person(person))

    def _ask_in(self, at: datetime, who: int, space: str, words: str) -> None:
        self.keep("asks", f"{space}:{who}", places.ask_to_join(self.as_(who, at), space=self.space(space), words=words))

    def _let_in(self, at: datetime, who: int, space: str, person: int) -> None:
        places.let_in(self.as_(who, at), ask=self.ask(f"{space}:{person}"))

    def _turn_down(self, at: datetime, who: int, space: str, person: int, reason: str) -> None:
        places.turn_down(self.as_(who, at), ask=self.ask(f"{space}:{person}"), reason=reason)

    # ── talk ──
    def _open(self, at: datetime, who: int, topic: int, space: str, title: str, text: str, asks: bool, tags: Sequence[str] = ()) -> None:
        made = conversation.open_topic(self.as_(who, at), space=self.space(space), title=title, text=text, asks=asks, tags=tags)
        self.keep("topics", topic, made)
        self.ids["posts"][f"{topic}:1"] = first_post(made)

    def _reply(
        self, at: datetime, who: int, topic: int, number: int, text: str, to: tuple[int, int] | None, cup: int | None = None
    ) -> None:
        if cup is not None:
            from fireside.site.demo.cups import cup as draw_cup  # it loads what draws pictures

            picture = conversation.share_file(self.as_(who, at), file=draw_cup(cup), name="cup.png")
            text = f"{text}\n\n![☕](/files/{picture.pk})"
        post = conversation.reply(
            self.as_(who, at), topic=self.topic(topic), text=text, reply_to=self.replied_to(who, to),
        )  # fmt: skip
        self.keep("posts", f"{topic}:{number}", post)

    # ── privately ──
    def _begin(self, at: datetime, who: int, talk: int, people: Sequence[int], title: str, text: str) -> None:
        others = [self.person(one) for one in people]
        self.keep("talks", talk, conversation.begin_conversation(self.as_(who, at), people=others, title=title, text=text))

    def _say(self, at: datetime, who: int, talk: int, text: str) -> None:
        begun: Any = self.ids["talks"][str(talk)]
        conversation.write_privately(self.as_(who, at), topic=begun, text=text)

    # ── signs ──
    def _react(self, at: datetime, who: int, post: tuple[int, int], sign: str) -> None:
        conversation.react(self.as_(who, at), post=self.post(post), sign=sign)

    def _helped(self, at: datetime, who: int, post: tuple[int, int]) -> None:
        conversation.say_helped(self.as_(who, at), post=self.post(post))

    def _accept(self, at: datetime, who: int, post: tuple[int, int]) -> None:
        conversation.accept_answer(self.as_(who, at), post=self.post(post))

    def _edit(self, at: datetime, who: int, post: tuple[int, int], text: str, reason: str) -> None:
        conversation.edit_post(self.as_(who, at), post=self.post(post), text=text, reason=reason)

    def _remove(self, at: datetime, who: int, post: tuple[int, int], reason: str) -> None:
        conversation.remove_post(self.as_(who, at), post=self.post(post), reason=reason)

    def _pin(self, at: datetime, who: int, topic: int, days: int) -> None:
        conversation.pin_topic(self.as_(who, at), topic=self.topic(topic), until=(at + timedelta(days=days)).date())

    def _close(self, at: datetime, who: int, topic: int) -> None:
        conversation.close_topic(self.as_(who, at), topic=self.topic(topic))


def first_post(topic: Any) -> int:
    """The id of a topic's own words."""
    return int(get_numbered(topic.author, topic, 1).pk)

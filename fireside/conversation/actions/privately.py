"""Private conversations: beginning one, writing in it, saying whether one wants it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.conversation import kinds
from fireside.conversation import rules as words
from fireside.conversation.actions._steps import dress, lock_topic, name_first, recount, refuse, written
from fireside.conversation.actions.files import hold_files
from fireside.conversation.actions.following import note_spoken
from fireside.conversation.actions.talking import said_before
from fireside.conversation.models import Participant, Post, Topic
from fireside.conversation.pacing import is_new_here, keep_pace, links_in
from fireside.conversation.pacing.asking import when
from fireside.conversation.privately import rules
from fireside.conversation.privately.reaching import met_before, room_for_contacts, ways_to
from fireside.conversation.queries.privately import others_in
from fireside.lib.errors import Refused, TooSoon
from fireside.lib.hold import hold_one
from fireside.lib.ready import add, change
from fireside.lib.text import straight
from fireside.members.models import Member
from fireside.members.queries import traces_of, who_blocked
from fireside.members.rights import require
from fireside.spaces.queries import person_id

IN, ASKED, DECLINED = Participant.State.IN, Participant.State.ASKED, Participant.State.DECLINED
REFUSALS = {
    "nobody_chosen": _("Choose whom to write to."),
    "many_people": _("Twenty take part in a private conversation at most. A group space holds more."),
    "no_name": _("Give a conversation of several a name, so that everybody finds it again."),
    "unreachable": _("%(name)s cannot be reached by a private message."),
    "waits_for_them": _("They have not answered yet. You can go on as soon as they do."),
    "nobody_left": _("Nobody else is in this conversation any more. Begin another one."),
    "first_words_only": _("They do not know you yet: the first message of a new member holds words, no links and no files."),
}
CONTACTS_FULL = _(
    "You turned to %(limit)s people for the first time within a day, which is as many as you can for now. You can write to others in %(when)s."
)


@action(right="talk.private")
def begin_conversation(actor: Actor, *, people: list[Member], text: str, title: str = "", key: str = "") -> Topic:
    """Write privately to one member or to several (then it has a `title`). With one and without a title it goes on where you two left off.

    Whom you share no space with is asked first whether they want it. `key` is made once by the form: sent twice, it speaks once.
    """
    require(actor, "talk.private")
    source = actor.form_source(key)
    if source and (before := said_before(source, key)):
        return already(before.topic)
    me, title = person_id(actor.member), straight(title)
    persons = list(dict.fromkeys(person_id(one) for one in people if person_id(one) != me))
    _refuse(rules.why_not_begin(people=len(persons), title=title))
    refuse(words.why_not_title(title) if title else "")
    hold_one("private", actor.member.pk)  # those whom one turns to are counted one act after another
    pair = rules.pair_of(me, persons[0]) if len(persons) == 1 and not title else None
    if pair and (there := Topic.objects.filter(pair=pair).first()) is not None:
        _go_on(actor, there, text, key)
        return there
    ways = ways_to(actor, persons)
    _reach(people, ways)
    try:
        with transaction.atomic():
            topic = add(Topic(
                author=actor.member, title=title, asks=False, is_chat=True, pair=pair, opened_at=actor.now,
                last_post_at=actor.now, last_author=actor.member, posts_count=0, last_number=0,
            ))  # fmt: skip
    except IntegrityError:  # the other one began in the same instant
        there = Topic.objects.get(pair=pair)
        _go_on(actor, there, text, key)
        return there
    add(Participant(topic=topic, member=actor.member, state=IN, since=actor.now, last_at=actor.now))
    bring_in(actor, topic, ways)
    _say(actor, topic, text, None, key)
    return topic


@action(right="talk.private")
def write_privately(actor: Actor, *, topic: Topic, text: str, reply_to: Post | None = None, key: str = "") -> Post:
    """Write in a private conversation that you take part in, perhaps in answer to one message. Whoever was asked and writes accepts by that."""
    require(actor, "talk.private")
    source = actor.form_source(key)
    if source and (before := said_before(source, key)):
        return already(before)
    topic = lock_talk(actor, topic)
    return _go_on(actor, topic, text, key, reply_to=reply_to)


@action(right="talk.private")
def accept_conversation(actor: Actor, *, topic: Topic) -> Topic:
    """Take part in a private conversation that you were asked to. Whoever asked can go on then."""
    require(actor, "talk.private")
    topic = lock_talk(actor, topic)
    if not _mine(actor, topic).filter(state=ASKED).update(state=IN):
        return already(topic)
    record(actor, kinds.TALK_JOINED, topic)
    return topic


@action(right="talk.private")
def decline_conversation(actor: Actor, *, topic: Topic) -> Topic:
    """Say no to a private conversation that you were asked to. Nobody is told; whoever asked goes on waiting."""
    require(actor, "talk.private")
    topic = lock_talk(actor, topic)
    if not _mine(actor, topic).filter(state=ASKED).update(state=DECLINED, unread=False):
        raise Refused("not_asked", _("You take part in this conversation. You can leave it, or archive it."))
    record(actor, kinds.TALK_DECLINED, topic)
    return topic


def remove_reported(actor: Actor, *, post: Post, reason: str) -> Post:
    """Take a reported message out of sight, for whoever decided so: a step of that act, which has asked whether they may. Its author is told."""
    topic = Topic.objects.select_for_update(of=("self",)).get(pk=post.topic_id, space__isnull=True)
    found = Post.objects.select_for_update(of=("self",)).select_related("author").get(pk=post.pk)
    if found.removed_at is None:
        found.removed_at, found.removed_by, found.removed_reason = actor.now, actor.who, reason
        found.save(update_fields=["removed_at", "removed_by", "removed_reason"])
        recount(topic)
        record(actor, kinds.TALK_REMOVED, found, parent=topic, other=found.author_id, reason=reason)
    return found


def lock_talk(actor: Actor, topic: Topic) -> Topic:
    """A private conversation that the actor takes part in, locked. What stands in a space is none."""
    found = lock_topic(actor, topic, private_too=True)
    if found.space_id is not None:
        raise Refused("not_private", _("This stands in a space. Reply to it there."))
    return found


def bring_in(actor: Actor, topic: Topic, ways: Mapping[int, rules.How]) -> None:
    """These persons take part from now on, or are asked to. Those whom the actor never wrote to count for the day."""
    met = met_before(actor.member, ways)
    strangers = [one for one in ways if one not in met]
    left, most, wait = room_for_contacts(actor) if strangers else (0, 0, 0)
    if len(strangers) > left and actor.via in {"web", "json"} and not actor.member.is_staff_role:
        raise TooSoon("contacts_full", CONTACTS_FULL % {"limit": most, "when": when(max(wait, 1))}, wait=wait)
    for one, how in ways.items():
        add(Participant(
            topic=topic, member_id=one, state=IN if how == "in" else ASKED, by=actor.member, since=actor.now, first=one in strangers,
            last_at=actor.now, unread=True,
        ))  # fmt: skip


def _reach(people: Sequence[Member], ways: Mapping[int, rules.How]) -> None:
    for one in people:
        if ways.get(person_id(one)) == "no":
            raise Refused("unreachable", REFUSALS["unreachable"] % {"name": one.name}, field="to")


def _go_on(actor: Actor, topic: Topic, text: str, key: str, *, reply_to: Post | None = None) -> Post:
    """Say something in a conversation that stands: whoever was asked, or said no, is in it by that."""
    topic = Topic.objects.select_for_update(of=("self",)).select_related("author").get(pk=topic.pk)
    source = actor.form_source(key)
    if source and (before := said_before(source, key)):
        return already(before)
    others = others_in(actor.member, topic)
    pair = topic.pair is not None
    reached = not pair or ways_to(actor, [person_id(one.member) for one in others]).get(person_id(others[0].member)) != "no"
    obstacle = rules.why_not_write(others=[one.state for one in others], pair=pair, reached=reached)
    if obstacle == "unreachable":
        raise Refused(obstacle, REFUSALS[obstacle] % {"name": others[0].member.name})
    _refuse(obstacle)
    _mine(actor, topic).filter(state__in=[ASKED, DECLINED]).update(state=IN)
    return _say(actor, topic, text, reply_to, key)


def _say(actor: Actor, topic: Topic, text: str, reply_to: Post | None, key: str) -> Post:
    refuse("elsewhere" if reply_to is not None and reply_to.topic_id != topic.pk else "")
    text, parsed = written(text)
    post = Post(
        topic=topic, author=actor.member, number=topic.last_number + 1, reply_to=reply_to, at=actor.now, source_text=text,
        source=actor.form_source(key), external_id=key or None,
    )  # fmt: skip
    called, _roles, files = dress(actor, post, parsed)
    others = others_in(actor.member, topic)
    told = {one.member_id: one.state for one in others if one.state in (IN, ASKED)}
    if ASKED in told.values() and IN not in told.values() and (files or links_in(post)) and is_new_here(actor):
        _refuse("first_words_only")
    here = {person_id(one.member) for one in others if one.state == IN}
    named = [pk for pk in called if pk in here]
    keep_pace(actor, None, post=post, named=named, topic=topic)
    add(post)
    name_first(post, named)
    hold_files(post, files)
    change(
        "UPDATE conversation_topic SET posts_count = posts_count + 1, last_number = %s, last_post_at = %s, last_author_id = %s WHERE id = %s",
        post.number, actor.now, actor.member.pk, topic.pk,
    )  # fmt: skip
    topic.last_number = post.number
    note_spoken(actor, topic, post.number)
    taking = Participant.objects.filter(topic=topic, state__in=[IN, ASKED])
    taking.update(last_at=actor.now, archived_at=None)
    deaf = who_blocked({person_id(one.member) for one in others}, actor.member)
    taking.exclude(member__in=traces_of(actor.member)).exclude(member__person_id__in=deaf).update(unread=True)
    kind = kinds.TALK_SAID if IN in told.values() else kinds.TALK_ASKED
    wanted = [pk for pk, state in told.items() if state == IN or kind is kinds.TALK_ASKED]
    data: dict[str, Any] = {"mentioned": named} if named else {}
    record(actor, kind, post, parent=topic, told=wanted, number=post.number, **data)
    return post


def _mine(actor: Actor, topic: Topic) -> QuerySet[Participant]:
    return Participant.objects.filter(topic=topic, member__in=traces_of(actor.member))


def _refuse(obstacle: str) -> None:
    if obstacle:
        raise Refused(obstacle, REFUSALS[obstacle])

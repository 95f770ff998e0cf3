"""Steps that several actions of talk take: seeing, locking, refusing, counting."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fireside.activity.actor import Actor
from fireside.conversation import markup, rules
from fireside.conversation.actions.files import files_to_hold
from fireside.conversation.models import Mention, Post, Topic
from fireside.conversation.queries.calling import ids_called, roles_among
from fireside.conversation.queries.sight import is_own, own_talks
from fireside.lib.bulk import insert
from fireside.lib.errors import NotAllowed, NotFound, Refused
from fireside.lib.ready import Ready
from fireside.lib.text import plain
from fireside.members.rights import require
from fireside.spaces.actions import join_space
from fireside.spaces.queries import belongs, may_read, require_in

REFUSALS = {
    "no_title": _("Give it a title: one line that says what it is about."),
    "long_title": _("A title holds 200 characters. Shorten it and put the rest below."),
    "no_text": _("There are no words yet. Write something first."),
    "long_text": _("A post holds 40,000 characters. Split it in two, or leave out what nobody needs."),
    "too_deep": _("Quotes or lists are nested too deeply here. Take out the innermost ones."),
    "no_reason": _("Say why: the one who wrote it will read your reason."),
    "long_reason": _("A reason holds 300 characters. Shorten it."),
    "own_post": _("These are your own words. Thanks and “this helped me” are for those of others."),
    "bot_post": _("A program wrote this. “This helped me” is for people; you can still thank."),
    "post_removed": _("This post has been removed."),
    "asks_nothing": _("This topic asks nothing, so no answer can be accepted."),
    "has_answer": _("An answer is accepted here, so it was a question. Withdraw the answer first."),
    "is_the_question": _("This is the question itself. Choose one of the replies."),
    "others_replied": _("Others have replied, and their words stand here too. Close the topic, or ask an organiser to remove it."),
    "closed": _("This topic is closed. Open a new one and link to this."),
    "archived": _("This space is closed. What was said stays readable; talk goes on elsewhere."),
    "already_accepted": _("Another answer is accepted already. Withdraw that first, then choose this one."),
    "edited_meanwhile": _("Somebody edited this post while you were writing. Your words are kept below: compare, then save again."),
    "newcomer_calls_role": _("You have only just come: of the roles you can call @organisers."),
    "call_many": _("This calls %(people)s people. If you mean it, send it once more."),
    "unknown_level": _("Choose one of: watch, follow, normal, mute."),
    "unknown_wish": _("Choose one of: everyone, spaces, nobody."),
    "unknown_sign": _("Choose one of: heart, agree, smile, star."),
    "not_own_removal": _("An organiser removed this post. Ask them to restore it."),
    "elsewhere": _("The post you answer is not in this topic."),
    "title_of_reply": _("Only a topic has a title, a reply has none."),
    "many_tags": _("A topic carries five tags at most. Leave out the least telling ones."),
    "long_tag": _("A tag holds 30 characters. Shorten it."),
    "no_tag": _("Write one name for the tag."),
    "tag_there": _("The space has a tag of that name already. Merge the two."),
    "same_tag": _("That is the same tag. Choose another one."),
    "no_such_tag": _("The space has no such tag."),
    "pins_full": _("Three topics are pinned here already. Unpin one of them first."),
    "pin_place": _("Choose one of the places 1 to 3."),
    "pin_past": _("That day has passed. Choose today or a later one, or none."),
    "no_posts": _("Choose at least one post that stands."),
    "moved_meanwhile": _("Some of these posts stand in another topic by now. Look again, then choose anew."),
    "is_opening": _("The first post stays: without it the topic would have no beginning. Move the topic as a whole instead."),
    "splits_answer": _("The accepted answer is among these posts. Leave it with its question, or withdraw the acceptance first."),
    "same_topic": _("That is the same topic. Choose another one."),
    "older": _("The other topic was opened later. Merge that one into this one instead."),
    "too_many_posts": _("More than 5,000 posts are not moved at once. Close the topic, and link to the other one."),
    "merged_meanwhile": _("One of the two has been merged meanwhile. Look again."),
    "not_merged": _("Nothing here was merged from that topic."),
    "close_past": _("That day has passed. Choose today or a later one, or none to close it now."),
    "reopen_past": _("It would open again before it closes. Choose a later day, or none."),
    "long_note": _("A note holds 300 characters. Shorten it."),
    "later_full": _("You keep 2,000 posts for later. Let some go first."),
    "drafts_full": _("You keep nine drafts for this place already. Drop one first."),
}


def refuse(obstacle: str, **facts: Any) -> None:
    """Refuse when there is an obstacle."""
    if obstacle:
        raise Refused(obstacle, REFUSALS[obstacle], **facts)


_TOPIC = Ready(lambda pk: Topic.objects.select_related("space", "author").select_for_update(of=("self",)).filter(pk=pk))
_POST = Ready(
    lambda pk, topic: Post.objects.select_related("author").select_for_update(of=("self",)).filter(pk=pk, topic_id=topic),
)  # fmt: skip


def lock_topic(actor: Actor, topic: Any, *, removed_too: bool = False, private_too: bool = False) -> Topic:
    """The topic as it is now, locked, if the actor may see it and it stands. A private conversation is there only for what says
    `private_too`, and then for those who take part: what is done to topics of spaces is not done to those."""
    pk = getattr(topic, "pk", topic)
    found = _TOPIC.first(pk) if 0 < pk < 2**63 else None
    if found is not None and found.merged_into_id is not None:
        return lock_topic(actor, found.merged_into_id, removed_too=removed_too)
    if found is None or (found.removed_at is not None and not removed_too):
        raise NotFound()
    if not (may_read(actor.who, found.space) if found.space_id else private_too and own_talks(actor.who).filter(topic=found).exists()):
        raise NotFound()
    return found


def lock_post(actor: Actor, post: Any, *, removed_too: bool = False, private_too: bool = False) -> tuple[Topic, Post]:
    """The post with its topic, the topic locked first (always in this order, so nobody waits in a circle)."""
    topic_id = getattr(post, "topic_id", None) or Post.objects.filter(pk=post).values_list("topic_id", flat=True).first() or 0
    pk = getattr(post, "pk", post)
    topic = lock_topic(actor, topic_id, removed_too=removed_too, private_too=private_too)
    found = _POST.first(pk, topic.pk)
    if found is None:
        now_in = Post.objects.filter(pk=pk).values_list("topic_id", flat=True).first()
        if now_in is None or now_in == topic.pk:
            raise NotFound()
        return lock_post(actor, pk, removed_too=removed_too, private_too=private_too)  # put into another topic while we waited
    found.topic = topic
    return topic, found


def lock_two(actor: Actor, one: Topic, other: Topic) -> tuple[Topic, Topic]:
    """Both topics as they are now. The younger one is locked first, as by whoever follows a topic to what it was merged into: so
    nobody waits in a circle."""
    refuse("same_topic" if one.pk == other.pk else "")
    found = {
        topic.pk: _TOPIC.first(topic.pk) for topic in sorted((one, other), key=lambda topic: (topic.opened_at, topic.pk), reverse=True)
    }
    for topic in found.values():
        if topic is None or topic.space_id is None or not may_read(actor.who, topic.space):
            raise NotFound()
        refuse("merged_meanwhile" if topic.merged_into_id is not None else "")
        if topic.removed_at is not None:
            raise NotFound()
    first, second = found[one.pk], found[other.pk]
    assert first is not None and second is not None
    return first, second


def enter(actor: Actor, space: Any) -> None:
    """Whoever writes in an open space joins it by that act; a closed door says how to come in."""
    if space.archived_at is not None:
        refuse("archived")
    require_in(actor, "talk.write", space)
    if not belongs(actor.member, space):
        join_space(actor, space=space)


def require_tidy_or_own(actor: Actor, post: Post | Topic, space: Any) -> bool:
    """Go on if the actor wrote it or tidies here. Returns whether they wrote it."""
    own = not actor.is_house and is_own(actor.member, post)
    if own:
        require(actor, "talk.change_own", author=True)
    elif space is None:
        raise NotAllowed("not_yours", _("In a private conversation everybody changes only their own words."))
    else:
        require_in(actor, "talk.tidy", space)
    return own


def written(text: str) -> tuple[str, markup.Parsed]:
    """Words as they are kept, and understood; refuses what cannot be a post."""
    text = plain(text)
    refuse(rules.why_not_text(text))
    parsed = markup.parse(text)
    refuse("too_deep" if parsed.too_deep else "")
    return text, parsed


def dress(actor: Actor, post: Post, parsed: markup.Parsed) -> tuple[list[int], list[str], markup.Files]:
    """Give the post its HTML. Returns whom it names, themselves left out, which roles it calls, and the files that it shows."""
    files = files_to_hold(actor, post, parsed.files)
    post.html, named = markup.render(parsed, ids_called(parsed.names), files)
    post.rendered = markup.VERSION
    members = [pk for pk in named if pk > 0 and pk not in {post.author_id, post.author.person_id}]
    return members[: rules.MENTIONS_MAX], roles_among(named), files


def name_members(post: Post, named: list[int]) -> list[int]:
    """Keep whom the post names. Returns those who were not named before."""
    before = set(Mention.objects.filter(post=post).values_list("member_id", flat=True))
    Mention.objects.filter(post=post).exclude(member__in=named).delete()
    new = [pk for pk in named if pk not in before]
    name_first(post, new)
    return new


def name_first(post: Post, named: list[int]) -> None:
    """Keep whom a post names that named nobody before."""
    insert("conversation_mention", ("post_id", "member_id"), [(post.pk, pk) for pk in named], unless_there=True)


def replies_by_others(topic: Topic) -> Any:
    """Standing replies by another person than the asker, bots left out, in order: the first one answers."""
    return Post.objects.filter(
        ~Q(author__person_id=topic.author.person_id), topic=topic, removed_at__isnull=True, joined__isnull=True, author__is_bot=False
    ).order_by("at", "id")


def recount(topic: Topic) -> None:
    """What follows from which posts stand: their number, the last word, the first answer."""
    standing = Post.objects.filter(topic=topic, removed_at__isnull=True)
    topic.posts_count = standing.count()
    last = standing.order_by("-at", "-id").values_list("at", "author_id").first()
    if last:
        topic.last_post_at, topic.last_author_id = last
    topic.answered_at = replies_by_others(topic).values_list("at", flat=True).first()
    topic.save(update_fields=["posts_count", "last_post_at", "last_author", "answered_at"])

"""What the log says of talk. target = the post (for a topic: its first post); parent = the topic; other = whom it concerns."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from fireside.activity.kinds import Kind


def _concerned(activity: Any) -> list[int]:
    """The other member of the line, whoever it names or calls, and (`also`) whose topic it is when the reply speaks to somebody else."""
    return [pk for pk in [activity.other_id, *_called(activity), *activity.data.get("also", [])] if pk]


def _called(activity: Any) -> list[int]:
    """Whom a post names, and whom it calls by their role."""
    return [*activity.data.get("mentioned", []), *activity.data.get("called", [])]


ASKED = Kind(
    "conversation.asked", _("{actor} asked “{title}”"), core="participate", merit=2, audience=_concerned, calls=_called, forget=("title",)
)
OPENED = Kind(
    "conversation.opened", _("{actor} opened “{title}”"), core="share", merit=3, audience=_concerned, calls=_called, forget=("title",)
)
ASKED_EARLIER = Kind(
    "conversation.asked_earlier", _("{actor} asked “{title}”: so an older part of the history says"), counts=False, forget=("title",)
)
OPENED_EARLIER = Kind(
    "conversation.opened_earlier", _("{actor} opened “{title}”: so an older part of the history says"), counts=False, forget=("title",)
)
CALLING = _("{actor} mentioned you in “{title}”")
REPLIED = Kind(
    "conversation.replied", _("{actor} replied in “{title}”"), core="interact", merit=3, audience=_concerned, calls=_called, calling=CALLING
)
REACTED = Kind("conversation.reacted", _("{actor} reacted to {other} in “{title}”"), core="interact", merit=1)
THANKED = Kind(
    "conversation.thanked", _("{actor} thanked {other} in “{title}”"), core="interact", merit=1, audience=_concerned, letter=False
)
THANKED_BY_NAME = Kind(
    "conversation.thanked_by_name", _("{actor} thanked {other} by name in “{title}”"), counts=False
)  # told of imported posts
REACTION_TAKEN_BACK = Kind("conversation.reaction_taken_back", _("{actor} took a reaction back in “{title}”"), counts=False)
HELPED = Kind("conversation.helped", _("{other} helped {actor} in “{title}”"), core="honour", merit=1, audience=_concerned, letter=False)
HELP_TAKEN_BACK = Kind("conversation.help_taken_back", _("{actor} took back that {other} helped in “{title}”"), counts=False)
ACCEPTED = Kind("conversation.accepted", _("{actor} accepted {other}’s answer in “{title}”"), core="honour", merit=2, audience=_concerned)
ACCEPTANCE_TAKEN_BACK = Kind("conversation.acceptance_taken_back", _("{actor} withdrew the accepted answer of “{title}”"), counts=False)
EDITED = Kind(
    "conversation.edited",
    _("{actor} edited a post in “{title}”"),
    counts=False,
    audience=_called,
    calls=_called,
    calling=CALLING,
    forget=("reason",),
)
REMOVED = Kind(
    "conversation.removed", _("{actor} removed {other}’s post in “{title}”"), counts=False, audience=_concerned, forget=("reason",)
)
RESTORED = Kind("conversation.restored", _("{actor} restored {other}’s post in “{title}”"), counts=False, audience=_concerned)
MADE_QUESTION = Kind("conversation.made_question", _("{actor} made “{title}” a question"), counts=False)
MADE_TALK = Kind("conversation.made_talk", _("{actor} says that “{title}” asks nothing"), counts=False)
CLOSED = Kind("conversation.closed", _("{actor} closed “{title}”"), counts=False)
CLOSING_CHANGED = Kind("conversation.closing_changed", _("{actor} changed when and why “{title}” is closed"), counts=False)
REOPENED = Kind("conversation.reopened", _("{actor} reopened “{title}”"), counts=False)
MOVED = Kind("conversation.moved", _("{actor} moved “{title}” into {space}"), counts=False, audience=lambda a: [a.other_id])
TURNED_CHAT = Kind("conversation.turned_chat", _("{actor} turned “{title}” into a chat"), counts=False)
TURNED_TOPIC = Kind("conversation.turned_topic", _("{actor} turned the chat “{title}” into a topic"), counts=False)
SPLIT = Kind(
    "conversation.split",
    _("{actor} made “{title}” out of posts of another topic"),
    counts=False,
    audience=lambda a: a.data.get("authors", []),
)
MERGED = Kind(
    "conversation.merged", _("{actor} merged “{title}” into “{into}”"), counts=False, audience=lambda a: a.data.get("authors", [])
)
PARTED = Kind("conversation.parted", _("{actor} took “{title}” out of “{into}” again"), counts=False)
# One line for each post that came to stand in another topic, so that numbers count it there: as a reply, as what opens a topic that
# asks or does not, as what opened a topic that is no more.
PLACED = Kind("conversation.placed", _("{actor} put a post into “{title}”"), counts=False)
PLACED_ASKING = Kind("conversation.placed_asking", _("{actor} let a post open “{title}”, which asks"), counts=False)
PLACED_OPENING = Kind("conversation.placed_opening", _("{actor} let a post open “{title}”"), counts=False)
PLACED_JOINING = Kind("conversation.placed_joining", _("{actor} put the first post of another topic into “{title}”"), counts=False)
JOINED = Kind(
    "conversation.joined", _("{actor} opened a topic that was merged into “{title}”"), core="participate", merit=2
)  # in numbers only
TAGGED = Kind("conversation.tagged", _("{actor} changed the tags of “{title}”"), counts=False, forget=("title", "tags"))
TAG_RENAMED = Kind("conversation.tag_renamed", _("{actor} renamed the tag “{tag}” to “{name}”"), counts=False)
TAGS_MERGED = Kind("conversation.tags_merged", _("{actor} put the tag “{name}” in place of “{tag}”"), counts=False)
PINNED = Kind("conversation.pinned", _("{actor} pinned “{title}”"), counts=False)
UNPINNED = Kind("conversation.unpinned", _("{actor} unpinned “{title}”"), counts=False)
PINNED_ABOVE_ALL = Kind("conversation.pinned_above_all", _("{actor} pinned “{title}” above all talk"), counts=False)
UNPINNED_ABOVE_ALL = Kind("conversation.unpinned_above_all", _("{actor} unpinned “{title}” above all talk"), counts=False)
# Of private conversations the log keeps who spoke and who is told: no words, no title. Numbers keep less, see insights/mirror/lines.py.
_told: Any = lambda activity: activity.data.get("told", [])  # noqa: E731
TALK_ASKED = Kind("conversation.talk_asked", _("{actor} would like to write to you"), counts=False, private=True, audience=_told)
TALK_SAID = Kind("conversation.talk_said", _("{actor} wrote to you privately"), counts=False, private=True, audience=_told, calls=_called)
TALK_ADDED = Kind(
    "conversation.talk_added", _("{actor} brought you into a private conversation"), counts=False, private=True, audience=_told
)
TALK_LEFT = Kind("conversation.talk_left", _("{actor} left a private conversation"), counts=False, private=True)
TALK_RENAMED = Kind("conversation.talk_renamed", _("{actor} gave a private conversation another name"), counts=False, private=True)
TALK_JOINED = Kind("conversation.talk_joined", _("{actor} came into a private conversation"), counts=False, private=True)
TALK_DECLINED = Kind("conversation.talk_declined", _("{actor} takes no part in a private conversation"), counts=False, private=True)
TALK_REMOVED = Kind(
    "conversation.talk_removed", _("{actor} removed a private message of yours: {reason}"), counts=False, private=True,
    audience=lambda a: [a.other_id], forget=("reason",),
)  # fmt: skip
TALK_CHANGED = Kind("conversation.talk_changed", _("{actor} changed a message in a private conversation"), counts=False, private=True)
SHARING_CHANGED = Kind("conversation.sharing_changed", _("{actor} changed what members may put into posts"), counts=False)
FILE_REMOVED = Kind(
    "conversation.file_removed", _("{actor} took {other}’s file “{name}” out of “{title}”"), counts=False, audience=_concerned,
    forget=("name", "reason"),
)  # fmt: skip
FILE_PUT_BACK = Kind(
    "conversation.file_put_back", _("{actor} put {other}’s file “{name}” back into “{title}”"), counts=False, audience=_concerned,
    forget=("name",),
)  # fmt: skip

"""What talk holds of people. Words go with who wrote them; the threads they stood in can still be followed."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from fireside.lib.holds import ANEW, HERE, PRIVATE, holds


def _private(path: str = "") -> dict[str, Any]:
    """Rows that belong to a private conversation, by the way to its topic, stay."""
    return {"stays_if": lambda: Q(**{f"{path}space__isnull": True}), "why_some": PRIVATE}


def _asked(name: str) -> dict[str, Any]:
    """The same where a query says which."""

    def say() -> Any:
        from fireside.conversation.queries import privately

        made: Callable[[], Any] = getattr(privately, name)
        return made()

    return {"stays_if": say, "why_some": PRIVATE}


holds("conversation.Topic", of=("author_id",), erase="act", **_private())
holds("conversation.Post", of=("author_id",), erase="act", wrote={"removed_by_id": ("removed_reason",)}, **_private("topic__"))
holds("conversation.Edit", of=("member_id",), erase="act", wrote={"member_id": ("reason",)}, **_private("post__topic__"))
holds("conversation.Mention", erase="act", **_private("post__topic__"))
holds(
    "conversation.Reaction", erase="keep", **_private("post__topic__")
)  # that somebody gave a sign, and that somebody was helped, goes on being true
holds("conversation.Helped", name="helped", erase="keep")
holds("conversation.Later", name="kept_for_later", **_private("post__topic__"))
holds("conversation.Reading", name="reading_marks", **_private("topic__"))
holds("conversation.Sought", stays=ANEW)
holds(
    "conversation.File", of=("member_id",), erase="remove", **_asked("files_of_private_talk")
)  # with it its places in posts; a sweep takes the bytes that are nobody's then
holds("conversation.FileDay", stays=HERE)
holds("conversation.SpaceLevel", name="space_levels")
holds("conversation.Habits", name="habits")
holds("conversation.Crowd", stays=HERE)
holds(
    "conversation.PostFile",
    name="files_in_posts",
    of=("removed_by_id",),
    erase="strip",
    blank={"removed_reason": ""},
    **_private("post__topic__"),
)
holds("conversation.FileContent", **_asked("contents_of_private_talk"))
holds("conversation.Draft", **_asked("drafts_of_private_talk"))
# Who else takes part, and whether they said yes, is not for whoever brought them in; that somebody took part stays, so that others find the talk.
holds(
    "conversation.Participant",
    stays=PRIVATE,
    of=("member_id",),
    erase="keep",
    own=("id", "topic_id", "state", "since", "last_at", "archived_at"),
)

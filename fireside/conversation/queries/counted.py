"""How much of what a source counts stands here: by its own ids of topics and posts."""

from collections.abc import Iterator, Sequence

from django.db.models import Count, F

from fireside.conversation.models import Post, Reaction, Topic
from fireside.conversation.rules import THANKS

COMMENT = "comment:"  # what the ids of remarks below a post begin with, where a source tells them from answers


def answers_of_source(source: str, topics: Sequence[str]) -> dict[str, int]:
    """Posts of a topic besides the one that opens it (it bears the topic's id) and remarks. One query per 900."""
    found: dict[str, int] = {}
    for part in _pieces(topics):
        rows = Post.objects.filter(source=source, topic__source=source, topic__external_id__in=part)
        rows = rows.exclude(external_id=F("topic__external_id")).exclude(external_id__startswith=COMMENT)
        found |= {str(key): n for key, n in rows.values_list("topic__external_id").annotate(n=Count("pk"))}
    return found


def comments_of_source(source: str, posts: Sequence[str]) -> dict[str, int]:
    """Remarks below each post. One query per 900."""
    found: dict[str, int] = {}
    for part in _pieces(posts):
        rows = Post.objects.filter(reply_to__source=source, reply_to__external_id__in=part, external_id__startswith=COMMENT)
        found |= {str(key): n for key, n in rows.values_list("reply_to__external_id").annotate(n=Count("pk"))}
    return found


def accepted_of_source(source: str, posts: Sequence[str]) -> dict[str, int]:
    """Which of these posts stand as the accepted answer of their topic: 1. One query per 900."""
    found: dict[str, int] = {}
    for part in _pieces(posts):
        rows = Topic.objects.filter(accepted__source=source, accepted__external_id__in=part)
        found |= {str(key): 1 for key in rows.values_list("accepted__external_id", flat=True)}
    return found


def thanks_of_source(source: str, posts: Sequence[str]) -> dict[str, int]:
    """Thanks on each post, by each trace of the source. One query per 900."""
    found: dict[str, int] = {}
    for part in _pieces(posts):
        rows = Reaction.objects.filter(post__source=source, post__external_id__in=part, sign=THANKS)
        found |= {str(key): n for key, n in rows.values_list("post__external_id").annotate(n=Count("pk"))}
    return found


def addresses_of_source(source: str, ids: Sequence[str]) -> dict[str, str]:
    """Where posts and topics of a source stand here, by its ids of them; where both bear one id, the post. Two queries per 900."""
    found: dict[str, str] = {}
    for part in _pieces(ids):
        topics = Topic.objects.filter(source=source, external_id__in=part).values_list("external_id", "pk")
        posts = Post.objects.filter(source=source, external_id__in=part).values_list("external_id", "topic_id", "number")
        found |= {str(key): f"/t/{pk}" for key, pk in topics}
        found |= {str(key): f"/t/{topic}/{number}#p{number}" for key, topic, number in posts}
    return found


def _pieces(rows: Sequence[str], size: int = 900) -> Iterator[Sequence[str]]:
    for i in range(0, len(rows), size):
        yield rows[i : i + size]

"""Files: given while somebody writes, held by posts, swept when nothing holds them."""

import io
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.conversation.markup import Files
from fireside.conversation.media import rules, storing
from fireside.conversation.media.preparing import Prepared, look_at, prepare
from fireside.conversation.media.refusing import refused
from fireside.conversation.models import Draft, File, FileContent, FileDay, LinkPreview, Post, PostFile, Topic
from fireside.conversation.queries.files import files_held, files_to_show
from fireside.conversation.queries.sharing import sharing
from fireside.members.queries import day_here
from fireside.members.rights import require

PIECE = 300


def ready(actor: Actor, file: Any, name: str) -> Prepared:
    """For doors, before `share_file`: what takes long is done while nobody who writes has to wait for it. `file` is open to be read."""
    require(actor, "talk.write")
    seen = look_at(file, name, sharing())
    known = FileContent.objects.filter(sha256=seen.sha256, leaving_at__isnull=True).exists()
    return seen if known else prepare(actor, seen)


@quiet(right="talk.write")
def share_file(actor: Actor, *, file: bytes | Prepared, name: str = "") -> File:
    """Give a picture, audio, video or another file, to be put into a post by its address. What no post holds after a day is gone."""
    require(actor, "talk.write")
    seen = look_at(io.BytesIO(file), name, sharing()) if isinstance(file, bytes) else file
    try:
        content = _content(actor, seen)
        found, new = File.objects.get_or_create(member=actor.member, content=content, defaults={"name": seen.name, "at": actor.now})
        if new:
            _count(actor, seen.size)
        else:
            File.objects.filter(pk=found.pk).update(at=actor.now)
        return found
    except BaseException:
        if seen.place:
            storing.take_away(seen.place)
        raise


def _content(actor: Actor, seen: Prepared) -> FileContent:
    """The row of these bytes, locked: a sweep that finds nobody behind it waits, and looks again."""
    known = FileContent.objects.select_for_update().filter(sha256=seen.sha256, leaving_at__isnull=True)
    if found := known.first():
        _drop(seen.place)  # somebody gave the same in the same moment
        return found
    if not seen.place:  # the sweep was faster, or a command gave the bytes alone
        seen = prepare(actor, seen)
    values = {
        "place": seen.place, "kind": seen.sort.kind, "media_type": seen.sort.media_type, "size": seen.size, "width": seen.width,
        "height": seen.height, "widths": list(seen.widths), "moving": seen.moving, "kept_at": actor.now,
    }  # fmt: skip
    made, new = FileContent.objects.get_or_create(sha256=seen.sha256, leaving_at=None, defaults=values)
    if not new:
        _drop(seen.place)
    return made


def _drop(place: str) -> None:
    if place:
        transaction.on_commit(lambda: storing.take_away(place))


def _count(actor: Actor, size: int) -> None:
    """Counted and refused in one statement, so that two at once do not both find room."""
    most = sharing().day_mib
    if size > most * rules.MIB:
        raise refused("day_full", day=most)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO conversation_fileday (member_id, day, files, size) VALUES (%s, %s, 1, %s) ON CONFLICT (member_id, day) DO UPDATE"
            " SET files = conversation_fileday.files + 1, size = conversation_fileday.size + excluded.size"
            " WHERE conversation_fileday.files < %s AND conversation_fileday.size + excluded.size <= %s RETURNING id",
            [actor.member.pk, day_here(actor.now), size, rules.DAY_FILES, most * rules.MIB],
        )
        if cursor.fetchone() is None:
            raise refused("day_full", day=most)


def files_to_hold(actor: Actor, post: Post, named: Iterable[int]) -> Files:
    """Of the files that words name, those that the post may show: which the writer may see, and which it holds, or held before an edit."""
    wanted = set(named)
    if not wanted:
        return {}
    before = files_held([post.pk], dropped_too=True).get(post.pk, {}) if post.pk else {}
    allowed = {**files_to_show(actor.who, wanted - before.keys()), **{pk: one for pk, one in before.items() if pk in wanted}}
    for pk in _taken_out(post, set(allowed) - before.keys()):
        del allowed[pk]
    if obstacle := rules.why_not_held(len(allowed)):
        raise refused(obstacle)
    locked = File.objects.select_for_update().filter(pk__in=allowed)  # the sweep takes none of them from now on
    standing = set(locked.values_list("pk", flat=True))
    return {pk: one for pk, one in allowed.items() if pk in standing}


def _taken_out(post: Post, files: set[int]) -> list[int]:
    """Of these files those whose bytes were taken out of all posts of this space: they do not come back by another post."""
    if not files:
        return []
    gone = PostFile.objects.filter(space=post.topic.space_id, removed_at__isnull=False).values("file__content")
    return list(File.objects.filter(pk__in=files, content__in=gone).values_list("pk", flat=True))


def hold_files(post: Post, files: Files) -> None:
    """A new post holds what it shows."""
    if files:
        author = post.author.person_id or post.author_id
        PostFile.objects.bulk_create(
            PostFile(post=post, file_id=pk, space_id=post.topic.space_id, kind=one.kind, quoted=one.giver != author)
            for pk, one in files.items()
        )
        File.objects.filter(pk__in=files, loose=True).update(loose=False)


def change_files(actor: Actor, post: Post, files: Files) -> None:
    """After an edit: what the post shows no more stays with what it said before."""
    rows = {row.file_id: row for row in PostFile.objects.filter(post=post)}
    PostFile.objects.filter(post=post, dropped_at__isnull=True).exclude(file__in=files).update(dropped_at=actor.now)
    PostFile.objects.filter(post=post, file__in=[pk for pk in files if pk in rows]).update(dropped_at=None)
    hold_files(post, {pk: one for pk, one in files.items() if pk not in rows})


def rehouse_files(topic: Topic) -> None:
    """Its posts stand in another space now, and so does what they hold."""
    PostFile.objects.filter(post__topic=topic).update(space=topic.space_id)


@quiet(passing=True)
def sweep_unused(actor: Actor) -> int:
    """Files that no post took within a day, and that no draft names. Returns how many went."""
    loose = File.objects.filter(loose=True, at__lt=actor.now - rules.UNUSED)
    members = set(loose.values_list("member_id", flat=True).distinct())
    drafts = Draft.objects.filter(member__in=members).values_list("text", flat=True) if members else ()
    drafted = set(rules.named_in(drafts))
    found = [pk for pk in loose.order_by("at").values_list("pk", flat=True) if pk not in drafted][:PIECE]
    going = list(File.objects.select_for_update(skip_locked=True).filter(pk__in=found, loose=True).values_list("pk", flat=True))
    File.objects.filter(pk__in=going).delete()
    FileDay.objects.filter(day__lt=day_here(actor.now) - timedelta(days=1)).delete()
    return len(going)


@quiet(passing=True)
def take_away_bytes(actor: Actor) -> int:
    """The bytes of what is nobody's any more, then the row: a kill between the two is mended by the next round. Returns how many went."""
    gone = 0
    nobodys = FileContent.objects.filter(~Exists(File.objects.filter(content=OuterRef("pk"))), leaving_at__isnull=True)[:PIECE]
    locked = FileContent.objects.select_for_update().filter(pk__in=[one.pk for one in nobodys])
    alone = [one.pk for one in locked if not File.objects.filter(content=one).exists()]
    FileContent.objects.filter(pk__in=alone).update(leaving_at=actor.now)
    for content in FileContent.objects.filter(leaving_at__isnull=False)[:PIECE]:
        storing.take_away(content.place)
        content.delete()
        gone += 1
    day = actor.now - timedelta(days=2)
    places = storing.places_of(day)  # what was laid down, and then a crash came
    kept = (FileContent.objects.filter(place__in=places), LinkPreview.objects.filter(place__in=places)) if places else ()
    known = {place for rows in kept for place in rows.values_list("place", flat=True)}
    for place in places:
        if place not in known:
            storing.take_away(place)
    return gone

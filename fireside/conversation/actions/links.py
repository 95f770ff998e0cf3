"""What links lead to: noted when a post is written, asked by the worker, kept with an end."""

import hashlib
import io
from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.conversation.links import rules
from fireside.conversation.links.asking import PAGE_MOST, PICTURE_MOST, Asker
from fireside.conversation.links.guard import Closed
from fireside.conversation.links.reading import Said, read
from fireside.conversation.markup import parse
from fireside.conversation.media import pictures, storing
from fireside.conversation.models import LinkPreview, Post, PostLink
from fireside.conversation.queries.sharing import sharing
from fireside.lib.errors import Refused

ROUND = 5  # asked in one round: others wait for the worker, too
Picture = tuple[str, int, int]  # place, width, height
NONE: Picture = ("", 0, 0)


@quiet(passing=True)
def note_links(actor: Actor, *, posts: Iterable[int]) -> None:
    """Remember which links stand alone in these posts, where the community wants to show what they lead to."""
    if not sharing().previews:
        return
    for post in Post.objects.filter(pk__in=set(posts), format=Post.Format.MARKDOWN, removed_at__isnull=True):
        before = set(PostLink.objects.filter(post=post).values_list("preview_id", flat=True))
        now: dict[int, bool] = {}
        for url in parse(post.source_text).links[: rules.LINKS_MOST] if "://" in post.source_text else ():
            row, _new = LinkPreview.objects.get_or_create(
                key=hashlib.sha256(url.encode()).hexdigest(), defaults={"url": url, "due_at": actor.now}
            )
            now[row.pk] = bool(row.title)
        PostLink.objects.filter(post=post).exclude(preview__in=now).delete()
        PostLink.objects.bulk_create([PostLink(post=post, preview_id=pk) for pk in now if pk not in before], ignore_conflicts=True)
        if any(now.values()):
            Post.objects.filter(pk=post.pk).update(rendered=0)


def ask_links(actor: Actor, asker: Asker | None = None) -> int:
    """Ask the addresses whose time has come. No transaction is open while the other side is waited for. Returns how many were asked."""
    if not sharing().previews:
        return 0
    asked = 0
    for row in LinkPreview.objects.filter(due_at__lte=actor.now).order_by("due_at")[:ROUND]:
        if not LinkPreview.objects.filter(pk=row.pk, due_at=row.due_at).update(due_at=actor.now + rules.LEASE):
            continue  # another worker has it
        asked += 1
        said, picture = Said("", "", ""), NONE
        try:
            said = read((asker or Asker()).get(row.url, most=PAGE_MOST, wanted="text/html,application/xhtml+xml"))
            picture = _picture(actor, asker or Asker(), said.picture) if said.title and said.picture else NONE
        except Closed:
            pass
        keep_link(actor, preview=row, said=said, picture=picture)
    return asked


@quiet(passing=True)
def keep_link(actor: Actor, *, preview: LinkPreview, said: Said, picture: Picture = NONE) -> None:
    """Keep what the other side said, or that it said nothing; the posts that link there are made anew at their next reading."""
    row = LinkPreview.objects.select_for_update().get(pk=preview.pk)
    old, changed = row.place, (row.title, row.words, row.width) != (said.title, said.words, picture[1])
    row.title, row.words = said.title, said.words
    row.place, row.width, row.height = picture
    row.tries = 0 if said.title else row.tries + 1
    row.due_at = rules.next_asking(actor.now, tries=row.tries)
    row.save()
    if changed or old:
        Post.objects.filter(Exists(PostLink.objects.filter(post=OuterRef("pk"), preview=row))).update(rendered=0)
    if old:
        storing.take_away(old)


@quiet(passing=True)
def forget_links(actor: Actor) -> int:
    """What no post links to any more. Returns how many went."""
    gone = list(LinkPreview.objects.filter(~Exists(PostLink.objects.filter(preview=OuterRef("pk"))))[:300])
    for row in gone:
        if row.place:
            storing.take_away(row.place)
        row.delete()
    return len(gone)


def _picture(actor: Actor, asker: Asker, url: str) -> Picture:
    """Made anew like any picture that a member gives; none where that cannot be done."""
    try:
        made = pictures.remake(io.BytesIO(asker.get(url, most=PICTURE_MOST, wanted="image/*").body))
    except (Closed, Refused):
        return NONE
    width = made.widths[0]
    place = storing.new_place(actor.now, f"{actor.dice('link', url).getrandbits(128):032x}")
    storing.lay(place, {storing.WHOLE: made.parts[f"{width}.webp"]})
    return place, width, max(1, round(made.height * width / made.width))

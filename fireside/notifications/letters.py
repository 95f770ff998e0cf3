"""Letters about notices, and digests: their words in the reader's language, put together when they leave, out of what the reader may read then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from markupsafe import Markup

from fireside.activity.kinds import KINDS
from fireside.lib.text import filled, one_line, shorten
from fireside.members.channels import mail_host
from fireside.members.models import Member
from fireside.members.queries import Card, cards_of, day_here, get_community, get_person, reached
from fireside.notifications import rules, visibility
from fireside.notifications.digests import sections_for
from fireside.notifications.links import stop_address
from fireside.notifications.models import Notice
from fireside.notifications.queries.bell import sentence
from fireside.notifications.queries.bounces import why_not_addresses
from fireside.notifications.queries.digests import why_not_digest
from fireside.notifications.queries.sifting import sift

SUBJECT = 150
# Why a letter comes, by the days of a digest; 0: about notices.
WHY = {
    0: _("You have not seen this at %(community)s yet, so it comes by e-mail."),
    1: _("%(community)s tells you this once a day, when you have not been here."),
    7: _("%(community)s tells you this once a week, when you have not been here."),
    30: _("%(community)s tells you this once a month, when you have not been here."),
}


@dataclass(frozen=True)
class Written:
    """A letter as it goes to the mail server."""

    to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    language: str


@dataclass(frozen=True)
class Piece:
    """One sentence of a letter, with what was said."""

    html: Markup
    text: str
    words: str
    url: str
    at: datetime
    face: Card | None


def notice_letter(person: int, notices: Sequence[int], now: datetime) -> Written | str:
    """The letter about these notices, or a key of rules.SKIPS when nothing of it may, or needs to, be sent any more."""
    rows = list(Notice.objects.select_related("activity").filter(pk__in=notices).order_by("id"))
    sifted = sift(rows, now)
    kept = [one for one in rows if not sifted.why_not[one.pk] and sifted.person[one.pk] == person]
    if not kept:
        return next((sifted.why_not[one.pk] for one in rows if sifted.why_not[one.pk]), "gone")
    who = sifted.people[person]
    with translation.override(who.language), timezone.override(who.zone):
        pieces = _pieces(person, kept)
        title = str(kept[-1].activity.data.get("title", "") or "")
        subject = shorten(title, SUBJECT) if title else shorten(pieces[-1].text, SUBJECT)
        return Written(
            to=one_line(who.address), subject=subject, language=who.language, headers=_headers(person, kept[-1].thing),
            **_made("notices", person, {"pieces": pieces[-rules.IN_ONE :], "left": len(pieces[: -rules.IN_ONE]), "why": filled(str(WHY[0]), {"community": get_community().name})}),
        )  # fmt: skip


def _pieces(person: int, notices: Sequence[Notice]) -> list[Piece]:
    """What was said stands one by one; the rest is one sentence for each kind: Ann, Ben and 3 others thanked you."""
    viewer = Member(pk=person, person_id=person)
    lines = [one.activity for one in notices]
    said = visibility.words_of(lines)
    cards = cards_of({pk for line in lines for pk in (line.member_id, line.other_id)})
    by_person = {card.person_id: card for card in cards.values()}
    spaces = visibility.space_names(line.space_id for line in lines)
    urls = visibility.addresses_of(lines, spaces)
    groups: dict[Any, list[Notice]] = {}
    for one in notices:
        groups.setdefault(one.pk if one.activity_id in said else one.kind, []).append(one)
    pieces = []
    for some in sorted(groups.values(), key=lambda some: some[-1].pk):
        newest = some[-1]
        line = newest.activity
        if line.kind not in KINDS:
            continue
        behind = [(cards[one.actor_id].person_id, one.pk) for one in some if one.actor_id in cards]
        persons, others = rules.newest_voices(behind)
        html, text = sentence(viewer, line, [by_person[pk] for pk in persons], others, cards, spaces, called=all(one.named for one in some))
        words = said.get(line.pk) or str(line.data.get("reason", "") or "")
        url = settings.ADDRESS + urls.get(line.pk, "/notices")
        pieces.append(Piece(html, text, words, url, newest.at, by_person[persons[0]] if persons else None))
    return pieces


def digest_letter(person: int, days: int, now: datetime) -> Written | str:
    """The digest of these days for a person, or a key of rules.SKIPS when none needs to be sent any more."""
    who = reached([person]).get(person)
    if who is None:
        return "gone"
    if why := why_not_digest(who, why_not_addresses([who.address], now)):
        return why
    if who.last_seen_on is not None and (day_here(now) - who.last_seen_on).days < days:
        return "seen"  # they came while it waited
    with translation.override(who.language), timezone.override(who.zone):
        sections = sections_for(get_person(person), now - timedelta(days=days), now)
        if not sections:
            return "empty"
        community = get_community().name
        first = sections[0].items[0].title
        subject = filled(str(_("%(community)s: %(first)s, and more")), {"community": community, "first": shorten(first, 80)})
        more = {"sections": sections, "why": filled(str(WHY[days]), {"community": community})}
        return Written(
            to=one_line(who.address), subject=shorten(subject, SUBJECT), language=who.language, headers=_list_headers(person, "digest"),
            **_made("digest", person, more),
        )  # fmt: skip


def _made(which: str, person: int, more: Mapping[str, Any]) -> dict[str, str]:
    """Both bodies of a letter."""
    facts = {
        "community": get_community().name, "address": settings.ADDRESS, "stop": stop_address(person, which),
        "choose": f"{settings.ADDRESS}/me/telling", "all": f"{settings.ADDRESS}/notices", **more,
    }  # fmt: skip
    text = render_to_string(f"letters/{which}_text.html", facts, using="jinja2")
    return {"html": render_to_string(f"letters/{which}.html", facts, using="jinja2"), "text": str(text).strip() + "\n"}


def _headers(person: int, thing: str) -> dict[str, str]:
    """What mail programs go by: one thread for one thing."""
    root = f"<thing.{thing.replace(':', '.')}@{mail_host()}>"
    return {"In-Reply-To": root, "References": root, **_list_headers(person, "notices")}


def _list_headers(person: int, which: str) -> dict[str, str]:
    """One click stops such letters (RFC 8058)."""
    return {
        "List-Id": f"<{which}.{mail_host()}>",
        "List-Unsubscribe": f"<{stop_address(person, which)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def push_words(person: int, notices: Sequence[Notice], language: str) -> dict[str, str]:
    """What a browser shows of these notices: short, plain, and where they lead."""
    with translation.override(language):
        pieces = _pieces(person, notices)
        newest = pieces[-1]
        more = len(pieces) - 1
        body = shorten(newest.words, 160) or (
            ngettext("One more notice waits for you", "%(num)s more notices wait for you", more) % {"num": more} if more else ""
        )
        return {
            "title": shorten(newest.text, 120),
            "body": body,
            "url": newest.url.removeprefix(settings.ADDRESS),
            "tag": notices[-1].thing,
        }

"""Reporting, and deciding what becomes of it."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.conversation.actions import remove_post
from fireside.conversation.actions.privately import remove_reported
from fireside.conversation.models import Post
from fireside.conversation.queries import get_post
from fireside.conversation.queries.sight import is_own
from fireside.lib.errors import Refused
from fireside.lib.text import one_line, storable
from fireside.members.queries import holders_by_role, traces_of
from fireside.members.rights import require
from fireside.moderation import kinds, rules
from fireside.moderation.models import Case, Look, Report
from fireside.moderation.queries import get_case, has_looked
from fireside.spaces.queries import require_in, those_who_look_after

REFUSALS = {
    "unknown_reason": _("Choose one of: spam, rude, private, elsewhere, other."),
    "long_words": _("There is room for 500 characters. Say the most important."),
    "no_words": _("Say what is wrong with it."),
    "own_words": _("These are your own words. You can change or remove them."),
    "gone_already": _("This post has been removed."),
    "judged": _("You reported this before, and it was looked at. It may be reported again once it was changed."),
    "reported_much": _("You have reported twenty posts within a day. Write to an organiser about the rest."),
    "unknown_decision": _("Choose one of: removed, dismissed."),
    "decided_meanwhile": _("Somebody else has decided this meanwhile."),
    "case_changed": _("There are new reports since you looked. Read them, then decide."),
    "not_read": _("Read the message first: press “Read it”."),
    "not_private": _("This stands in a space: whoever may read there reads it."),
    "no_reason": _("Say why: the one who wrote it will read your reason."),
}


@action(right="moderation.report")
def report_post(actor: Actor, *, post: Post, reason: str, words: str = "") -> Case:
    """Report a post that breaks the rules: spam, rude, private, elsewhere or other. Those who look after the place are told."""
    require(actor, "moderation.report")
    member = actor.member
    post = get_post(member, post.pk, private_too=True)
    words = one_line(storable(words))
    mine = Report.objects.filter(member__in=traces_of(member))
    before = mine.filter(case__post=post).order_by("-id").select_related("case").first()
    if before is not None and before.case.decided_at is None:
        return already(before.case)
    judged = before is not None and before.case.decision == "dismissed" and before.case.edits_seen == post.edits_count
    today = mine.filter(at__gt=actor.now - timedelta(days=1)).count()
    gone = post.removed_at is not None or post.topic.removed_at is not None
    _refuse(rules.why_not_report(reason=reason, words=words, own=is_own(member, post), removed=gone, today=today, judged=judged))
    case = _open_case(actor, post)
    if not Report.objects.get_or_create(case=case, member=member, defaults={"at": actor.now, "reason": reason, "words": words})[1]:
        return already(case)
    Case.objects.filter(pk=case.pk).update(version=F("version") + 1, reports_count=F("reports_count") + 1)
    case.refresh_from_db()
    if post.topic.space_id is None:
        record(actor, kinds.REPORTED_PRIVATELY, case, told=holders_by_role("moderation.decide"))
        return case
    told = those_who_look_after(post.topic.space)
    record(actor, kinds.REPORTED, case, space=post.topic.space_id, parent=post.topic, title=post.topic.title, number=post.number, told=told)
    return case


@action(right="moderation.decide")
def decide_case(actor: Actor, *, case: Case, decision: str, reason: str = "", version: int | None = None) -> Case:
    """Decide a case: removed (the post is taken out of sight, with the reason) or dismissed (it stays). Those who reported are told.

    `version` is the one that was read: when there are new reports since, nothing is decided.
    """
    found = get_case(actor.who, case.pk) if not actor.is_house else case
    post = found.post
    private = post.topic.space_id is None
    if private:
        require(actor, "moderation.decide")
    else:
        require_in(actor, "moderation.decide", post.topic.space)
    case = Case.objects.select_for_update().get(pk=found.pk)
    reason = one_line(storable(reason))[:300]
    if case.decided_at is not None and (case.decided_by_id, case.decision) == (getattr(actor.who, "pk", None), decision):
        return already(case)
    changed = version is not None and version != case.version
    _refuse(rules.why_not_decide(decision=decision, reason=reason, decided=case.decided_at is not None, changed=changed))
    _refuse("not_read" if private and not actor.is_house and not has_looked(actor.member, case) else "")
    if decision == "removed":
        (remove_reported if private else remove_post)(actor, post=post, reason=reason)
    post.refresh_from_db(fields=["edits_count"])
    case.decided_at, case.decided_by, case.decision, case.reason = actor.now, actor.who, decision, reason
    case.edits_seen = post.edits_count
    case.save(update_fields=["decided_at", "decided_by", "decision", "reason", "edits_seen"])
    told = list(Report.objects.filter(case=case).values_list("member_id", flat=True))
    if private:
        kind = kinds.REMOVED_PRIVATELY if decision == "removed" else kinds.DISMISSED_PRIVATELY
        record(actor, kind, case, told=told, reason=reason or "…")
        return case
    kind = kinds.REMOVED if decision == "removed" else kinds.DISMISSED
    record(
        actor,
        kind,
        case,
        space=post.topic.space_id,
        parent=post.topic,
        title=post.topic.title,
        number=post.number,
        told=told,
        reason=reason or "…",
    )
    return case


@action(right="moderation.look")
def look_at_case(actor: Actor, *, case: Case) -> Case:
    """Read a private message that was reported, with the five before it. The log says who read it, and so does the case."""
    require(actor, "moderation.look")
    found = get_case(actor.who, case.pk) if not actor.is_house else case
    _refuse("not_private" if found.post.topic.space_id is not None else "")
    if actor.is_house or not Look.objects.get_or_create(case=found, member=actor.member, defaults={"at": actor.now})[1]:
        return already(found)
    record(actor, kinds.LOOKED, found)
    return found


def _open_case(actor: Actor, post: Post) -> Case:
    """The open case of a post, locked; two who report at once meet in one."""
    rows = Case.objects.select_for_update().filter(post=post, decided_at__isnull=True)
    if (found := rows.first()) is not None:
        return found
    try:
        with transaction.atomic():
            return Case.objects.create(post=post, opened_at=actor.now)
    except IntegrityError:
        return rows.get()


def _refuse(obstacle: str) -> None:
    if obstacle:
        raise Refused(obstacle, REFUSALS[obstacle])

"""Looking after what the house is doing: long work, lines that a reaction could not digest, letters that could not leave."""

from django.utils.translation import gettext_lazy as _

from fireside.activity import jobs, outbox, reactions
from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.log import record
from fireside.activity.models import Job, Letter, Parked
from fireside.lib.errors import Refused
from fireside.lib.reasons import reason_given
from fireside.members.rights import require
from fireside.site import kinds, rules

REFUSALS = {
    "line_settled": _("This line is settled. There is nothing left to try."),
    "letter_gone": _("This letter has left, or was let go. There is nothing left to try."),
    "letter_leaving": _("This letter is leaving at this moment. Look again in two minutes."),
}


NO_REASON = _("Say in a few words why it may be let go. Whoever looks at the log later reads it.")


def _no(code: str) -> Refused:
    return Refused(code, REFUSALS[code])


@action(right="house.tend")
def stop_work(actor: Actor, *, job: Job) -> Job:
    """Stop long work after its current step. What is done stays done; work that has ended stays as it is."""
    require(actor, "house.tend")
    stopped = jobs.stop(job.pk)
    job.refresh_from_db()
    if not stopped:
        return already(job)
    record(actor, kinds.WORK_STOPPED, job, name=job.name)
    return job


@action(right="house.tend")
def resume_work(actor: Actor, *, job: Job) -> Job:
    """Put stopped or failed work in line again: it goes on where it stopped."""
    require(actor, "house.tend")
    resumed = jobs.resume(job.pk)
    job.refresh_from_db()
    if not resumed:
        return already(job)
    record(actor, kinds.WORK_RESUMED, job, name=job.name)
    return job


@action(right="house.tend")
def try_line_again(actor: Actor, *, line: Parked) -> Parked:
    """Let a worker try a parked line at once, whenever it was due."""
    require(actor, "house.tend")
    if not reactions.try_again(actor.now, pk=line.pk):
        if not reactions.unsettled().filter(pk=line.pk).exists():
            raise _no("line_settled")
        return already(line)
    record(actor, kinds.LINE_TRIED, line, parent=line.activity_id, reaction=line.reaction)
    line.refresh_from_db()
    return line


@action(right="house.tend")
def try_lines_again(actor: Actor, *, reaction: str) -> int:
    """Let a worker try all parked lines of a reaction at once: when what kept them back has been mended. Returns how many."""
    require(actor, "house.tend")
    if not (many := reactions.try_again(actor.now, reaction=reaction)):
        return already(0)
    record(actor, kinds.LINES_TRIED, reaction=reaction, count=many)
    return many


@action(right="house.tend")
def let_line_go(actor: Actor, *, line: Parked, reason: str) -> Parked:
    """Give a parked line up: the reaction does without it, and the log says why."""
    require(actor, "house.tend")
    reason = reason_given(reason, limit=rules.REASON_LIMIT, missing=NO_REASON)
    if not reactions.let_go(line.pk, actor.now):
        return already(line)
    record(actor, kinds.LET_LINE_GO, line, parent=line.activity_id, reaction=line.reaction, reason=reason)
    line.refresh_from_db()
    return line


@action(right="house.tend")
def try_letter_again(actor: Actor, *, letter: Letter) -> None:
    """Let a letter that waits or is parked begin its tries anew, at once."""
    require(actor, "house.tend")
    if not outbox.try_again(letter.pk, actor.now):
        if not outbox.unsent().filter(pk=letter.pk).exists():
            raise _no("letter_gone")
        return already(None)
    record(actor, kinds.LETTER_TRIED, letter, other=letter.member_id, channel=letter.channel)
    return None


@action(right="house.tend")
def let_letter_go(actor: Actor, *, letter: Letter, reason: str) -> None:
    """Give a letter up: it never leaves, its words are wiped, and the log says why."""
    require(actor, "house.tend")
    reason = reason_given(reason, limit=rules.REASON_LIMIT, missing=NO_REASON)
    if outbox.let_go(letter.pk, actor.now):
        record(actor, kinds.LET_LETTER_GO, letter, other=letter.member_id, channel=letter.channel, reason=reason)
        return None
    letter.refresh_from_db()
    if letter.let_go_at is None:
        raise _no("letter_gone" if letter.sent_at else "letter_leaving")
    return already(None)

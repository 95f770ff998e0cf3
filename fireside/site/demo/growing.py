"""The job "site.demo": plan half a year up to now and do it, act by act; stoppable, resumable, the numbers fresh at its end."""

import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fireside.activity import jobs
from fireside.activity.actor import Actor
from fireside.activity.models import Job
from fireside.insights.jobs import catch_up
from fireside.lib.errors import Refused
from fireside.lib.hold import hold_the_house
from fireside.members.queries import forget_community, the_community
from fireside.members.rights import require
from fireside.site.demo.doing import Doer
from fireside.site.demo.others import holds_nothing
from fireside.site.demo.planning import Planner, make_plan

JOB = "site.demo"
BATCH = 120  # acts in one transaction: less than half a second of the writer's lock
MEMBERS, DAYS, SEED = 1000, 180, 1
BREATH = 0.02  # seconds between two of them, in which others may write: SQLite's lock knows no queue
FEWEST = 25


def start_demo(actor: Actor, *, seed: int = SEED, members: int = MEMBERS, days: int = DAYS) -> Job:
    """Put the sample community in line, in an empty house. Asking twice follows one."""
    require(actor, "community.found")
    if there := jobs.open_job(JOB):
        return there
    refuse_unless_empty()
    return jobs.ask_once(actor, JOB, key=JOB, seed=seed, members=members, days=days)


def half_way() -> Job | None:
    """The sample that is moving in, or has stopped half way: its newest work, while that has not come to its end."""
    last = jobs.last_job(JOB)
    if last is None or last.state == Job.State.DONE:
        return None
    return last if last.state in jobs.OPEN or last.marks else None


def refuse_unless_empty() -> None:
    forget_community()
    community = the_community()
    if community is None:
        if not holds_nothing():
            raise Refused("history_here", _("There is history in this house. The sample only moves into an empty one, because it takes everything along when it goes."), href="/setup/start", act=_("Start my community"))  # fmt: skip
        return
    if community.is_sample and (half := half_way()):
        raise Refused("sample_half", _("The sample has moved in half way. Let it go on, or remove it first."), href=f"/jobs/{half.pk}", act=_("Look at it"))  # fmt: skip
    if community.is_sample:
        raise Refused("sample_there", _("A sample community lives here already. Remove it first: fireside demo --remove."))
    raise Refused("real_community", _("“%(name)s” lives in this house. A sample only moves into an empty one.") % {"name": community.name})


def grow(actor: Actor, progress: Any, *, seed: int = SEED, members: int = MEMBERS, days: int = DAYS) -> None:
    """The sample community moves in."""
    if not progress.marks:
        refuse_unless_empty()
        if not FEWEST <= members <= 5000 or not 10 <= days <= 720:
            raise Refused("sample_size", _("Ask for 25 to 5000 members and 10 to 720 days."))
        progress.marks = {"done": 0, "end": actor.now.replace(second=0, microsecond=0).isoformat()}
    progress.step(_("Writing half a year of talk"))
    end = datetime.fromisoformat(progress.marks["end"])
    planner = plan_for(actor, seed=seed, members=members, days=days, end=end)
    doer = Doer(replace(actor, who=None, via="sample", scopes=None), planner, progress.marks)
    acts, done = planner.acts, progress.marks["done"]
    progress.done = done
    progress.total(len(acts))
    progress.step(_("Living through half a year"))
    while done < len(acts):
        part = acts[done : done + BATCH]
        before = progress.marks, progress.done, dict(progress.counts)
        try:
            with transaction.atomic():  # the acts and how far we are: one commit
                if not done:
                    hold_the_house()  # an import that begins at this moment comes before or after, never beside
                    refuse_unless_empty()
                for act in part:
                    doer.do(act)
                progress.marks = {"done": done + len(part), "end": progress.marks["end"], **doer.marks()}
                progress.done += len(part)
                progress.counts["acts"] = progress.done
                progress.save()
        except BaseException:
            progress.marks, progress.done, progress.counts = before
            forget_community()
            raise
        done += len(part)
        time.sleep(BREATH)
    forget_community()
    progress.counts |= {"members": len(planner.people), "topics": len(doer.ids["topics"]), "posts": len(doer.ids["posts"])}
    catch_up(actor, progress)


def plan_for(actor: Actor, *, seed: int, members: int, days: int, end: datetime) -> Planner:
    """The plan of a seed: the dice are the actor's, so the same seed falls the same way."""
    seeded = replace(actor, seed=f"sample:{seed}")
    return make_plan(lambda name: seeded.dice("sample", name), members=members, days=days, end=end - timedelta(seconds=1))

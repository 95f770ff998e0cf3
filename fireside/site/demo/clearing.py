"""The house empty again. Only ever a sample: a real community is never touched, nor a history beside the sample."""

from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from fireside.activity import jobs
from fireside.activity.action import quiet
from fireside.activity.actor import Actor
from fireside.activity.leases import let_go_of_the_dead
from fireside.activity.models import Job
from fireside.lib.errors import Refused
from fireside.lib.hold import hold_the_house
from fireside.members.queries import forget_community, the_community
from fireside.members.rights import require
from fireside.site.actions.leaving import finish_leaving, note_leaving
from fireside.site.demo.growing import JOB
from fireside.site.demo.others import holds_nothing, holds_own_history

STAYS = {"django_migrations", "django_content_type", "auth_permission"}  # what the code itself put there


@quiet(right="community.empty", grave=True)
def clear_sample(actor: Actor) -> int:
    """Remove the sample community with all that happened in it, so that the house is empty. Returns how many tables were emptied.

    It leaves no line in the log, because the log goes too.
    """
    require(actor, "community.empty")
    hold_the_house()
    forget_community()
    community = the_community()
    if community is None and not holds_nothing():
        raise Refused(
            "not_a_sample", _("No sample lives here, but history that was brought in. It stays."), href="/setup", act=_("Set up Fireside")
        )
    if community is None:
        raise Refused("nothing_there", _("The house is empty already. Set it up, or look around in a sample."), href="/setup", act=_("Set up Fireside"))  # fmt: skip
    if not community.is_sample:
        raise Refused("not_a_sample", _("“%(name)s” is no sample. Only a sample can be removed.") % {"name": community.name})
    let_go_of_the_dead(actor.now)
    growing = jobs.open_job(JOB)
    if growing is not None and growing.state != Job.State.WAITING and growing.leased_until and growing.leased_until > actor.now:
        raise Refused(
            "still_growing", _("The sample is still moving in. Stop that first."), href=f"/jobs/{growing.pk}", act=_("Look at it")
        )
    if holds_own_history():
        raise Refused("history_beside", _("History was brought into this house beside the sample, and removing the sample would delete it too. Bring that history into a new house, with a database and a data folder of its own; then delete this one as a whole."))  # fmt: skip
    tables = [name for name in connection.introspection.django_table_names(only_existing=True, include_views=False) if name not in STAYS]
    with connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), tables, reset_sequences=False, allow_cascade=False):
            cursor.execute(statement)
    note_leaving()
    forget_community()
    transaction.on_commit(finish_leaving)
    return len(tables)


def clear_demo(actor: Actor) -> int:
    """The name by which pages call it."""
    return clear_sample(actor)

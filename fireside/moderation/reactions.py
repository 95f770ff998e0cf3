"""Who may see what the log says of reports: those who are told, and where it leads them."""

from collections.abc import Mapping, Sequence

from fireside.activity.models import Activity
from fireside.conversation.queries import posts_where
from fireside.members.queries import Card
from fireside.moderation import kinds
from fireside.moderation.models import Case
from fireside.notifications import visibility


def _sees(cards: Mapping[int, Card], lines: Sequence[Activity]) -> set[tuple[int, int]]:
    """Whoever the line tells of it, and nobody else."""
    return {(pk, line.pk) for line in lines for pk, card in cards.items() if {pk, card.person_id} & set(line.data.get("told", []))}


def _addresses(lines: Sequence[Activity]) -> dict[int, str]:
    """A report leads to its case, what was decided to the post."""
    posts = dict(Case.objects.filter(pk__in={line.target_id for line in lines}).values_list("pk", "post_id"))
    where = posts_where(posts.values())
    return {
        line.pk: f"/reports/{line.target_id}"
        if line.kind in {kinds.REPORTED.name, kinds.REPORTED_PRIVATELY.name}
        else where.get(posts.get(line.target_id or 0, 0), "/notices")
        for line in lines
    }


visibility.register("moderation.case", _sees, _addresses)

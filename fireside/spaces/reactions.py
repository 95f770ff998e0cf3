"""What places do when something happened elsewhere, and what they answer to those who tell members."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from fireside.activity.models import Activity
from fireside.activity.reactions import reaction
from fireside.members import kinds as members
from fireside.members.actions.merges import at_once
from fireside.members.queries import Card, cards_of
from fireside.notifications import visibility
from fireside.spaces import kinds
from fireside.spaces.actions._counts import count_people
from fireside.spaces.actions._staying import settle_persons
from fireside.spaces.models import Belonging
from fireside.spaces.queries import known_to_all, names_of, readers_among


@reaction(
    "spaces.recount", kinds=[members.MERGED, members.UNMERGED, members.CLAIMED, members.MARKED_BOT, members.MARKED_PERSON], imported=True
)
def recount(batch: Sequence[Activity], now: datetime) -> None:
    """Who somebody is has changed: count the people again where they, and whoever they are now, belong. Two statements a batch."""
    ids = {pk for line in batch for pk in (line.target_id if line.target_type == "members.member" else None, line.other_id) if pk}
    spaces = Belonging.objects.filter(member__person__traces__in=ids).values_list("space_id", flat=True).distinct()
    gone = Belonging.objects.filter(member_id__in=ids).values_list("space_id", flat=True).distinct()
    if touched := set(spaces) | set(gone):
        count_people(touched)


def _sees(cards: Mapping[int, Card], lines: Sequence[Activity]) -> set[tuple[int, int]]:
    """What happened in a space is for those who may read it."""
    return _pairs(readers_among({line.space_id for line in lines if line.space_id}, cards), cards, lines)


def _at_the_door(cards: Mapping[int, Card], lines: Sequence[Activity]) -> set[tuple[int, int]]:
    """Asking and its answer: who was turned down is told without being inside, as long as they may know of the space."""
    answers = [line for line in lines if line.kind == kinds.TURNED_DOWN.name]
    knowing = readers_among({line.space_id for line in answers if line.space_id}, cards, gate="known_inside_id") if answers else set()
    return _pairs(knowing, cards, answers) | _sees(cards, [line for line in lines if line not in answers])


def _put_out(cards: Mapping[int, Card], lines: Sequence[Activity]) -> set[tuple[int, int]]:
    """Who was put out is told so, whatever they may see of the space since."""
    persons = {pk: card.person_id for pk, card in cards_of(line.other_id for line in lines).items()}
    return {
        (member, line.pk) for line in lines for member, card in cards.items() if card.person_id == persons.get(line.other_id or 0)
    }  # fmt: skip


def _pairs(open_to: set[tuple[int, int]], cards: Mapping[int, Card], lines: Sequence[Activity]) -> set[tuple[int, int]]:
    return {(member, line.pk) for line in lines for member in cards if (line.space_id, member) in open_to}


def _addresses(lines: Sequence[Activity]) -> dict[int, str]:
    """Who asks is answered among the people of the space; every answer leads to the space."""
    spaces = names_of(line.space_id for line in lines)
    return {
        line.pk: spaces[line.space_id][1] + ("/people" if line.kind == kinds.ASKED.name else "")
        for line in lines
        if line.space_id in spaces
    }


def _way_back(lines: Sequence[Activity]) -> dict[int, str]:
    """To the space, where every member may know of it. What a hidden one is called in addresses is not said to who is out of it."""
    spaces = names_of(known_to_all(line.space_id for line in lines))
    return {line.pk: spaces[line.space_id][1] if line.space_id in spaces else "/notices" for line in lines}


at_once(settle_persons)  # nobody comes in for the moment until the log is read
visibility.register_spaces(_sees, names_of)
visibility.register("spaces.asktojoin", _at_the_door, _addresses)
visibility.register("spaces.gone", _put_out, _way_back)

"""What the log, the outbox and long work do when a member is erased. A line stays, with its time and its numbers; its words go."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from fireside.activity.kinds import KINDS
from fireside.activity.models import Activity, Letter, Parked

PIECE = 500
Wipes = Callable[[str], bool]


def forget_lines(members: Collection[int], *, about: Sequence[tuple[str, Sequence[int]]], wipes: Wipes, keep: Collection[str] = ()) -> int:
    """Blank what lines hold of these members. Returns how many lines were changed.

    Of their own lines every word goes but those under a name of `keep`; of lines that concern them, and of those `about` the rows named
    (their topics), what the kind says may be forgotten, and whatever word `wipes` knows for theirs.
    """
    changed = _go_through(Activity.objects.filter(member_id__in=members), lambda name, _word: name not in keep)
    for_kind = _forgotten(wipes)
    changed += _go_through(Activity.objects.filter(other_id__in=members).exclude(member_id__in=members), for_kind)
    for table, ids in about:
        for i in range(0, len(ids), PIECE):
            rows = Activity.objects.filter(target_type=table, target_id__in=ids[i : i + PIECE])
            changed += _go_through(rows, lambda name, word: name in {"title", "tags"} or wipes(word))
    named = Activity.objects.filter(Q(member_id__in=members) | Q(other_id__in=members), source__isnull=False)
    for line in named.only("pk", "external_id").iterator():
        if wipes(line.external_id or ""):
            Activity.objects.filter(pk=line.pk).update(external_id=f"erased:{line.pk}")
    Parked.objects.filter(activity__member_id__in=members).update(error="")
    return changed


def _forgotten(wipes: Wipes) -> Callable[[str, str], bool]:
    names = {name for kind in KINDS.values() for name in kind.forget}
    return lambda name, word: name in names or wipes(word)


def _go_through(rows: Any, goes: Callable[[str, str], bool]) -> int:
    changed = []
    for line in rows.exclude(data={}).only("pk", "data").iterator(chunk_size=PIECE):
        left = {name: _left(name, value, goes) for name, value in line.data.items()}
        if left != line.data:
            line.data = left
            changed.append(line)
    Activity.objects.bulk_update(changed, ["data"], batch_size=200)
    return len(changed)


def _left(name: str, value: Any, goes: Callable[[str, str], bool]) -> Any:
    if isinstance(value, str):
        return "" if goes(name, value) else value
    if isinstance(value, list):
        return [one for one in value if not (isinstance(one, str) and goes(name, one))]
    if isinstance(value, dict):
        return {key: _left(name, one, goes) for key, one in value.items()}
    return value


def burn_letters(members: Collection[int], addresses: Sequence[str]) -> int:
    """Letters to these members, sent or not, by whoever was noted as their reader and by address."""
    rows = Letter.objects.filter(member_id__in=members).delete()[0]
    told = Letter.objects.annotate(said=Cast("body", TextField()))
    for address in addresses:
        rows += told.filter(Q(said__icontains=address) | Q(key__icontains=address)).delete()[0]
    return rows

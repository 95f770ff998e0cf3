"""People out of an imported history: members with identities, in bulk, as often as one likes with the same result."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fireside.activity.action import action, already
from fireside.activity.actor import Actor
from fireside.activity.kinds import Kind
from fireside.activity.log import Line, record_many
from fireside.lib.bulk import insert, next_ids
from fireside.lib.errors import Refused
from fireside.lib.text import shorten
from fireside.members import kinds, rules
from fireside.members.actions.erasing import erased_among
from fireside.members.models import Identity, IdentityName, Member, Role
from fireside.members.rights import require

BATCH = 1000
NO_PASSWORD = "!"  # noqa: S105  what Django calls unusable; its own maker adds random characters, for which nobody has a use here

# A member as the table has it, before anything is known: column -> value.
NOBODY_YET = {one.attname: one.get_default() for one in Member._meta.concrete_fields} | {"password": NO_PASSWORD, "role": Role.MEMBER.value}
IDENTITY = ("source", "external_id", "name", "weak", "email", "member_id", "first_seen_at", "data")


@dataclass(frozen=True, slots=True)
class PersonIn:
    """Somebody as a source knows them. `weak`: known by name only."""

    external_id: str
    name: str
    first_seen_at: datetime
    weak: bool = False
    email: str = ""
    is_bot: bool = False
    bot_reason: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    dated: bool = True  # False: the source does not say when; `first_seen_at` is when we heard of them


@action(right="history.bring_in")
def take_in_people(actor: Actor, *, source: str, people: Sequence[PersonIn]) -> dict[str, int]:
    """Make members of people of a source, and know them again: external id -> member id. Long lists go in calls of some thousands."""
    require(actor, "history.bring_in")
    _check(source, people)
    found: dict[str, int] = {}
    for batch in _batches(people):
        found.update(_take_in(actor, source, batch))
    return already(found)


def _check(source: str, people: Sequence[PersonIn]) -> None:
    """Longer than the table holds would be cut by one database and refused by the other."""
    if not 1 <= len(source) <= 80:
        raise Refused("source_wrong", _("Name the source in 1 to 80 characters."), field="source")
    for person in people:
        if not 1 <= len(person.external_id) <= 190:
            raise Refused(
                "external_id_wrong", _("An id of the source has 1 to 190 characters: “%(id)s”.") % {"id": shorten(person.external_id, 60)}
            )


def _batches(people: Sequence[PersonIn]) -> Iterator[dict[str, PersonIn]]:
    """Up to BATCH different people; one who comes twice in a batch keeps the earlier time, and the name seen there."""
    batch: dict[str, PersonIn] = {}
    for person in people:
        known = batch.get(person.external_id)
        if known is not None and known.name != person.name:
            yield batch  # two names of one person: the second is a further name, so it needs a batch of its own
            batch, known = {}, None
        if known is not None and known.first_seen_at <= person.first_seen_at:
            person = replace(known, is_bot=known.is_bot or person.is_bot, bot_reason=known.bot_reason or person.bot_reason)
        batch[person.external_id] = person
        if len(batch) >= BATCH:
            yield batch
            batch = {}
    if batch:
        yield batch


def _take_in(actor: Actor, source: str, batch: dict[str, PersonIn]) -> dict[str, int]:
    known = {
        row.external_id: row
        for row in Identity.objects.filter(source=source, external_id__in=list(batch))
        .select_related("member")
        .only(
            "external_id",
            "name",
            "email",
            "first_seen_at",
            "data",
            "member__joined_at",
            "member__imported_from",
            "member__is_bot",
            "member__bot_reason",
        )
    }
    if known:
        record_many(actor, _refresh([(known[key], person) for key, person in batch.items() if key in known], actor.now))
    gone = erased_among(source, batch)
    new = [person for key, person in batch.items() if key not in known and key not in gone]
    ids = _add(source, new)
    record_many(
        actor,
        [
            Line(
                kinds.JOINED, person.first_seen_at, member_id=pk, other_id=pk, target_type="members.member", target_id=pk, source=source,
                external_id=f"person:{person.external_id}", imported=True,
            )
            for person, pk in zip(new, ids, strict=True)
        ],
    )  # fmt: skip
    return gone | {key: row.member_id for key, row in known.items()} | {p.external_id: pk for p, pk in zip(new, ids, strict=True)}


def _add(source: str, people: list[PersonIn]) -> list[int]:
    """New members, each the person of themselves, with what the source calls them. Returns their ids."""
    if not people:
        return []
    names = [shorten(rules.clean_name(person.name), rules.NAME_LIMIT) or person.external_id[: rules.NAME_LIMIT] for person in people]
    # Bulk work skips the small numbers: a thousand people called Anna would try them in vain.
    tries = [rules.few_handles(name, f"{source}:{p.external_id}") for name, p in zip(names, people, strict=True)]
    taken = set(Member.objects.filter(handle__in={h for some in tries for h in some[:-1]}).values_list("handle", flat=True))
    ids = list(next_ids(Member._meta.db_table, len(people)))
    members, identities = [], []
    for pk, person, name, candidates in zip(ids, people, names, tries, strict=True):
        handle = rules.choose_handle(candidates, taken)
        taken.add(handle)
        members.append(tuple((NOBODY_YET | {
            "id": pk, "person_id": pk, "name": name, "name_key": rules.search_key(name), "handle": handle, "joined_at": person.first_seen_at,
            "imported_from": source, "is_bot": person.is_bot, "bot_reason": person.bot_reason if person.is_bot else "",
        }).values()))  # fmt: skip
        identities.append((
            source, person.external_id, shorten(person.name, 200), person.weak, person.email.strip().lower()[:254], pk,
            person.first_seen_at, person.data if person.dated else person.data | {"undated": True},
        ))  # fmt: skip
    with connection.wrap_database_errors:  # a COPY raises the driver's own errors
        insert(Member._meta.db_table, tuple(NOBODY_YET), members)
        insert(Identity._meta.db_table, IDENTITY, identities)
    return ids


def _refresh(pairs: list[tuple[Identity, PersonIn]], now: datetime) -> list[Line]:
    """What a later reading knows better: an earlier first trace, a further name, that it is a bot. Nothing is overwritten.

    Returns the lines that say so: whoever follows the log (the numbers, counters of talk) looks at these people again.
    """
    earlier, moved, bots, names, addressed, dated = [], [], [], [], [], []
    for identity, person in pairs:
        name = shorten(person.name, 200)
        if name and name != identity.name:
            names.append(IdentityName(identity=identity, name=name, seen_at=person.first_seen_at))
        undated = person.dated and identity.data.pop("undated", False)
        if undated:
            dated.append(identity)
        if undated or person.first_seen_at < identity.first_seen_at:
            identity.first_seen_at = person.first_seen_at
            earlier.append(identity)
        if person.email and not identity.email:
            identity.email = person.email.strip().lower()[:254]
            addressed.append(identity)
        member = identity.member
        if member.imported_from and (undated or person.first_seen_at < member.joined_at):
            member.joined_at = person.first_seen_at
            moved.append(member)
        if person.is_bot and not member.is_bot and member.bot_reason != "operator":
            member.is_bot, member.bot_reason = True, person.bot_reason
            bots.append(member)
    Identity.objects.bulk_update(earlier, ["first_seen_at"], batch_size=200)
    Identity.objects.bulk_update(dated, ["data"], batch_size=200)
    Identity.objects.bulk_update(addressed, ["email"], batch_size=200)
    Member.objects.bulk_update(moved, ["joined_at"], batch_size=200)
    Member.objects.bulk_update(bots, ["is_bot", "bot_reason"], batch_size=200)
    IdentityName.objects.bulk_create(names, batch_size=BATCH, ignore_conflicts=True)
    return [_about(kinds.JOINED_EARLIER, member, now) for member in moved] + [
        _about(kinds.MARKED_BOT, member, now, reason=member.bot_reason) for member in bots
    ]


def _about(kind: Kind, member: Member, at: datetime, **data: str) -> Line:
    return Line(kind, at, None, "members.member", member.pk, other_id=member.pk, imported=True, data=data)

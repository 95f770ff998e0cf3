"""The link in a letter that stops such letters: signed, without an end, and it opens nothing else."""

from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer

from fireside.lib.errors import NotFound
from fireside.members.queries import reached

LISTS = ("notices", "digest")


@dataclass(frozen=True)
class StopLink:
    person: int
    which: str  # of LISTS
    language: str  # of the person whose letters they are


def stop_address(person: int, which: str) -> str:
    return f"{settings.ADDRESS}/letters/stop/{_signer().sign(f'{person}.{which}')}"


def read_link(word: str) -> StopLink:
    """Whose letters the link stops. NotFound for what this house has not signed, and for people who are gone. One query or two."""
    try:
        person, _dot, which = _signer().unsign(word).partition(".")
    except BadSignature:
        raise NotFound() from None
    who = reached([int(person)]).get(int(person))
    if who is None or which not in LISTS:
        raise NotFound()
    return StopLink(who.id, which, who.language)


def _signer() -> Signer:
    return Signer(salt="fireside.letters.stop")

"""Where a member is signed in."""

from allauth.usersessions.models import UserSession

from fireside.activity.actor import Actor
from fireside.activity.finding import finds
from fireside.lib.errors import NotFound
from fireside.members.models import Member


def sessions_of(member: Member) -> list[UserSession]:
    """A member's own sessions, the newest first. Those that have ended by themselves are left out."""
    return sorted(UserSession.objects.purge_and_list(member), key=lambda one: -one.pk)


@finds(UserSession)
def find_session(viewer: Member | Actor | None, word: str) -> UserSession:
    """A session by its number: one's own; and, for the house, anybody's."""
    pk = int(word) if word.isdecimal() and len(word) < 19 else 0
    if isinstance(viewer, Member):
        return get_session(viewer, pk)
    found = UserSession.objects.filter(pk=pk).first() if viewer is not None and viewer.is_house else None
    if found is None:
        raise NotFound()
    return found


def get_session(member: Member, session_id: int) -> UserSession:
    found = UserSession.objects.filter(pk=session_id, user=member).first() if 0 < session_id < 2**63 else None
    if found is None:
        raise NotFound()
    return found

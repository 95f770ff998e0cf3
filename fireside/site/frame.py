"""What every page shows round its own content: name, places, tabs, bell, own spaces."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fireside.activity.doors import viewer_of
from fireside.lib.pages import frame_by
from fireside.members.queries import spoken
from fireside.members.rights import may


@dataclass(frozen=True)
class Place:
    key: str
    href: str
    icon: str
    word: Any


HOME = Place("home", "/", "house", _("Home"))
TALK = Place("talk", "/talk", "messages-square", _("Talk"))
START = Place("start", "/start", "plus", _("Start"))
PEOPLE = Place("people", "/people", "users", _("People"))
ME = Place("me", "/me", "circle-user-round", _("Me"))
REPORTS = Place("reports", "/reports", "shield", _("Reports"))
COCKPIT = Place("cockpit", "/cockpit", "layout-grid", _("Cockpit"))
JOIN = Place("join", "/accounts/signup/", "user-round-plus", _("Join"))
SHOWN_SPACES = 10


@dataclass(frozen=True)
class Frame:
    me: Any
    community: Any
    bell: int
    talks: int  # private conversations with something unread
    spaces: list[Any]
    staff: bool
    decides: bool  # what becomes of reports, anywhere
    here: str
    space: str  # slug of the space one stands in, to mark it in the rail
    lang: str
    theme: str
    may_empty: bool
    messages: Any = field(default=(), repr=False)

    @property
    def name(self) -> str:
        return self.community.name if self.community else "Fireside"

    @property
    def is_sample(self) -> bool:
        return bool(self.community and self.community.is_sample)

    @property
    def plain(self) -> "Plain | None":
        """None where a message waits to be shown, which is said once."""
        if len(self.messages):
            return None
        me = Me(self.me.pk, self.me.shortcuts) if self.me else None
        return Plain(self.name, me, self.lang, self.theme, self.is_sample, self.may_empty, self.shell, tuple(spoken()))

    @property
    def shell(self) -> "Shell":
        spaces = tuple(Line(one.slug, one.name, one.icon) for one in self.spaces)
        return Shell(
            self.name, self.me.name if self.me else None, self.bell, self.talks, spaces, self.staff, self.decides, self.here, self.space
        )


class Me(NamedTuple):
    """What the frame says of who is signed in."""

    pk: int
    shortcuts: bool


class Plain(NamedTuple):
    """The frame of a page as plain values: pages that have it alike share what is made of it (lib/framed.py)."""

    name: str
    me: Me | None
    lang: str
    theme: str
    is_sample: bool
    may_empty: bool
    shell: "Shell"
    languages: tuple[str, ...]  # of the community: the templates ask for them themselves
    messages: tuple[()] = ()


class Line(NamedTuple):
    """One space of the rail."""

    slug: str
    name: str
    icon: str


class Shell(NamedTuple):
    """Rail, head and tabs, as plain values: many pages have them alike (lib/parts.py)."""

    name: str
    me: str | None
    bell: int
    talks: int
    spaces: tuple[Line, ...]
    staff: bool
    decides: bool
    here: str
    space: str

    @property
    def places(self) -> list[Place]:
        return [HOME, TALK, *([PEOPLE] if self.me else []), *([REPORTS] if self.decides else []), *([COCKPIT] if self.staff else [])]

    @property
    def tabs(self) -> list[Place]:
        return [HOME, TALK, START, PEOPLE, ME] if self.me else [HOME, TALK, JOIN]


def where(path: str) -> str:
    """Which place a path belongs to."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return {"": "home", "talk": "talk", "spaces": "talk", "t": "talk", "later": "talk", "following": "talk", "start": "start", "share": "start", "people": "people", "me": "me",
            "notices": "notices", "messages": "messages", "reports": "reports", "cockpit": "cockpit", "community": "cockpit", "search": "search"}.get(first, "")  # fmt: skip


def _space_of(request: HttpRequest, parts: list[str]) -> str:
    """The space that an address names, or that the page's view has named (a topic's)."""
    return parts[2] if len(parts) > 2 and parts[1] == "spaces" else getattr(request, "stands_in", "")


@frame_by
def frame_of(request: HttpRequest) -> Frame:
    from fireside.site import access  # reads the lower apps; kept apart so that an error page can do without

    me = viewer_of(request)
    community = access.community()
    parts = request.path.split("/")
    bell, talks, spaces = access.around(me, SHOWN_SPACES)
    return Frame(
        me=me, community=community, bell=bell, talks=talks, spaces=spaces, staff=access.is_staff(me), decides=may(me, "moderation.decide") if me else False,
        here=getattr(request, "place", "") or where(request.path), space=_space_of(request, parts), lang=get_language() or "en",
        theme=getattr(request, "theme", ""), may_empty=bool(community and community.is_sample) and access.may_empty(me, request), messages=get_messages(request),
    )  # fmt: skip

"""What a new community begins with, by its kind. The words are said in its first language by the action."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Starter:
    """A space that stands there on the first day. Operators rename, change or archive it as any other."""

    slug: str
    name: Any
    about: Any
    icon: str
    openness: str = "open"


HELLO = Starter("hello", _("Say hello"), _("Who you are, and what brings you here."), "sun", "public")
QUESTIONS = Starter(
    "questions", _("Questions and answers"), _("Ask here. Whoever knows, answers; mark what helped you."), "hand-helping", "public"
)
STARTERS: dict[str, tuple[Starter, ...]] = {
    "product": (
        HELLO,
        QUESTIONS,
        Starter("wishes", _("What could be better"), _("What works, what does not, and what you would change."), "lightbulb"),
    ),
    "company": (HELLO, QUESTIONS, Starter("news", _("From the workshop"), _("What is being made, and what you think of it."), "hammer")),
    "interest": (HELLO, QUESTIONS, Starter("showing", _("Look what I made"), _("Show what you made, found or tried."), "sprout")),
    "neighbourhood": (
        HELLO,
        QUESTIONS,
        Starter("lending", _("Lend and give away"), _("What you have to spare, and what you look for."), "gift"),
    ),
    "learning": (HELLO, QUESTIONS, Starter("notes", _("Notes and sources"), _("What you read and what you took from it."), "star")),
    "other": (HELLO, QUESTIONS),
}

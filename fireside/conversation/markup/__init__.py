"""From words to safe HTML. Pure: no tables, no clock. `VERSION` grows when the same source would give other HTML."""

from collections.abc import Mapping

from fireside.conversation.markup.archive import clean_archive_html
from fireside.conversation.markup.files import Files, Shown
from fireside.conversation.markup.letters import in_a_letter
from fireside.conversation.markup.markdown import Parsed, lang_of, parse, plain_words, quoted, render
from fireside.conversation.markup.thanks import gives_thanks

VERSION = 2

__all__ = [
    "VERSION",
    "Files",
    "Parsed",
    "Shown",
    "clean_archive_html",
    "gives_thanks",
    "in_a_letter",
    "lang_of",
    "parse",
    "plain_words",
    "quoted",
    "render",
    "to_markdown",
]


def to_markdown(made: str, called: Mapping[str, str] | None = None) -> str:
    """Markdown that shows the same words as this HTML. `called`: the handle of whom a post calls, by the name that stands in it."""
    from fireside.conversation.markup import from_html  # what it reads HTML with is loaded when somebody edits or quotes an archive's post

    return from_html.to_markdown(made, called)

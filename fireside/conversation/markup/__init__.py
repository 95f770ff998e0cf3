"""From words to safe HTML. Pure: no tables, no clock. `VERSION` grows when the same source would give other HTML."""

from fireside.conversation.markup.archive import clean_archive_html
from fireside.conversation.markup.from_html import to_markdown
from fireside.conversation.markup.markdown import Parsed, lang_of, parse, plain_words, quoted, render

VERSION = 1

__all__ = ["VERSION", "Parsed", "clean_archive_html", "lang_of", "parse", "plain_words", "quoted", "render", "to_markdown"]

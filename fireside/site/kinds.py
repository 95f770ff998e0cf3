"""What lines of the site mean. What the house does by itself is nobody's news; that somebody gave part of it up is."""

from django.utils.translation import gettext_lazy as _

from fireside.activity.kinds import Kind

LET_LINE_GO = Kind("site.let_line_go", _("{actor} let a parked line go"), counts=False, forget=("reason",))
EXPORTED = Kind("site.exported", _("{actor} took the whole community out in an export"), counts=False)
LET_LETTER_GO = Kind("site.let_letter_go", _("{actor} let a letter go that could not leave"), counts=False, forget=("reason",))

"""What lines of the site mean. What the house does by itself is nobody's news; that somebody gave part of it up is."""

from django.utils.translation import gettext_lazy as _

from fireside.activity.kinds import Kind

LET_LINE_GO = Kind("site.let_line_go", _("{actor} let a parked line go"), counts=False, forget=("reason",))
EXPORTED = Kind("site.exported", _("{actor} took the whole community out in an export"), counts=False)
EXPORTED_WITH_PRIVATE = Kind(
    "site.exported_with_private", _("{actor} took the whole community out in an export, private conversations included"), counts=False
)
KEPT_FOR = Kind("site.kept_for", _("{actor} chose how many days things are kept: {what}, {days}"), counts=False)
OWN_DATA_ASKED = Kind("site.own_data_asked", _("{actor} asked for their own data"), counts=False)
OWN_DATA_READY = Kind("site.own_data_ready", _("What is held of you is ready to be fetched"), counts=False, audience=lambda a: [a.other_id])
ERASURE_ASKED = Kind("site.erasure_asked", _("{actor} asked to be forgotten"), counts=False)
ERASURE_TAKEN_BACK = Kind("site.erasure_taken_back", _("{actor} stays after all"), counts=False)
ERASURE_ORDERED = Kind("site.erasure_ordered", _("{actor} had {other} forgotten"), counts=False, forget=("reason",))
ERASED = Kind("site.erased", _("{other} was forgotten"), counts=False)
WORK_STOPPED = Kind("site.work_stopped", _("{actor} stopped long work: {name}"), counts=False)
WORK_RESUMED = Kind("site.work_resumed", _("{actor} let long work go on: {name}"), counts=False)
LINE_TRIED = Kind("site.line_tried", _("{actor} had a parked line tried again"), counts=False)
LINES_TRIED = Kind("site.lines_tried", _("{actor} had parked lines tried again: {reaction}, {count}"), counts=False)
LETTER_TRIED = Kind("site.letter_tried", _("{actor} had a letter tried again that could not leave"), counts=False)
EXPORT_REMOVED = Kind("site.export_removed", _("{actor} removed an export of the community"), counts=False)
LET_LETTER_GO = Kind("site.let_letter_go", _("{actor} let a letter go that could not leave"), counts=False, forget=("reason",))

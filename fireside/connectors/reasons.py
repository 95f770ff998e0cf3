"""Why a record was left out, in words that say what to do."""

from typing import Any

from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Any] = {
    "bad_json": _("This line is no JSON. It was damaged when the file was written: export it again, or mend the line."),
    "bad_encoding": _("These bytes are no UTF-8. Save the file as UTF-8."),
    "bad_characters": _("There is a NUL or half a character in it, which nothing can store. Take it out."),
    "too_long": _("Longer than 4 MB (a file: 512 MB). Nobody wrote that by hand; split it if somebody did."),
    "cut_off": _("The file ends in the middle. Copy it again; what came before is in."),
    "not_a_record": _("This is JSON, but no record with named fields."),
    "no_id": _("It has no id (a whole number), so it could not be told from its own copy."),
    "no_time": _("It does not say when."),
    "impossible_time": _("Its time cannot be: before 1990, in the future, or no such day."),
    "unclear_time": _("Day and month cannot be told apart here. Say which comes first: --dates dmy or --dates mdy."),
    "no_place": _("It does not say where (stream and topic)."),
    "no_sender": _("It does not say who wrote it."),
    "no_text": _("It has no words."),
    "direct_message": _("A direct message between people. These are never brought in, and nothing of it was written down here."),
    "no_name": _("This row has neither a name nor an id nor an address."),
    "bad_email": _("This is no e-mail address."),
    "same_person": _("The same id or address stands in an earlier row of this file."),
    "wrong_width": _("This row has more cells than the head of the table."),
    "no_kind": _("It does not say what happened (kind), or says a word that is not known here."),
    "no_actor": _("It does not say who did it (actor)."),
    "no_target": _("What it refers to is neither here nor in this file before it."),
}


def explained(code: str) -> str:
    """The reason in the reader's language."""
    return str(REASONS.get(code, code))

"""Why a record was left out, in words that say what to do."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from fireside.connectors.rules.records import Unusable
from fireside.lib.errors import Refused

REASONS: dict[str, Any] = {
    "bad_json": _("This line is no JSON. It was damaged when the file was written: export it again, or mend the line."),
    "bad_encoding": _("These bytes are no UTF-8. Save the file as UTF-8."),
    "bad_characters": _("There is a NUL or half a character in it, which nothing can store. Take it out."),
    "too_long": _("Longer than 4 MB (a file: 512 MB). Nobody wrote that by hand; split it if somebody did."),
    "too_deep": _("Its HTML holds more than 300 elements within each other. Nobody wrote that by hand; take some of them out."),
    "cut_off": _("The file ends in the middle. Copy it again; what came before is in."),
    "open_quote": _(
        'A quote (") is opened in this line and not closed. Close it, or take it out. The lines after it were read on their own.'
    ),
    "not_a_record": _("This is JSON, but no record with named fields."),
    "no_id": _("It has no id (a whole number), so it could not be told from its own copy."),
    "no_time": _("It does not say when."),
    "impossible_time": _("Its time cannot be: before 1990, in the future, or no such day."),
    "unclear_time": _("Day and month cannot be told apart here. Say which comes first (on the page, or by --dates dmy)."),
    "no_place": _("It does not say where (stream and topic)."),
    "no_sender": _("It does not say who wrote it."),
    "no_text": _("It has no words."),
    "direct_message": _("A direct message between people. These are never brought in, and nothing of it was written down here."),
    "one_to_one": _(
        "A conversation of two people. It stays theirs: such come in only if you ask for them, and then only these two read them."
    ),
    "stray_words": _("These words stand above the first message, and nobody said them."),
    "no_ones_words": _("A line of the program itself: somebody came, a channel has a new name. Nobody said it."),
    "no_topic": _("What it answers is neither in this archive nor here. Bring in an archive that holds it, then this one again."),
    "whisper": _("Said among those who look after the forum, for nobody else. Nothing of it was written down here."),
    "removed_there": _("It was removed there, or is shown to nobody. Nothing of it was written down here."),
    "not_a_letter": _("This is no letter that could be read: its head or its parts are damaged."),
    "no_talk": _("A page about a tag, and nobody’s question or answer. The house keeps no such pages."),
    "bad_xml": _("This row is no XML. It was damaged when the file was written: export it again, or mend the row."),
    "no_name": _("This row has neither a name nor an id nor an address."),
    "bad_email": _("This is no e-mail address."),
    "same_person": _("The same id or address stands in an earlier row of this file."),
    "wrong_width": _("This row has more cells than the head of the table."),
    "no_kind": _("It does not say what happened (kind), or says a word that is not known here."),
    "no_actor": _("It does not say who did it (actor)."),
    "private_there": _(
        "Its channel is private there, and its space stands open here. Make the space hidden, then bring in the same again."
    ),
    "no_target": _("What it refers to is neither here nor in this file before it."),
}


def explained(code: str) -> str:
    """The reason in the reader's language."""
    return str(REASONS.get(code, code))


NOTES: dict[str, Any] = {  # count -> what whoever brings a history in should know of it
    "files_left": ngettext_lazy(
        "%(count)s attached file was left in the archive: an import brings words, and no files. A message that showed it now names it. Keep the archive.",
        "%(count)s attached files were left in the archive: an import brings words, and no files. Messages that showed one now name it. Keep the archive.",
        "n",
    ),
    "hidden_spaces": ngettext_lazy(
        "%(count)s private channel became a hidden space: only who is subscribed to it knows of it.",
        "%(count)s private channels became hidden spaces: only who is subscribed to one knows of it.",
        "n",
    ),
    "unsure_spaces": ngettext_lazy(
        "%(count)s space is hidden, for nothing in the archive says who may read it: those who wrote there belong to it. If more may, open it in its settings. (Of a Discourse forum categories.json or site.json says it, brought in with the first topics.)",
        "%(count)s spaces are hidden, for nothing in the archive says who may read them: those who wrote there belong to them. If more may, open them in their settings. (Of a Discourse forum categories.json or site.json says it, brought in with the first topics.)",
        "n",
    ),
    "not_let_in": ngettext_lazy(
        "%(count)s subscription to a private channel was not taken over: there, who comes later does not read what was said before, and here they would. Take them in on the page of the space if that is right.",
        "%(count)s subscriptions to private channels were not taken over: there, who comes later does not read what was said before, and here they would. Take them in on the page of the space if that is right.",
        "n",
    ),
    "left_since": ngettext_lazy(
        "%(count)s person was in a private channel when this archive was made, and is not let in: a newer one that is here already does not have them there. Take them in on the page of the space if that is right.",
        "%(count)s people were in private channels when this archive was made, and are not let in: a newer one that is here already does not have them there. Take them in on the page of the space if that is right.",
        "n",
    ),
    "changed_there": ngettext_lazy(
        "%(count)s message says something else there now. It stays here as it came in first: later edits at the source are not followed.",
        "%(count)s messages say something else there now. They stay here as they came in first: later edits at the source are not followed.",
        "n",
    ),
    "pinned_there": ngettext_lazy(
        "%(count)s message was pinned there that opens no topic here. Here topics are pinned, not single posts: it stands without a pin.",
        "%(count)s messages were pinned there that open no topic here. Here topics are pinned, not single posts: they stand without a pin.",
        "n",
    ),
    "helped_themselves": ngettext_lazy(
        "%(count)s line says that somebody helped themselves. Nobody is their own helper: nothing came of it, and it counts as unchanged.",
        "%(count)s lines say that somebody helped themselves. Nobody is their own helper: nothing came of them, and they count as unchanged.",
        "n",
    ),
    "pictures_rejected": ngettext_lazy(
        "%(count)s picture of a person could not be read. The file of what was left out names it.",
        "%(count)s pictures of people could not be read. The file of what was left out names them.",
        "n",
    ),
}  # fmt: skip


def notes_of(counts: Mapping[str, Any]) -> list[str]:
    """What whoever brings a history in should know beside the counts, in the reader's language."""
    return [str(words % {"n": counts[name], "count": f"{counts[name]:,}"}) for name, words in NOTES.items() if counts.get(name)]


FACTS: dict[str, Any] = {
    "people": _("people"), "bots": _("bots"), "spaces": _("spaces"), "topics": _("topics"), "source": _("source"), "form": _("form"), "clock": _("clock"),
    "helps": _("accepted answers and help"), "helps_unchanged": _("of help here already"), "helps_rejected": _("of help without its post"), "closed_topics": _("closed topics"), "tagged_topics": _("topics with tags"), "pinned_topics": _("pinned topics"),
    "counters_agree": _("counters that agree"), "counters_differ": _("counters that differ"),
}  # fmt: skip


def facts_of(counts: Mapping[str, Any]) -> list[str]:
    """What was found besides records: how many people and places, which column was read as what."""
    plain = {
        key: FACTS.get(key, key.replace("_", " ")) for key, value in counts.items() if isinstance(value, str | int) and key not in _TOLD
    }
    told = [
        ", ".join(f"{words} {counts[key]:,}" if isinstance(counts[key], int) else f"{words} {counts[key]}" for key, words in plain.items())
    ]
    if columns := counts.get("columns"):
        told.append(gettext("Columns: %(columns)s") % {"columns": ", ".join(f"{field} = {head}" for field, head in columns.items())})
    if left := counts.get("columns_left"):
        told.append(gettext("Columns left out: %(columns)s") % {"columns": ", ".join(left)})
    return [words for words in told if words]


_TOLD = {"read", "imported", "unchanged", "rejected", "rejected_file", "run"}
REFUSALS = {
    "json_lines": _("This is a file of JSON lines, and no table of people. It looks like a file of activity, or a Zulip history: bring it in as that."),
    "doubtful_encoding": _("It cannot be told in which encoding this file is written: read as one or the other it says different things. Save it as UTF-8 and bring it in again."),
    "open_quote": _("In its first lines a quote (\") is opened and not closed. Close it, or take it out, and bring it in again."),
    "no_such_path": _("There is nothing at this path. Check it; the house reads it on its own machine."),
    "not_zulip": _("This is no Zulip history. It must be a .jsonl or .jsonl.gz file, the archive’s folder (zulip_json) or Zulip’s own export (with realm.json)."),
    "not_slack": _("This is no Slack export. It must be the .zip that Slack made, or its folder, with channels.json in it."),
    "not_gitter": _("These are no rooms of Gitter. It must be a .tsv or .tsv.gz file, or a folder of them, with the columns room_id, room_uri, sent_at, from_userid, from_username, message_id and text."),
    "not_chatlab": _("This is no file of the ChatLab format. It must be .json or .jsonl, and say “chatlab” and “meta” at its beginning."),
    "not_discord": _("This is no export of a Discord channel. It must be a .json file of DiscordChatExporter, which says “guild” and “channel” at its beginning, or a folder of them."),
    "not_qq": _("This is no text file of QQ. It must be .txt, with a line like “2019-07-16 18:15:05 name(number)” above each message."),
    "not_wechat": _("This is no table of WeChat. It must be .csv, with the columns Type, IsSender, CreateTime, StrContent and Sender."),
    "unknown_openness": _("A space is public, open, private or hidden."),
    "unknown_zone": _("There is no such time zone. Write it like Asia/Shanghai."),
    "not_discourse": _("This is no Discourse. It must be a backup, its dump.sql.gz, or a folder of topics as JSON (/t/ID.json)."),
    "not_mbox": _("This is no mbox. It must be a file of letters that begins with “From ”, packed by gzip or not, or a folder of them."),
    "not_stackexchange": _("This is no dump of Stack Exchange. It must be Posts.xml, or the folder in which it lies."),
    "several_sites": _("There are several sites in this folder. Bring them in one after the other, each by its Posts.xml."),
    "xml_entities": _("This file declares entities, which no dump needs and which can fill a whole machine. Nothing of it was read."),
    "partial_export": _("This export was not finished: it holds .partial files. Let Zulip finish it, or export again."),
    "unsafe_archive": _("This archive holds paths that lead out of it. Nothing was unpacked. Pack it again from inside its folder."),
    "bomb": _("This archive would unpack to an absurd size. Nothing was brought in."),
    "cut_off": _("The file ends in the middle. Copy it again."),
    "no_head": _("The first line of the table must name its columns; kind and actor must be among them. See docs/importing.md."),
    "no_records": _("There is not a single record in this file."),
    "empty_table": _("There is not a single row in this table."),
    "not_a_table": _("This is neither CSV nor XLSX. Save it as one of these and hand it in again."),
    "bad_json": _("Its main file is no JSON. Export it again."),
    "too_long": _("Its main file is larger than 512 MB. Export fewer years at once."),
}  # fmt: skip


def refuse(wrong: Unusable) -> Refused:
    return Refused(wrong.reason, REFUSALS.get(wrong.reason, REASONS.get(wrong.reason, wrong.reason)))


def refuse_wishes(wrong: Sequence[str]) -> None:
    """Refuse columns chosen by hand that are none."""
    if wrong:
        raise Refused("no_such_column", _("There is no such field or column: %(wrong)s. Fields: id, name, email, phone, joined, language, about, bot.") % {"wrong": ", ".join(wrong)}, field="columns")  # fmt: skip

"""Everything that can happen when history comes in: asking for it, the run itself, uploads."""

from fireside.connectors.actions.asking import ask_for_import, handed_in, keep_upload, name_file, note_upload, put_aside, remove_old_uploads
from fireside.connectors.actions.places import take_in_places
from fireside.connectors.actions.renames import follow_names
from fireside.connectors.actions.runs import Taken, begin_run, end_run, take_in_batch
from fireside.connectors.actions.samples import refuse_in_sample

__all__ = [
    "Taken",
    "ask_for_import",
    "begin_run",
    "end_run",
    "follow_names",
    "handed_in",
    "keep_upload",
    "name_file",
    "note_upload",
    "put_aside",
    "refuse_in_sample",
    "remove_old_uploads",
    "take_in_batch",
    "take_in_places",
]

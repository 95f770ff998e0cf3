"""Long work of this app: bringing in a Zulip history, an activity file, a list of members."""

from fireside.connectors.jobs.activity import import_activity
from fireside.connectors.jobs.members import import_members
from fireside.connectors.jobs.zulip import import_zulip

__all__ = ["import_activity", "import_members", "import_zulip"]

"""Long work of this app: bringing in a history of talk, an activity file, a list of members."""

from fireside.connectors.jobs.activity import import_activity
from fireside.connectors.jobs.chats import (
    import_chatlab,
    import_discord,
    import_discourse,
    import_gitter,
    import_mbox,
    import_qq,
    import_slack,
    import_stackexchange,
    import_wechat,
    import_zulip,
)
from fireside.connectors.jobs.members import import_members

__all__ = [
    "import_activity",
    "import_chatlab",
    "import_discord",
    "import_discourse",
    "import_gitter",
    "import_mbox",
    "import_members",
    "import_qq",
    "import_slack",
    "import_stackexchange",
    "import_wechat",
    "import_zulip",
]

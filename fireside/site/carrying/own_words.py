"""What the parts of a member's own data are called on the page that they read."""

from typing import Any

from django.utils.translation import gettext_lazy as _

HEADINGS: dict[str, Any] = {
    "account/addresses": _("Your addresses"), "members/identities": _("Who you were elsewhere"), "members/merges": _("Accounts joined into one"),
    "members/tokens": _("Tokens for programs"), "mfa/authenticators": _("Second steps and passkeys"), "usersessions/user_sessions": _("Your devices"),
    "conversation/reactions": _("Signs that you gave"), "conversation/helped": _("What helped you"), "conversation/drafts": _("Drafts"),
    "conversation/kept_for_later": _("Kept for later"), "conversation/reading_marks": _("How far you read"), "conversation/edits": _("What you edited"),
    "conversation/mentions": _("Where you were called"), "notifications/notices": _("What you were told"), "spaces/belongings": _("Spaces you belong to"),
    "spaces/gone": _("Spaces you left"), "spaces/asks_to_join": _("Where you asked to be let in"), "activity/letters": _("Letters to you"),
    "site/erasures": _("That you asked to be forgotten"), "connectors/import_runs": _("Histories that you brought in"),
}  # fmt: skip
FIELDS: dict[str, Any] = {
    "id": _("number"), "name": _("name"), "handle": _("handle"), "email": _("e-mail"), "language": _("language"), "time_zone": _("time zone"),
    "about": _("about you"), "why": _("why you came"), "picture": _("picture"), "role": _("role"), "joined_at": _("joined"), "last_seen_on": _("last here"),
    "last_login": _("last sign-in"), "at": _("when"), "title": _("title"), "text": _("words"), "note": _("note"), "place": _("place"), "saved_at": _("kept"),
    "created_at": _("since"), "since": _("since"), "last_seen_at": _("last used"), "ip": _("address on the net"), "user_agent": _("browser"),
    "source": _("source"), "external_id": _("id there"), "first_seen_at": _("first seen"), "verified": _("verified"), "made_at": _("made"),
    "seen_at": _("seen"), "read_at": _("read"), "kind": _("kind"), "sign": _("sign"), "topic_id": _("topic"), "post_id": _("post"), "space_id": _("space"),
}  # fmt: skip

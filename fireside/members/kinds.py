"""What the log says of people."""

from django.utils.translation import gettext_lazy as _

from fireside.activity.kinds import Kind

JOINED = Kind("members.joined", _("{actor} joined the community"), core="participate", merit=1, told=True)
JOINED_EARLIER = Kind("members.joined_earlier", _("{other} joined earlier than was known: so a history says"), counts=False)
PROFILE_CHANGED = Kind("members.profile_changed", _("{actor} changed their profile"), counts=False)
ROLE_CHANGED = Kind("members.role_changed", _("{actor} made {other} {role}"), counts=False, audience=lambda a: [a.other_id])
MERGED = Kind("members.merged", _("{actor} joined two traces of {other} into one person"), counts=False)
UNMERGED = Kind("members.unmerged", _("{actor} parted two traces of {other} again"), counts=False)
CLAIM_OFFERED = Kind("members.claim_offered", _("{actor} made a link by which {other} can be claimed"), counts=False)
CLAIMED = Kind("members.claimed", _("{actor} claimed what they said elsewhere as {other}"), counts=False)
PASSWORD_LINK_MADE = Kind(
    "members.password_link_made",
    _("{actor} made a link by which {other} sets a new password"),
    counts=False,
    audience=lambda a: [a.other_id],
)
NEW_BROWSER = Kind(
    "members.new_browser",
    _("Somebody signed in as {other} with a browser that was not known: {browser}"),
    counts=False,
    audience=lambda a: [a.other_id],
    letter=False,  # it has a letter of its own, at once
    forget=("browser",),
)
# What one comes in by was changed. The house tells it: whoever did it unasked has no say in that. Each has a letter of its own, at once.
PASSWORD_CHANGED = Kind(
    "members.password_changed", _("{other}’s password was changed"), counts=False, audience=lambda a: [a.other_id], letter=False
)
ADDRESS_CHANGED = Kind(
    "members.address_changed", _("{other}’s e-mail address was changed"), counts=False, audience=lambda a: [a.other_id], letter=False
)
SECOND_STEP_CHANGED = Kind(
    "members.second_step_changed",
    _("{other}’s second step at sign-in was changed"),
    counts=False,
    audience=lambda a: [a.other_id],
    letter=False,
)
PASSKEY_CHANGED = Kind(
    "members.passkey_changed", _("{other}’s passkeys were changed"), counts=False, audience=lambda a: [a.other_id], letter=False
)
SHUT_OUT = Kind("members.shut_out", _("{actor} ended every session and token of theirs"), counts=False)
SESSION_ENDED = Kind("members.session_ended", _("{actor} signed out one of their browsers"), counts=False)
MARKED_BOT = Kind("members.marked_bot", _("{actor} marked {other} as a bot"), counts=False)
MARKED_PERSON = Kind("members.marked_person", _("{actor} marked {other} as a person"), counts=False)
TOKEN_MADE = Kind("members.token_made", _("{actor} made the token “{name}”"), counts=False)
TOKEN_REVOKED = Kind("members.token_revoked", _("{actor} revoked the token “{name}”"), counts=False)
COMMUNITY_SET_UP = Kind("members.community_set_up", _("{actor} set up {name}"), counts=False)
COMMUNITY_CHANGED = Kind("members.community_changed", _("{actor} changed how the community presents itself"), counts=False)

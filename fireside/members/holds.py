"""What is held of people: by our tables, and by those of sign-in, which are allauth's and Django's."""

from fireside.lib.holds import ANEW, KEYS, holds

holds("members.Member", without={"password": "!"}, of=("id",), erase="act", files=("picture",))
holds("members.Identity", of=("member_id",), erase="act")
holds("members.Merge", of=("member_id", "into_id"), erase="act", wrote={"by_id": ("reason",)})
holds("members.ClaimLink", stays=KEYS)
holds("members.Token", stays=KEYS, own=("id", "name", "prefix", "scopes", "made_at", "last_used_on", "expires_at", "revoked_at"))
holds("members.Block", of=("member_id",))  # whoever is blocked does not learn it from what is held of them
holds("members.Community")

holds("account.EmailAddress", name="addresses")
holds("account.EmailConfirmation", stays=KEYS)
holds("mfa.Authenticator", stays=KEYS, own=("id", "type", "created_at", "last_used_at"))
holds("usersessions.UserSession", stays=KEYS, own=("id", "created_at", "last_seen_at", "ip", "user_agent"))
holds("sessions.Session", stays=KEYS)
for made in ("contenttypes.ContentType", "auth.Permission", "auth.Group", "auth.Group_permissions"):
    holds(made, stays=ANEW)

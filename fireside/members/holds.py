"""What is held of people: by our tables, and by those of sign-in, which are allauth's and Django's."""

from fireside.lib.holds import ANEW, KEYS, holds

holds("members.Member", without={"password": "!"}, of=("id",), erase="keep")  # what goes is said where members are erased
holds("members.Identity", of=("member_id",), erase="remove")
holds("members.Merge", of=("member_id", "into_id"), erase="strip", blank={"reason": ""})
holds("members.ClaimLink", stays=KEYS)
holds("members.Token", stays=KEYS)
holds("members.Community")

holds("account.EmailAddress", name="addresses")
holds("account.EmailConfirmation", stays=KEYS)
holds("mfa.Authenticator", stays=KEYS)
holds("usersessions.UserSession", stays=KEYS)
holds("sessions.Session", stays=KEYS)
for made in ("contenttypes.ContentType", "auth.Permission", "auth.Group", "auth.Group_permissions"):
    holds(made, stays=ANEW)

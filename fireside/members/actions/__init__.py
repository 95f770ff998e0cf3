"""Everything that can happen to people here, by noun: the community, joining, profiles, histories, identities, tokens."""

from fireside.members.actions.blocks import block_member, unblock_member
from fireside.members.actions.bots import mark_bot, mark_person
from fireside.members.actions.browsers import disown, end_session, meet_browser, note_way_in, shut_out
from fireside.members.actions.claims import claim, claim_by_email, offer_claim
from fireside.members.actions.community import change_community, set_up_community
from fireside.members.actions.joining import change_role, join_community
from fireside.members.actions.merges import merge_members, unmerge_members
from fireside.members.actions.profile import change_profile, remove_picture, set_picture
from fireside.members.actions.seen import note_seen
from fireside.members.actions.taking_in import PersonIn, take_in_people
from fireside.members.actions.taking_in_pictures import take_in_picture
from fireside.members.actions.tokens import make_token, revoke_token
from fireside.members.actions.ways_in import offer_new_password

__all__ = [
    "PersonIn",
    "block_member",
    "change_community",
    "change_profile",
    "change_role",
    "claim",
    "claim_by_email",
    "disown",
    "end_session",
    "join_community",
    "make_token",
    "mark_bot",
    "mark_person",
    "meet_browser",
    "merge_members",
    "note_seen",
    "note_way_in",
    "offer_claim",
    "offer_new_password",
    "remove_picture",
    "revoke_token",
    "set_picture",
    "set_up_community",
    "shut_out",
    "take_in_people",
    "take_in_picture",
    "unblock_member",
    "unmerge_members",
]

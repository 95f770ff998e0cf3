"""Questions about people, each for a viewer."""

from fireside.members.queries.cards import Card, called_names, card_of, cards_of, picture_url
from fireside.members.queries.community import (
    a_sample_lives_here,
    anybody_from_elsewhere,
    anybody_here,
    day_here,
    forget_community,
    get_community,
    kept_days,
    spoken,
    the_community,
    the_owner,
)
from fireside.members.queries.identities import (
    claimable_by_email,
    claimable_trace,
    identities_of,
    look_alikes,
    merges_of,
    other_person,
    side_of,
    trace_of_link,
    traces_by_words,
)
from fireside.members.queries.people import (
    erased_members,
    find_member,
    get_member,
    get_trace,
    holders_by_role,
    ids_by_handle,
    ids_by_role,
    ids_of_person,
    ids_of_person_numbered,
    last_seen,
    people_by_prefix,
    people_list,
    people_to_call,
    person_named,
    traces_among,
    traces_of,
    visible_members,
    with_account,
)
from fireside.members.queries.reach import Reached, back_since, get_person, owner_of_address, reachable_without, reached
from fireside.members.queries.sessions import get_session, sessions_of
from fireside.members.queries.table import PersonRow, joined_day, people_table, saying_undated
from fireside.members.queries.tokens import get_token, living_token, tokens_of

__all__ = [
    "Card", "PersonRow", "Reached", "a_sample_lives_here", "anybody_from_elsewhere", "anybody_here", "back_since", "called_names",
    "card_of", "cards_of", "claimable_by_email", "claimable_trace", "day_here", "erased_members", "find_member", "forget_community",
    "get_community", "get_member", "get_person", "get_session", "get_token", "get_trace", "holders_by_role", "identities_of",
    "ids_by_handle", "ids_by_role", "ids_of_person", "ids_of_person_numbered", "joined_day", "kept_days", "last_seen", "living_token",
    "look_alikes", "merges_of", "other_person", "owner_of_address", "people_by_prefix", "people_list", "people_table", "people_to_call", "person_named",
    "picture_url", "reachable_without", "reached", "saying_undated", "sessions_of", "side_of", "spoken", "the_community", "the_owner",
    "tokens_of", "trace_of_link", "traces_among", "traces_by_words", "traces_of", "visible_members", "with_account",
]  # fmt: skip

"""Questions about people, each for a viewer."""

from fireside.members.queries.cards import Card, card_of, cards_of, picture_url
from fireside.members.queries.community import (
    a_sample_lives_here,
    anybody_from_elsewhere,
    anybody_here,
    day_here,
    forget_community,
    get_community,
    the_community,
    the_owner,
)
from fireside.members.queries.identities import (
    claimable_by_email,
    claimable_trace,
    identities_of,
    look_alikes,
    merges_of,
    person_of,
    side_of,
    trace_of_link,
    traces_by_words,
)
from fireside.members.queries.people import (
    find_member,
    get_member,
    get_trace,
    ids_by_handle,
    last_seen,
    people_by_prefix,
    people_list,
    visible_members,
)
from fireside.members.queries.table import PersonRow, people_table
from fireside.members.queries.tokens import get_token, living_token, tokens_of

__all__ = [
    "Card",
    "PersonRow",
    "a_sample_lives_here",
    "anybody_from_elsewhere",
    "anybody_here",
    "card_of",
    "cards_of",
    "claimable_by_email",
    "claimable_trace",
    "day_here",
    "find_member",
    "forget_community",
    "get_community",
    "get_member",
    "get_token",
    "get_trace",
    "identities_of",
    "ids_by_handle",
    "last_seen",
    "living_token",
    "look_alikes",
    "merges_of",
    "people_by_prefix",
    "people_list",
    "people_table",
    "person_of",
    "picture_url",
    "side_of",
    "the_community",
    "the_owner",
    "tokens_of",
    "trace_of_link",
    "traces_by_words",
    "visible_members",
]

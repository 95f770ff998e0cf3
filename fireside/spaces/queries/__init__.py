"""What a viewer may know of places."""

from fireside.spaces.queries.sight import (
    belongs,
    find_space,
    get_ask,
    get_space,
    ids_below,
    known_spaces,
    may_in,
    may_read,
    organises,
    own_belongings,
    person_id,
    readers_among,
    require_in,
    visible_spaces,
)

__all__ = [
    "belongs",
    "find_space",
    "get_ask",
    "get_space",
    "ids_below",
    "known_spaces",
    "may_in",
    "may_read",
    "organises",
    "own_belongings",
    "person_id",
    "readers_among",
    "require_in",
    "visible_spaces",
]

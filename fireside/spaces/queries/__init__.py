"""What a viewer may know of places."""

from fireside.spaces.queries.persons import ties_of
from fireside.spaces.queries.places import (
    OwnSpace,
    PersonHere,
    Row,
    SpaceHead,
    Waiting,
    asks_of,
    head_of,
    list_spaces,
    people_of,
    places_for,
    places_run_by,
    space_page,
    spaces_of,
)
from fireside.spaces.queries.sight import (
    belongs,
    find_space,
    get_ask,
    get_space,
    ids_below,
    known_spaces,
    known_to_all,
    may_in,
    may_read,
    names_of,
    open_of_source,
    organised_among,
    organiser_ids,
    organises,
    own_belongings,
    person_id,
    readers_among,
    require_in,
    sees_every_space,
    space_to_read,
    those_who_look_after,
    visible_spaces,
)

__all__ = [
    "OwnSpace", "PersonHere", "Row", "SpaceHead", "Waiting", "asks_of", "belongs", "find_space", "get_ask", "get_space", "head_of",
    "ids_below", "known_spaces", "known_to_all", "list_spaces", "may_in", "may_read", "names_of", "open_of_source", "organised_among",
    "organiser_ids", "organises", "own_belongings", "people_of", "person_id", "places_for", "places_run_by", "readers_among", "require_in",
    "sees_every_space", "space_page", "space_to_read", "spaces_of", "those_who_look_after", "ties_of",
    "visible_spaces",
]  # fmt: skip

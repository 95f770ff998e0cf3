"""The spaces of the test world, made by calling actions: Ann hosts, Ben belongs, Cat does not."""

from typing import Any

from django.test import Client

from fireside.spaces.actions import bring_in, end_organiser, join_space, leave_space, make_organiser, make_space
from fireside.spaces.models import Space


def add_spaces(world: Any) -> Any:
    """`world.hearth` is open, `world.workshop` private, `world.cellar` hidden; Ann organises all three and Ben belongs to them."""
    world.hearth = _hosted(world, "Hearth", "open", about="Where everybody sits down first.")
    world.workshop = _hosted(world, "Workshop", "private", about="For those who mend.")
    world.cellar = _hosted(world, "Cellar", "hidden", about="Kept among few.")
    return world


def _hosted(world: Any, name: str, openness: str, **words: str) -> Space:
    """Dan makes it, Ann takes over, Ben comes in."""
    space = make_space(world.as_("dan"), name=name, openness=openness, **words)
    for one in ("ann", "ben"):
        if openness in ("public", "open"):
            join_space(world.as_(one), space=space)
        else:
            bring_in(world.as_("dan"), space=space, member=world.people[one])
    make_organiser(world.as_("dan"), space=space, member=world.ann)
    end_organiser(world.as_("dan"), space=space, member=world.dan)
    leave_space(world.as_("dan"), space=space)
    Space.objects.filter(pk=space.pk).update(slug=name.lower())  # a hidden one, too, may have an address that somebody guesses
    space.refresh_from_db()
    return space


def as_(world: Any, name: str, **more: Any) -> Client:
    """The browser of somebody who is signed in, or with "" of a visitor."""
    client = Client(HTTP_ACCEPT_LANGUAGE="en", **more)
    if name:
        client.force_login(world.people[name])
    return client

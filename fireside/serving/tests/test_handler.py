"""The handler of the running house finds the view of an address once."""

import pytest
from django.urls import Resolver404

from fireside.serving import handler


@pytest.fixture(autouse=True)
def fresh():
    handler._view_of.cache_clear()
    yield
    handler._view_of.cache_clear()


def test_an_address_that_was_asked_for_is_not_looked_for_again(rf):
    house = handler.Handler()
    first = house.resolve_request(rf.get("/t/7/3"))
    again = rf.get("/t/7/3?at=x")
    assert house.resolve_request(again) is first and again.resolver_match is first
    assert first.kwargs == {"topic": 7, "number": 3} and first.route == "t/<int:topic>/<int:number>"
    assert house.resolve_request(rf.get("/t/7/4")).kwargs["number"] == 4


def test_what_is_not_there_takes_no_room(rf):
    for _ in range(3):
        with pytest.raises(Resolver404):
            handler.Handler().resolve_request(rf.get("/nowhere/at/all"))
    assert handler._view_of.cache_info().currsize == 0

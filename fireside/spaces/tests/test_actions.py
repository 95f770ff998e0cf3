"""What happens to places, what is recorded, who is refused."""

import pytest

pytestmark = pytest.mark.django_db


def test_world(world):
    from fireside.spaces.queries import known_spaces, visible_spaces

    w = world
    assert [s.members_count for s in (w.hearth, w.workshop, w.cellar)] == [2, 2, 2]
    assert set(visible_spaces(w.cat).values_list("name", flat=True)) == {"Hearth"}
    assert set(known_spaces(w.cat).values_list("name", flat=True)) == {"Hearth", "Workshop"}
    assert set(known_spaces(w.ben).values_list("name", flat=True)) == {"Hearth", "Workshop", "Cellar"}
    assert not known_spaces(None).exists()

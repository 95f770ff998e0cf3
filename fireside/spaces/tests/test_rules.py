"""Who may know and read, whatever stands in what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireside.spaces import rules
from fireside.spaces.rules import HIDDEN, OPEN, PRIVATE, PUBLIC, WIDTHS, Kept, Step

paths = st.lists(st.builds(Step, st.sampled_from(WIDTHS), st.booleans()), min_size=1, max_size=5)
someone = st.fixed_dictionaries({"signed_in": st.booleans(), "runs": st.just(False)})


def outsider(path: list[Step]) -> list[Step]:
    return [Step(step.openness) for step in path]


@given(paths)
def test_what_a_space_stands_in_only_narrows_its_reach(path):
    reach = rules.narrowest(step.openness for step in path)
    assert all(WIDTHS.index(reach) >= WIDTHS.index(step.openness) for step in path)
    assert reach in {step.openness for step in path}


@given(paths, someone)
def test_who_may_not_read_the_space_above_does_not_know_of_this_one(path, viewer):
    if not viewer["signed_in"]:
        path = outsider(path)
    if len(path) > 1 and not rules.may_read(path[:-1], **viewer):
        assert not rules.may_know(path, **viewer)
        assert not rules.may_read(path, **viewer)


@given(paths, someone)
def test_who_may_read_may_know(path, viewer):
    if not viewer["signed_in"]:
        path = outsider(path)
    if rules.may_read(path, **viewer):
        assert rules.may_know(path, **viewer)


@given(paths)
def test_signing_in_and_belonging_never_take_anything_away(path):
    out = outsider(path)
    assert not rules.may_read(out, signed_in=False) or rules.may_read(out, signed_in=True)
    assert not rules.may_know(out, signed_in=False) or rules.may_know(out, signed_in=True)
    assert not rules.may_read(out, signed_in=True) or rules.may_read(path, signed_in=True)
    assert rules.may_read(path, signed_in=True, runs=True)
    assert rules.may_know(path, signed_in=True, runs=True)


@given(st.lists(st.sampled_from(WIDTHS), min_size=1, max_size=5), st.integers(0, 5))
def test_what_a_space_keeps_answers_like_its_path(ways, in_until):
    """Whoever belongs to a private or hidden space belongs to those above it: then one column is as good as the whole path."""
    gates = [i for i, way in enumerate(ways) if way in (PRIVATE, HIDDEN)]
    inside = set(gates[:in_until])
    kept = None
    for i, way in enumerate(ways):
        kept = rules.kept_of(i, way, kept)
    path = [Step(way, i in inside) for i, way in enumerate(ways)]
    assert rules.may_read(path, signed_in=True) == (kept.read_inside is None or kept.read_inside in inside)
    assert rules.may_know(path, signed_in=True) == (kept.known_inside is None or kept.known_inside in inside)
    assert rules.may_read(outsider(path), signed_in=False) == (kept.reach == PUBLIC)
    assert rules.may_know(outsider(path), signed_in=False) == (kept.reach == PUBLIC)


@pytest.mark.parametrize(
    ("openness", "state", "way"),
    [
        (OPEN, {}, "join"),
        (PUBLIC, {}, "join"),
        (PUBLIC, {"signed_in": False}, "sign_in"),
        (PRIVATE, {}, "ask"),
        (PRIVATE, {"asked": True}, "waiting"),
        (PRIVATE, {"runs": True}, "join"),
        (HIDDEN, {"runs": True}, "join"),
        (OPEN, {"closed": True}, "closed"),
        (OPEN, {"belongs": True, "closed": True}, "inside"),
        (OPEN, {"inside_above": False, "runs": True}, "outside"),
    ],
)
def test_way_in(openness, state, way):
    known = {"signed_in": True, "belongs": False, "asked": False, "closed": False, "inside_above": True, "runs": False}
    assert rules.way_in(openness, **(known | state)) == way


@pytest.mark.parametrize(
    ("own", "height", "parent", "obstacle"),
    [
        (None, 0, None, ""),
        (None, 0, "/1/2/3/4/", ""),
        (None, 0, "/1/2/3/4/5/", "too_deep"),
        (7, 0, "/1/7/", "cycle"),
        (7, 0, "/7/", "cycle"),
        (7, 0, "/1/77/", ""),
        (7, 3, "/1/", ""),
        (7, 4, "/1/", "too_deep"),
        (7, 4, None, ""),
    ],
)
def test_where_a_space_may_stand(own, height, parent, obstacle):
    assert rules.why_not_under(own_id=own, own_height=height, parent_path=parent) == obstacle


@pytest.mark.parametrize(
    ("is_organiser", "organisers", "closed", "obstacle"),
    [(True, 1, False, "last_organiser"), (True, 2, False, ""), (False, 1, False, ""), (True, 1, True, "")],
)
def test_a_living_space_keeps_an_organiser(is_organiser, organisers, closed, obstacle):
    assert rules.why_not_leave(is_organiser=is_organiser, organisers=organisers, closed=closed) == obstacle


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("Repair bench", "repair-bench"),
        ("修理台", "修理台"),
        ("  ＡＢＣ　修理 台 ", "abc-修理-台"),
        ("Ünïcode & Co.", "ünïcode-co"),
        ("हिन्दी मंच", "हिन्दी-मंच"),
        ("Straße", "strasse"),
        ("🔥🔥", "space"),
        ("--/..%2F", "2f"),
        ("x" * 90, "x" * 60),
    ],
)
def test_addresses_of_any_script(words, slug):
    assert rules.slug_of(words) == slug


@given(st.text(max_size=120))
def test_an_address_is_settled_and_safe(words):
    slug = rules.slug_of(words)
    assert 0 < len(slug) <= rules.SLUG_LIMIT
    assert rules.slug_of(slug) == slug
    assert not set(slug) & set("/?#%&=+ .\\\"'<>")


def test_a_taken_address_gets_the_smallest_free_number():
    taken = {"hearth", "hearth-2", "hearth-4"}
    assert rules.free_slug("Hearth", lambda names: taken & set(names)) == "hearth-3"
    assert rules.free_slug("New", lambda names: set()) == "new-2"
    many = {"hearth", *(f"hearth-{n}" for n in range(2, 150))}
    assert rules.free_slug("Hearth", lambda names: many & set(names)) == "hearth-150"


def test_kept_is_what_stands_in_the_models():
    assert Kept._fields == ("reach", "known_inside", "read_inside")

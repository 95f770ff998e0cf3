import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireside.serving.rules import (
    MEMBER_READS,
    MEMBER_WRITES,
    TOKEN_WRITES,
    VISITOR_READS,
    VISITOR_WRITES,
    is_secret,
    limit_of,
    neighbourhood,
    networks,
    real_address,
    request_id,
    within,
    without_secrets,
)

OURS = networks("10.0.0.0/8, ::1")


@pytest.mark.parametrize(
    ("peer", "said", "real"),
    [
        ("203.0.113.9", "1.2.3.4", "203.0.113.9"),  # nobody's proxy: what it says is its own invention
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),  # what the visitor wrote in front of it does not count
        ("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.9.9.9", "1.2.3.4"),  # two proxies of ours in a row
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "1.2.3.4, nonsense", "10.0.0.1"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.1", "1.2.3.4", "1.2.3.4"),
    ],
)
def test_the_real_address(peer, said, real):
    assert real_address(peer, said, OURS) == real


@given(st.text(), st.text())
def test_an_untrusted_peer_is_always_itself(peer, said):
    assert real_address(peer, said, []) == peer


def test_a_household_is_counted_as_one():
    assert neighbourhood("2001:db8:1:2:aaaa::1") == neighbourhood("2001:db8:1:2:bbbb::9") != neighbourhood("2001:db8:1:3::1")
    assert neighbourhood("198.51.100.7") == "198.51.100.7" == neighbourhood("::ffff:198.51.100.7")
    assert neighbourhood("") == "unknown"


def test_networks_says_which_word_is_wrong():
    with pytest.raises(ValueError, match=r"proxy\.local"):
        networks("10.0.0.1, proxy.local")
    assert not within("not an address", OURS)


@pytest.mark.parametrize(
    ("method", "member", "token", "limit"),
    [
        ("GET", False, False, VISITOR_READS), ("HEAD", True, False, MEMBER_READS), ("POST", False, False, VISITOR_WRITES),
        ("POST", True, False, MEMBER_WRITES), ("DELETE", True, True, TOKEN_WRITES), ("DELETE", False, True, VISITOR_WRITES), ("BREW", True, False, MEMBER_WRITES),
    ],
)  # fmt: skip
def test_which_limit(method, member, token, limit):
    assert limit_of(method, member=member, token=token) is limit


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/t/123/45", "/t/123/45"),
        ("/spaces/a-rather-long-name-of-a-space", "/spaces/a-rather-long-name-of-a-space"),
        ("/accounts/password/reset/key/1-cfj2b8-9a0bd1c2d3e4f5a6b7c8d9e0/", "/accounts/password/reset/key/…/"),
        ("/claim/Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZg", "/claim/…"),
    ],
)
def test_one_time_links_are_not_logged(path, logged):
    assert without_secrets(path) == logged


def test_names_of_secrets():
    assert all(map(is_secret, ["password", "Authorization", "api_key", "session_id", "setup_token", "code"]))
    assert not any(map(is_secret, ["status", "path", "decoded", "ms"]))


def test_a_request_id_is_short_and_plain():
    assert request_id("proxy-0123456789", "x") == "proxy-0123456789"
    for strange in ("", "short", "a b c d e f g h", "x" * 65, 'inject"\n123456'):
        assert request_id(strange, "fresh") == "fresh"

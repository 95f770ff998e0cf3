"""Pure decisions about requests: who asks, how much they may ask, what may appear in a log."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
NOTHING_IN_IT = (  # headers of an answer that is no page and never becomes one
    (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)  # fmt: skip


def networks(words: str) -> list[Network]:
    """The addresses and networks in a list with commas. Raises ValueError naming the one that is neither."""
    found = []
    for word in filter(None, map(str.strip, words.split(","))):
        try:
            found.append(ip_network(word, strict=False))
        except ValueError:
            raise ValueError(word) from None
    return found


def within(address: str, trusted: Sequence[Network]) -> bool:
    try:
        place = ip_address(address)
    except ValueError:
        return False
    if isinstance(place, IPv6Address) and place.ipv4_mapped is not None:
        place = place.ipv4_mapped
    return any(place in network for network in trusted if network.version == place.version)


def real_address(peer: str, forwarded_for: str, trusted: Sequence[Network]) -> str:
    """Who really asks: walking X-Forwarded-For from its near end, the first address that is not one of our own proxies."""
    if not within(peer, trusted):
        return peer
    address = peer
    for hop in reversed(forwarded_for.split(",")[-20:]):
        try:
            ip_address(hop.strip())
        except ValueError:
            break
        address = hop.strip()
        if not within(address, trusted):
            break
    return address


def neighbourhood(address: str) -> str:
    """The unit that is counted: an IPv4 address, or the /64 in which one IPv6 household can change addresses at will."""
    try:
        place = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(place, IPv6Address):
        return str(place.ipv4_mapped) if place.ipv4_mapped else str(ip_network(f"{address}/64", strict=False).network_address)
    return address


@dataclass(frozen=True)
class Limit:
    """At most `most` in `seconds`. `step` > 1: each process counts by itself and reports every `step` (exact to within that)."""

    name: str
    most: int
    seconds: int
    step: int = 1


MEMBER_WRITES = Limit("member-writes", 60, 60)
TOKEN_WRITES = Limit("token-writes", 300, 60)
VISITOR_WRITES = Limit("visitor-writes", 30, 60)
VISITOR_READS = Limit("visitor-reads", 1200, 60, step=60)
MEMBER_READS = Limit("member-reads", 1200, 60, step=60)
MEMBER_SEARCHES = Limit("member-searches", 30, 60)
VISITOR_SEARCHES = Limit("visitor-searches", 15, 60)
MEMBER_LISTENS, VISITOR_LISTENS = 20, 500  # live connections that stand at once, in each process
SEARCHES = ("/search", "/api/v1/search", "/messages", "/api/v1/messages/words")
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def limit_of(method: str, *, member: bool, token: bool) -> Limit:
    """Which limit a request falls under. One office or school may share an address, so visitors' is not narrow.

    A token widens what its member may write; one that is nobody's (`token` without `member`) is a visitor's request.
    """
    if method in SAFE:
        return MEMBER_READS if member else VISITOR_READS
    if not member:
        return VISITOR_WRITES
    return TOKEN_WRITES if token else MEMBER_WRITES


def limit_of_search(path: str, query: str, *, member: bool) -> Limit | None:
    """The second limit of a search; None when nothing is searched."""
    if path not in SEARCHES or "q=" not in query:
        return None
    return MEMBER_SEARCHES if member else VISITOR_SEARCHES


_SECRET_LIKE = re.compile(r"(?<=/)(?=[^/]*\d)[A-Za-z0-9_:.-]{20,}")
_SECRET_NAMES = re.compile(r"pass|secret|token|cookie|authori[sz]ation|api_?key|\bcode\b|otp|session", re.I)


def without_secrets(path: str) -> str:
    """A path that may be logged: one-time links carry their key in it."""
    return _SECRET_LIKE.sub("…", path)


def is_secret(name: str) -> bool:
    return bool(_SECRET_NAMES.search(name))


_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id(given: str, fresh: str) -> str:
    """The proxy's own id when it is one, so that its log and ours speak of the same request."""
    return given if _REQUEST_ID.fullmatch(given) else fresh

"""Which addresses may be asked at all: public ones, on the ports of the web. Whoever writes a link must not reach into our own network."""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

PORTS = {"http": 80, "https": 443}
Resolve = Callable[[str, int], list[str]]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Closed(Exception):
    """This is not asked."""


@dataclass(frozen=True)
class Target:
    """Where to connect, and whom to ask there: the name is not resolved a second time, so it cannot mean something else by then."""

    scheme: str
    host: str
    port: int
    address: str
    path: str

    @property
    def name(self) -> str:
        """Whom to ask there, as the other side is told."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.name}{self.path}"


def resolve(host: str, port: int) -> list[str]:
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as wrong:
        raise Closed("unknown host") from wrong


def target_of(url: str, *, base: str = "", names: Resolve = resolve, ports: frozenset[int] = frozenset(PORTS.values())) -> Target:
    """Where this address leads. Raises Closed unless it is http or https, on a port of the web, and every address of its name is public."""
    try:
        parts = urlsplit(urljoin(base, url) if base else url)
        port = parts.port or PORTS.get(parts.scheme, 0)
        host = (parts.hostname or "").encode("idna").decode() if not _is_number(parts.hostname or "") else str(parts.hostname)
    except (ValueError, UnicodeError) as wrong:
        raise Closed("no address") from wrong
    if parts.scheme not in PORTS or not host or parts.username is not None or parts.password is not None or port not in ports:
        raise Closed("no address of the web")
    found = names(host, port)
    if not found or not all(map(is_public, found)):
        raise Closed("not public")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, found[0], "".join(sign if "!" <= sign <= "~" else _quoted(sign) for sign in path))


def is_public(address: str) -> bool:
    """Whether anybody on the internet could be asked there; an address that wraps another is what it wraps."""
    try:
        place = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(place, ipaddress.IPv6Address):
        if place.ipv4_mapped is not None:
            return is_public(str(place.ipv4_mapped))
        if place.sixtofour is not None or place.teredo is not None or place in _NAT64:
            return False  # leads on to an address of the old kind, by whose network nobody knows
    return place.is_global and not (
        place.is_multicast or place.is_reserved or place.is_unspecified or place.is_loopback or place.is_link_local
    )


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _quoted(sign: str) -> str:
    return "".join(f"%{byte:02X}" for byte in sign.encode())

"""Which addresses an outgoing request may reach. Checked when connecting, after names are
resolved, so that a name that changes its mind between check and connection gains nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import httpcore
from django.conf import settings

Address = IPv4Address | IPv6Address

# Written out, since ipaddress.is_private lets shared, NAT64, 6to4 and multicast addresses pass.
# https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry
CLOSED = [
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "::1/128", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23",
        "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10",
        "fec0::/10", "ff00::/8",
    )
]  # fmt: skip
# Where other things than web servers listen, which may take a request for something of their own.
# https://fetch.spec.whatwg.org/#port-blocking
NOT_WEB = frozenset(
    (
        1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
        102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389,
        427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636,
        989, 990, 993, 995, 1719, 1720, 1723, 2049, 3306, 3659, 4045, 4190, 5060, 5061, 5432, 6000,
        6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080, 11211,
    )
)  # fmt: skip
#: Metadata and credentials of cloud machines: never reachable, whatever an operator allows.
NEVER = [
    ip_network(text)
    for text in (
        "100.100.100.200/32", "168.63.129.16/32", "169.254.169.254/32", "169.254.170.0/24",
        "192.0.0.192/32", "fd00:ec2::/32", "fd20:ce::254/128",
    )
]  # fmt: skip
#: Networks that lead to the IPv4 address in the last 32 bits. https://www.rfc-editor.org/rfc/rfc6052
LEADING_ON = [ip_network("::/96"), ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/96")]


class Barred(httpcore.ConnectError):
    """This may not be reached, and no operator has allowed it. The message is a sentence."""


def allowed(address: Address, *, host: str, port: int) -> bool:
    address = getattr(address, "ipv4_mapped", None) or address
    if any(place in network for place in _meant(address) for network in NEVER):
        return False
    if f"{host}:{port}" in _names() or host in _names():
        return True
    if any(address in network for network in _networks()):
        return True
    return not any(address in network for network in CLOSED)


def _meant(address: Address) -> Iterator[Address]:
    """The address, and the one that it may lead on to."""
    yield address
    if isinstance(address, IPv6Address):
        if any(address in network for network in LEADING_ON):
            yield IPv4Address(int(address) & 0xFFFFFFFF)
        if address.sixtofour:
            yield address.sixtofour


def _names() -> frozenset[str]:
    return _split(tuple(settings.ALLOWED_ADDRESSES))[0]


def _networks() -> tuple[Any, ...]:
    return _split(tuple(settings.ALLOWED_ADDRESSES))[1]


@cache
def _split(allowances: tuple[str, ...]) -> tuple[frozenset[str], tuple[Any, ...]]:
    networks = tuple(ip_network(text) for text in allowances if "/" in text)
    return frozenset(text for text in allowances if "/" not in text), networks


def resolve(host: str, port: int) -> str:
    """One address of this host that may be dialled. Raises Barred if any of its addresses may not:
    a name that points both inside and outside is an attack, not a convenience."""
    if port in NOT_WEB and f"{host}:{port}" not in _names():
        raise Barred(f"{host} has no web server at port {port}.")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise httpcore.ConnectError(f"{host} has no address.") from problem
    addresses = [str(info[4][0]).partition("%")[0] for info in found]
    for address in addresses:
        if not allowed(ip_address(address), host=host, port=port):
            raise Barred(f"{host} lies in a private network.")
    return addresses[0]


class GuardedBackend(httpcore.SyncBackend):
    """Dials only what ``resolve`` lets pass, and exactly the address it has checked."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        checked = resolve(host, port)
        return super().connect_tcp(checked, port, timeout, local_address, socket_options)

"""Which addresses a host has, and which of them are on the internet.

A name that somebody else chooses must not lead to this machine or to its network, so all addresses of a host are looked
at, and a connection is made to one of those that were looked at, not to the name: it may have others a moment later.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from typing import NamedTuple

from briefs.fetching.records import NoWay, shorten

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # https://www.rfc-editor.org/rfc/rfc6052
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
# Of the registries of special addresses, what some versions of Python take for common ones:
# https://www.iana.org/assignments/iana-ipv4-special-registry and .../iana-ipv6-special-registry
_SPECIAL = tuple(
    map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "3fff::/20"))
)


class Endpoint(NamedTuple):
    """One of the places where a host may be: what `socket` takes to connect there."""

    family: int
    sockaddr: tuple[object, ...]


def find_endpoints(host: str, port: int, *, seconds: float, allow_private: bool) -> list[Endpoint] | None:
    """Return where a host is, in the order of the system; None where that is not known within so many seconds.

    Raises NoWay where there is no such host, and, but with `allow_private`, where one of its addresses is not on the
    internet.
    """
    answers: queue.SimpleQueue[list[Endpoint] | OSError | UnicodeError] = queue.SimpleQueue()

    def look_up() -> None:  # in a thread of its own: no call of the system takes a time limit
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([Endpoint(family, sockaddr) for family, _, _, _, sockaddr in found])
        except (OSError, UnicodeError) as error:  # UnicodeError: a name with parts that are empty or too long
            answers.put(error)

    threading.Thread(target=look_up, name="briefs-look-up", daemon=True).start()
    try:
        endpoints = answers.get(timeout=seconds)
    except queue.Empty:
        return None
    if not isinstance(endpoints, list) or not endpoints:
        raise NoWay(f"no host {shorten(host)}", expected="a host that there is")
    for endpoint in endpoints:
        address = str(endpoint.sockaddr[0])
        kind = kind_of(address)
        if kind is not None and not allow_private:
            where = f" ({address})" if address != host else ""
            raise NoWay(f"{shorten(host)} is {kind} address{where}", expected="a host on the internet")
    return endpoints


def kind_of(address: str) -> str | None:
    """Return which kind of address one is that is not on the internet, as words for a message, or None where it is.

    An IPv6 address that stands for one of IPv4 is what that is.

    >>> kind_of("127.0.0.1"), kind_of("::ffff:10.0.0.1"), kind_of("64:ff9b::a9fe:a9fe"), kind_of("93.184.215.14")
    ('a loopback', 'a private', 'a link-local', None)
    """
    ip = _inner(ipaddress.ip_address(address))
    kinds = (
        ("an unspecified", ip.is_unspecified),
        ("a loopback", ip.is_loopback),
        ("a link-local", ip.is_link_local),
        ("a multicast", ip.is_multicast),
        ("a reserved", ip.is_reserved),
        ("a private", ip.is_private),
        ("a reserved", not ip.is_global or any(ip in network for network in _SPECIAL)),
        ("a reserved", ip.version == 6 and ip not in _GLOBAL_UNICAST),
    )
    return next((kind for kind, holds in kinds if holds), None)


def _inner(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return the IPv4 address that an IPv6 address leads to: mapped, behind a NAT64, or by 6to4. Else the address."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip

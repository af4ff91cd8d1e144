"""Which machines the server itself may be sent to by an address that somebody typed: those of the public internet."""

import ipaddress
import os
import socket

ALLOWED = "PORTLINE_PRIVATE_HOSTS"
"""Hosts in a private network that whoever runs the server allows, with commas between them; steps heed it too."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def public_address(host: str, port: int) -> str:
    """An address of the host that may be connected to. Raises ValueError with a sentence."""
    allowed = {name.strip().lower() for name in os.environ.get(ALLOWED, "").split(",")}
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise ValueError(f"there is no machine of the name `{host}`") from None
    for address in found:
        if host.lower() in allowed or is_public(address):
            return address
    raise ValueError(
        f"`{host}` is an address inside of a private network, which the server may not read; whoever runs it can allow "
        f"it by the variable {ALLOWED}"
    )


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when it is wrapped in an IPv6 one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast

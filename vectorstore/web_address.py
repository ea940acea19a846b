"""Addresses of web servers: which are usable, which are of this machine, how they are shown."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_web_address(url: str) -> bool:
    """Tell whether `url` is the address of a web server."""
    try:
        address = urlsplit(url)
        return bool(address.scheme in {"http", "https"} and address.hostname and address.port != 0)
    except ValueError:
        return False


def is_this_machine(url: str) -> bool:
    """Tell whether a request to `url` stays on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def shown_address(url: str) -> str:
    """Return `url` less any name, password or key in it."""
    address = urlsplit(url)
    return f"{address.scheme}://{address.netloc.rpartition('@')[2]}{address.path}"

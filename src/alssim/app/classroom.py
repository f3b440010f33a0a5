"""Serve the app to a class: one address of this machine, one port, one link.

The server listens on that address alone, and refuses requests that name another host.
"""

import ipaddress
import os
import re
import socket
from dataclasses import dataclass

from alssim.errors import UsageError
from alssim.present.class_codes import class_code

FIRST_PORT, LAST_PORT = 8501, 8600
LINK = "ALSSIM_CLASS_LINK"
"""Environment variable by which the served app knows the link of its class."""
PLAIN_LINK = re.compile(r"http://[0-9.]{7,15}:[0-9]{1,5}/[a-z]*(\?code=[A-Z0-9]{3,10})?")
NOWHERE = ("192.0.2.1", 9)
"""An address for documentation: asking for the way there sends nothing."""


@dataclass(frozen=True, slots=True)
class Classroom:
    """Where a class finds the app; ``code`` is the class code, empty for none."""

    address: str
    port: int
    code: str = ""

    @property
    def link(self) -> str:
        """The link: to the lessons of a class code, else to the first page."""
        path = f"lessons?code={self.code}" if self.code else ""
        return f"http://{self.address}:{self.port}/{path}"

    @property
    def outside(self) -> bool:
        """Whether the address may be reached from the whole internet."""
        return ipaddress.IPv4Address(self.address).is_global

    def options(self) -> list[str]:
        """Return the options that open the server to the class, and to no other host name."""
        return [
            f"--server.address={self.address}",
            f"--server.allowedHosts={self.address}",
            f"--browser.serverAddress={self.address}",
            f"--server.port={self.port}",
        ]

    def environment(self) -> dict[str, str]:
        """Return the environment of the server, which tells the app its link."""
        return {**os.environ, LINK: self.link}


def classroom(address: str | None = None, port: int | None = None, code: str = "") -> Classroom:
    """Choose where to serve a class.

    ``address``: an IPv4 address of this machine, else the one it has on its network. ``port``: a
    fixed port, else the first free one. Raises ``UsageError``.
    """
    chosen = _checked(address) if address else own_address()
    ports = range(FIRST_PORT, LAST_PORT + 1) if port is None else [checked_port(port)]
    for one in ports:
        if _is_free(chosen, one):
            return Classroom(chosen, one, class_code(code) if code else "")
    taken = f"{ports[0]} to {ports[-1]}" if port is None else str(port)
    raise UsageError(
        f"nothing can be served at {chosen}, port {taken}: the port is taken, or the address is "
        "not one of this machine"
    )


def own_address() -> str:
    """Return the address that this machine has on its network. Raises ``UsageError``."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(NOWHERE)
            return _checked(str(asking.getsockname()[0]))
        except OSError:
            raise UsageError(
                "this machine seems to be on no network; name its address with --address"
            ) from None


def checked_port(port: int) -> int:
    """Return a port; raise ``UsageError`` if it is none."""
    if not 1 <= port <= 65535:
        raise UsageError(f"port = {port} is not between 1 and 65535")
    return port


def class_link() -> str:
    """Return the link under which a class opens this app; empty if it serves no class."""
    link = os.environ.get(LINK, "")
    return link if PLAIN_LINK.fullmatch(link) else ""


def _checked(address: str) -> str:
    try:
        found = ipaddress.IPv4Address(address)
    except ValueError:
        found = None
    if found is None or found.is_unspecified or found.is_multicast:
        raise UsageError(
            f"{address[:60]!r} is not an IPv4 address of this machine, such as 192.168.1.20"
        )
    return str(found)


def _is_free(address: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trying:
        if os.name == "posix":
            trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind((address, port))
        except OSError:
            return False
    return True

"""Loaded by a served app under test: writes down every address that the server uses."""

import os
import sys

WATCHED = ("socket.bind", "socket.connect", "socket.sendto", "socket.getaddrinfo")


def _write(event: str, arguments: tuple[object, ...]) -> None:
    if event in WATCHED:
        address = arguments[1] if event != "socket.getaddrinfo" else arguments[:2]
        with open(os.environ["WATCHED_ADDRESSES"], "a", encoding="utf-8") as book:
            book.write(f"{event} {address!r}\n")


if "WATCHED_ADDRESSES" in os.environ:
    sys.addaudithook(_write)

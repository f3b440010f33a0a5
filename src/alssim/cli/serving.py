"""``alssim app``: open the app, for oneself or for a class."""

import argparse
import sys

from alssim.app import launch
from alssim.cli.text import say, tell
from alssim.errors import UsageError
from alssim.present.qr import qr_text


def app_command(asked: argparse.Namespace) -> int:
    """Open the app and serve it until it is stopped."""
    if asked.classroom is None:
        if asked.address is not None:
            raise UsageError(say("errors.needs_class"))
        return launch.launch(asked.port, asked.headless)
    room = launch.classroom(asked.address, asked.port, asked.classroom)
    _tell(room)
    return launch.launch(room.port, asked.headless, room)


def _tell(room: launch.Classroom) -> None:
    """Say where the class finds the app, who can open it, and how to stop."""
    if drawn := _drawn(room.link):
        print(drawn)
    tell(say("class.open", link=room.link))
    tell()
    tell(say("class.exposed", address=room.address))
    if room.outside:
        tell(say("class.outside", address=room.address))
    tell(say("class.blocked"))
    tell(say("class.stop"))
    tell()


def _drawn(link: str) -> str:
    """Return the QR code of a link, if the terminal knows the characters it is drawn with."""
    drawn = qr_text(link, colour=sys.stdout.isatty())
    try:
        drawn.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return ""
    return drawn

"""The command line. Every command is one function of what was typed; it returns the exit status.

0: done. 1: the model fails its validation. 2: something that was asked for is wrong, and why is
told. 130: stopped by Ctrl-C.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from alssim.cli.arguments import parser
from alssim.cli.text import say
from alssim.errors import AlssimError
from alssim.model.record import package_version
from alssim.plain_text import visible

WRONG, STOPPED, NO_READER = 2, 130, 141
MODULES = {
    "run": "running",
    "compare": "comparing",
    "ladder": "laddering",
    "variation": "splitting",
    "sweep": "sweeping",
    "trial": "trying",
    "story": "telling",
    "validate": "validating",
    "calibrate": "calibrating",
    "anecdote": "anecdotes",
    "claims": "claims",
    "grade": "grading",
    "check": "files",
    "explain": "files",
    "dump": "files",
    "list": "files",
    "app": "serving",
}
"""Where each command lives; loaded when it is asked for."""


def main(words: Sequence[str] | None = None) -> int:
    """Do what the words of a command line ask for; return the exit status.

    Words that cannot be parsed raise ``SystemExit`` with status 2, after telling why.
    """
    works = {name: _later(module, name) for name, module in MODULES.items()}
    _use_what_the_terminal_can_show()
    try:
        asked = parser(works, package_version()).parse_args(words)
        status = int(asked.work(asked))
        sys.stdout.flush()
        return status
    except AlssimError as error:
        print(visible(f"alssim: {error}", lines=True), file=sys.stderr)
        return WRONG
    except KeyboardInterrupt as stop:
        print(visible(str(stop) or say("stopped")), file=sys.stderr)
        return STOPPED
    except BrokenPipeError:  # whoever read what we print has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO_READER


def _later(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    def work(asked: argparse.Namespace) -> int:
        found = import_module(f"alssim.cli.{module}")
        return int(getattr(found, f"{name}_command")(asked))

    return work


def _use_what_the_terminal_can_show() -> None:
    """Print a question mark for a letter that the terminal does not know."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")

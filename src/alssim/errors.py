"""Everything alssim raises on purpose."""

from alssim.plain_text import visible


class AlssimError(Exception):
    """Base of all errors that alssim raises on purpose."""


class ParameterError(AlssimError, ValueError):
    """One or more parameters are wrong; ``problems`` lists all of them, one in a line each.

    Hidden characters of a file, such as those that steer a terminal, are shown as escapes.
    """

    def __init__(self, source: str, problems: list[str]) -> None:
        self.source = visible(source)
        self.problems = [visible(problem) for problem in problems]
        count = len(self.problems)
        heading = f"{self.source}: {count} problem{'s' if count != 1 else ''}"
        super().__init__("\n  ".join([heading, *self.problems]))


class UsageError(AlssimError, ValueError):
    """A call cannot be carried out as asked; the message says what is allowed."""

"""Everything alssim raises on purpose."""


class AlssimError(Exception):
    """Base of all errors that alssim raises on purpose."""


class ParameterError(AlssimError, ValueError):
    """One or more parameters are wrong; ``problems`` lists all of them."""

    def __init__(self, source: str, problems: list[str]) -> None:
        self.source = source
        self.problems = list(problems)
        count = len(self.problems)
        heading = f"{source}: {count} problem{'s' if count != 1 else ''}"
        super().__init__("\n  ".join([heading, *self.problems]))


class UsageError(AlssimError, ValueError):
    """A call cannot be carried out as asked; the message says what is allowed."""

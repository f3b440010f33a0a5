"""The language in which words are said, and the one place that knows it.

Every look-up of a text reads it; what is kept by the words in it is kept by language. It belongs
to the running thread, which begins in English: the command line and reports never change it. The
app sets it at the start of each run of a page.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

ENGLISH = "en"
LANGUAGES: Mapping[str, str] = {ENGLISH: "English", "es": "Español"}
"""Each language by its code, in its own words."""

THIN = "\N{NARROW NO-BREAK SPACE}"

_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


def spoken() -> str:
    """Return the code of the language that words are said in."""
    return _spoken.get()


def speak(language: str) -> None:
    """Say words in a language from now on, in this thread. Raises ``KeyError`` if unknown."""
    _spoken.set({code: code for code in LANGUAGES}[language])


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say words in a language for a while."""
    before = spoken()
    speak(language)
    try:
        yield
    finally:
        speak(before)


def in_this_language(make: Callable[P, T]) -> Callable[P, T]:
    """Return work that is done later, perhaps in another thread, in the language of now."""
    language = spoken()

    def made(*args: P.args, **kwargs: P.kwargs) -> T:
        with speaking(language):
            return make(*args, **kwargs)

    return made


def grouped(number: float) -> str:
    """Print a whole number with its thousands apart; the decimal point is the same everywhere.

    In Spanish a comma would be read as a decimal mark: a thin space parts five digits and more.
    """
    text = f"{number:,.0f}"
    if spoken() == ENGLISH:
        return text
    return text.replace(",", THIN if abs(number) >= 9999.5 else "")


# ------------------------------------------------------------------------------------ text files


def text_file(name: str) -> dict[str, Any]:
    """Return a file of ``text/`` in the language of now; not to be changed.

    ``en`` is the file of general sentences. What has no translation stays in English.
    """
    return _text_file(name, spoken())


@cache
def _text_file(name: str, language: str) -> dict[str, Any]:
    folder = files("alssim.present").joinpath("text")
    base = read_toml(folder.joinpath(f"{name}.toml"))
    if language == ENGLISH:
        return base
    own = folder.joinpath(f"{language}.toml" if name == ENGLISH else f"{language}/{name}.toml")
    found = overlaid(base, read_toml(own) if own.is_file() else {})
    assert isinstance(found, dict)
    return found


def translation(name: str) -> dict[str, Any]:
    """Return the words that the language of now has for what stands in English elsewhere.

    ``name``: a file of ``text/LANGUAGE/``. It is empty in English, and where there is no file.
    """
    return _translation(name, spoken())


@cache
def _translation(name: str, language: str) -> dict[str, Any]:
    path = files("alssim.present").joinpath(f"text/{language}/{name}.toml")
    return read_toml(path) if language != ENGLISH and path.is_file() else {}


def read_toml(path: Traversable) -> dict[str, Any]:
    """Return a TOML file of this package."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def overlaid(base: Any, more: Any) -> Any:
    """Lay translated texts over others: tables by their keys, lists of tables row by row."""
    if isinstance(base, dict) and isinstance(more, dict):
        return {**base, **{key: overlaid(base.get(key), own) for key, own in more.items()}}
    if _tables(base) and _tables(more) and len(base) == len(more):
        return [overlaid(one, own) for one, own in zip(base, more, strict=True)]
    return more


def _tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)

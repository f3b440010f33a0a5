"""The body map: a drawing of a body whose regions show the motor neurons left.

Pure functions from numbers and names to SVG text. Lower motor neurons colour the body; upper
motor neurons colour seven cells of the motor strip in the brain. Each half of the brain moves
the other half of the body, so the cells of the left arm lie on the person's right.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from alssim.model.anatomy import REGIONS

Point = tuple[float, float]
Rgb = tuple[int, int, int]

WIDTH, HEIGHT = 480, 632
MIDDLE = WIDTH / 2
HATCH_BELOW = 0.20
"""Regions with a smaller share of neurons left are hatched: not by colour alone."""

COLOURS: tuple[tuple[float, Rgb], ...] = (
    (0.0, (252, 243, 224)),
    (0.2, (243, 217, 163)),
    (0.4, (172, 206, 184)),
    (0.6, (92, 164, 169)),
    (0.8, (33, 113, 141)),
    (1.0, (19, 64, 92)),
)
"""Share of neurons left and its colour: dark is many, pale is few (also in grey)."""

STRIP = ("left_arm", "left_leg", "trunk", "bulbar", "respiratory", "right_leg", "right_arm")
"""Cells of the motor strip as the viewer sees them, from left to right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words on the map and the prefix of its ids.

    ``told`` says one region in words; it may use {region}, {lower} and {upper}.
    """

    title: str
    brain: str
    told: str
    names: Mapping[str, str]
    prefix: str = "body"


@dataclass(frozen=True, slots=True)
class Label:
    """Where a label stands, and the point of the body that its line leads to."""

    at: Point
    to: Point | None
    anchor: str


LABELS: Mapping[str, Label] = {
    "brain": Label((12, 46), (200, 60), "start"),
    "bulbar": Label((468, 112), (264, 128), "end"),
    "right_arm": Label((12, 262), (146, 276), "start"),
    "left_arm": Label((468, 262), (334, 276), "end"),
    "respiratory": Label((MIDDLE, 216), None, "middle"),
    "trunk": Label((MIDDLE, 310), None, "middle"),
    "right_leg": Label((12, 482), (200, 496), "start"),
    "left_leg": Label((468, 482), (280, 496), "end"),
}


def body_map(words: Words, lower: Sequence[float], upper: Sequence[float]) -> str:
    """Draw the body map.

    ``lower`` and ``upper`` [region] are the shares (0-1) of motor neurons left, in the order
    of ``REGIONS``. Returns one ``<svg>`` element with a title and a description in words.
    """
    below, above = _by_region(lower), _by_region(upper)
    return "".join(
        [
            _opening(words, below, above),
            _hatching(words.prefix),
            _silhouette(),
            *(_region(name, below[name], words.prefix) for name in REGIONS),
            *(_cell(place, above[name], words.prefix) for place, name in enumerate(STRIP)),
            *(_label(name, words, below, above) for name in LABELS),
            "</svg>",
        ]
    )


def colour(share: float) -> Rgb:
    """Return the colour of a share (0-1) of motor neurons left."""
    share = min(max(share, 0.0), 1.0)
    for (low, pale), (high, dark) in pairwise(COLOURS):
        if share <= high:
            part = (share - low) / (high - low)
            mixed = [round(a + (b - a) * part) for a, b in zip(pale, dark, strict=True)]
            return mixed[0], mixed[1], mixed[2]
    raise AssertionError("the last stop is 1")


def ink(fill: Rgb) -> str:
    """Return the text colour that reads well on a fill."""
    red, green, blue = fill
    return "#ffffff" if 0.299 * red + 0.587 * green + 0.114 * blue < 140 else "#12303f"


def describe(words: Words, lower: Sequence[float], upper: Sequence[float]) -> str:
    """Say in words what the map shows: the text alternative of the drawing."""
    return " ".join(
        words.told.format(region=words.names[name], lower=_percent(below), upper=_percent(above))
        for name, below, above in zip(REGIONS, lower, upper, strict=True)
    )


def _by_region(shares: Sequence[float]) -> dict[str, float]:
    return dict(zip(REGIONS, shares, strict=True))


def _percent(share: float) -> str:
    return f"{round(100 * share)}%"


def _rgb(share: float) -> str:
    red, green, blue = colour(share)
    return f"rgb({red},{green},{blue})"


# Shapes. The right side of the body is on the viewer's left.


def _tapered(start: Point, wide: float, end: Point, narrow: float) -> str:
    """Outline two discs and the band between them: one segment of a limb."""
    (x, y), (u, v) = start, end
    along = math.atan2(v - y, u - x)
    turn = math.acos((wide - narrow) / math.hypot(u - x, v - y))

    def rim(centre: Point, radius: float, angle: float) -> str:
        a = centre[0] + radius * math.cos(angle)
        b = centre[1] + radius * math.sin(angle)
        return f"{a:.1f},{b:.1f}"

    return (
        f"M{rim(start, wide, along + turn)} A{wide},{wide} 0 1 1 {rim(start, wide, along - turn)} "
        f"L{rim(end, narrow, along - turn)} A{narrow},{narrow} 0 0 1 "
        f"{rim(end, narrow, along + turn)} Z"
    )


def _side(x: float, right: bool) -> float:
    return x if right else WIDTH - x


def _arm(right: bool) -> list[str]:
    def at(x: float, y: float) -> Point:
        return _side(x, right), y

    return [
        _tapered(at(171, 200), 20, at(147, 280), 15.5),
        _tapered(at(143, 296), 14.5, at(123, 364), 10.5),
        _tapered(at(120, 382), 10, at(115, 402), 7.5),
    ]


def _leg(right: bool) -> list[str]:
    def at(x: float, y: float) -> Point:
        return _side(x, right), y

    return [
        _tapered(at(212, 394), 28, at(206, 484), 19),
        _tapered(at(205, 503), 18, at(201, 584), 11),
        _tapered(at(198, 604), 9.5, at(178, 609), 7),
    ]


def _chest() -> str:
    return (
        "M192,180 C214,170 266,170 288,180 C297,186 298,200 296,214 L291,262 "
        "C270,240 210,240 189,262 L184,214 C182,200 183,186 192,180 Z"
    )


def _belly() -> str:
    return (
        "M189,269 C210,247 270,247 291,269 C290,304 296,330 302,358 "
        "C282,378 198,378 178,358 C184,330 190,304 189,269 Z"
    )


def _face() -> str:
    return (
        "M190,96 L290,96 C289,124 275,142 258,149 L258,168 L222,168 L222,149 "
        "C205,142 191,124 190,96 Z"
    )


SHAPES: Mapping[str, Sequence[str]] = {
    "bulbar": [_face()],
    "left_arm": _arm(right=False),
    "right_arm": _arm(right=True),
    "trunk": [_belly()],
    "respiratory": [_chest()],
    "left_leg": _leg(right=False),
    "right_leg": _leg(right=True),
}


def _cell_path(place: int) -> str:
    """Outline one of seven cells of an arch over the face."""
    step, gap = math.pi / len(STRIP), 0.012
    first, last = math.pi + place * step + gap, math.pi + (place + 1) * step - gap

    def rim(scale: float, angle: float) -> str:
        x, y = MIDDLE + 50 * scale * math.cos(angle), 88 + 58 * scale * math.sin(angle)
        return f"{x:.1f},{y:.1f}"

    inner = 0.36
    return (
        f"M{rim(1, first)} A50,58 0 0 1 {rim(1, last)} L{rim(inner, last)} "
        f"A{50 * inner:.1f},{58 * inner:.1f} 0 0 0 {rim(inner, first)} Z"
    )


# Pieces of the drawing.


def _opening(words: Words, below: Mapping[str, float], above: Mapping[str, float]) -> str:
    prefix = escape(words.prefix)
    told = describe(words, [below[n] for n in REGIONS], [above[n] for n in REGIONS])
    return (
        f'<svg class="body" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="{prefix}-title {prefix}-told"><title id="{prefix}-title">'
        f'{escape(words.title)}</title><desc id="{prefix}-told">{escape(told)}</desc>'
    )


def _hatching(prefix: str) -> str:
    return (
        f'<defs><pattern id="{escape(prefix)}-hatch" width="9" height="9" '
        'patternTransform="rotate(45)" patternUnits="userSpaceOnUse">'
        '<line x1="0" y1="0" x2="0" y2="9" stroke="#a63d26" stroke-width="2.4"/></pattern></defs>'
    )


def _silhouette() -> str:
    outlines = [path for paths in SHAPES.values() for path in paths]
    drawn = "".join(f'<path d="{path}"/>' for path in outlines)
    skull = '<ellipse cx="240" cy="92" rx="56" ry="66"/>'
    return f'<g class="outline">{drawn}{skull}</g><g class="skull">{skull}</g>'


def _region(name: str, share: float, prefix: str) -> str:
    return f'<g data-region="{name}">{_painted(SHAPES[name], share, prefix)}</g>'


def _cell(place: int, share: float, prefix: str) -> str:
    drawn = _painted([_cell_path(place)], share, prefix)
    return f'<g data-cell="{STRIP[place]}">{drawn}</g>'


def _painted(paths: Sequence[str], share: float, prefix: str) -> str:
    shown = 1 if share < HATCH_BELOW else 0
    hatch = f"url(#{escape(prefix)}-hatch)"
    return "".join(
        f'<path class="fill" d="{path}" style="fill:{_rgb(share)}"/>'
        f'<path class="hatch" d="{path}" style="fill:{hatch};opacity:{shown}"/>'
        for path in paths
    )


def _label(name: str, words: Words, below: Mapping[str, float], above: Mapping[str, float]) -> str:
    place = LABELS[name]
    share = below[name] if name in below else sum(above.values()) / len(above)
    text = words.names[name] if name in below else words.brain
    (x, y), inside = place.at, place.to is None
    style = f' style="fill:{ink(colour(share))}"' if inside else ""
    kind = "inside" if inside else "beside"
    return (
        f'{_leader(place)}<g class="{kind}" data-label="{name}"{style}>'
        f'<text class="name" x="{x:g}" y="{y:g}" text-anchor="{place.anchor}">{escape(text)}</text>'
        f'<text class="share" x="{x:g}" y="{y + 23:g}" text-anchor="{place.anchor}">'
        f"{_percent(share)}</text></g>"
    )


def _leader(place: Label) -> str:
    if place.to is None:
        return ""
    (x, y), (u, v) = place.at, place.to
    start = x + (62 if place.anchor == "start" else -62)
    return (
        f'<line class="leader" x1="{start:g}" y1="{y + 16:g}" x2="{u:g}" y2="{v:g}"/>'
        f'<circle class="tip" cx="{u:g}" cy="{v:g}" r="3"/>'
    )

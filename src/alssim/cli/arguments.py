"""What may be typed: commands and their options."""

import argparse
from collections.abc import Callable
from typing import NoReturn

from alssim.cli.text import say
from alssim.plain_text import visible

Work = Callable[[argparse.Namespace], int]


class _Parser(argparse.ArgumentParser):
    """A parser whose messages show hidden characters as escapes."""

    def error(self, message: str) -> NoReturn:
        super().error(visible(message, lines=True))


BACKENDS = ("auto", "numpy", "numba")
CLOCKS = ("onset", "diagnosis", "trial_entry")
ENDPOINTS = ("death", "death_or_tracheostomy", "death_tracheostomy_or_niv_22h")
FORMATS = ("csv", "parquet")
PATIENTS = 20_000
SHIPPED = True  # --ensemble without a file
KINDS = ("scenarios", "treatments", "care", "trials", "worlds")


def parser(works: dict[str, Work], version: str) -> argparse.ArgumentParser:
    """Return the parser; what is parsed holds the function to call as ``work``."""
    whole = _Parser(prog="alssim", description=say("help.alssim"), epilog=say("notice"))
    whole.add_argument("--version", action="version", version=f"alssim {version}")
    commands = whole.add_subparsers(metavar="COMMAND", required=True)
    for name, fill in _COMMANDS.items():
        about = say(f"help.{name}")
        command = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
        fill(command)
        command.set_defaults(work=works[name])
    return whole


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        wrong = f"{text[:40]!r} is not a whole number, as in 1000"
        raise argparse.ArgumentTypeError(wrong) from None


def _run(command: argparse.ArgumentParser) -> None:
    _add_scenario(command)
    _add_cohort(command)
    _add_engine(command)
    command.add_argument("--out", type=_place, metavar="DIR", help=say("options.out"))
    command.add_argument("--format", choices=FORMATS, default="csv", help=say("options.format"))
    command.add_argument(
        "--visits", action=argparse.BooleanOptionalAction, help=say("options.visits")
    )
    command.add_argument("--neurons", action="store_true", help=say("options.neurons"))
    command.add_argument("--latent", action="store_true", help=say("options.latent"))
    _add_json(command)


def _compare(command: argparse.ArgumentParser) -> None:
    _add_scenario(command)
    _add_cohort(command)
    _add_engine(command)
    command.add_argument("--clock", choices=CLOCKS, default="onset", help=say("options.clock"))
    command.add_argument(
        "--endpoint", choices=ENDPOINTS, default="death", help=say("options.endpoint")
    )
    command.add_argument("--horizon", type=float, metavar="MONTHS", help=say("options.horizon"))
    command.add_argument("--month", type=float, metavar="MONTH", help=say("options.month"))
    command.add_argument("--figure", type=_place, metavar="FILE", help=say("options.figure"))
    command.add_argument("--gains", type=_place, metavar="FILE", help=say("options.gains"))
    command.add_argument("--stays", type=_place, metavar="FILE", help=say("options.stays"))
    command.add_argument("--observed-from", choices=CLOCKS, help=say("options.observed_from"))
    command.add_argument("--function", action="store_true", help=say("options.function"))
    command.add_argument("--quality", action="store_true", help=say("options.quality"))
    _add_ensemble(command)
    command.add_argument("--out", type=_place, metavar="DIR", help=say("options.study_out"))
    _add_json(command)


def _ladder(command: argparse.ArgumentParser) -> None:
    _add_scenario(command)
    _add_cohort(command)
    _add_engine(command)
    command.add_argument("--target", action="append", metavar="TARGET", help=say("options.target"))
    command.add_argument("--start", action="append", metavar="START", help=say("options.start"))
    command.add_argument("--sizes", type=_shares, metavar="S1,S2", help=say("options.sizes"))
    command.add_argument(
        "--months", type=float, metavar="MONTHS", default=6.0, help=say("options.months")
    )
    command.add_argument("--clock", choices=CLOCKS, default="onset", help=say("options.clock"))
    command.add_argument("--figure", type=_place, metavar="FILE", help=say("options.ladder_figure"))
    command.add_argument("--map", type=_place, metavar="FILE", help=say("options.ladder_map"))
    _add_ensemble(command)
    command.add_argument("--out", type=_place, metavar="DIR", help=say("options.study_out"))
    _add_json(command)


def _variation(command: argparse.ArgumentParser) -> None:
    _add_scenario(command)
    _add_cohort(command)
    _add_engine(command)
    command.add_argument("--fates", type=_whole, metavar="F", default=4, help=say("options.fates"))
    _add_ensemble(command)
    command.add_argument(
        "--figure", type=_place, metavar="FILE", help=say("options.variation_figure")
    )
    command.add_argument("--out", type=_place, metavar="DIR", help=say("options.study_out"))
    _add_json(command)


def _story(command: argparse.ArgumentParser) -> None:
    _add_scenario(command)
    command.add_argument(
        "--patient", type=_whole, metavar="I", required=True, help=say("options.patient")
    )
    command.add_argument("--arm", metavar="NAME", help=say("options.arm"))
    command.add_argument("--figure", type=_place, metavar="FILE", help=say("options.course"))
    _add_json(command)


def _sweep(command: argparse.ArgumentParser) -> None:
    _add_scenario(command)
    _add_cohort(command)
    command.add_argument(
        "--vary", action="append", metavar="KEY=V1,V2", required=True, help=say("options.vary")
    )
    command.add_argument("--sample", type=_whole, metavar="N", help=say("options.sample"))
    command.add_argument(
        "--out", type=_place, metavar="DIR", required=True, help=say("options.sweep_out")
    )
    command.add_argument("--backend", choices=BACKENDS, default="auto", help=say("options.backend"))
    command.add_argument(
        "--workers", type=_whole, metavar="N", default=1, help=say("options.workers")
    )
    command.add_argument(
        "--scheduler", type=_place, metavar="ADDRESS", help=say("options.scheduler")
    )
    _add_json(command)


def _validate(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--patients", type=_whole, metavar="N", default=PATIENTS, help=say("options.cohort")
    )
    command.add_argument("--seed", type=_whole, metavar="S", default=1, help=say("options.seed"))
    command.add_argument(
        "--set", action="append", metavar="KEY=VALUE", default=[], help=say("options.set")
    )
    command.add_argument("--report", type=_place, metavar="FILE", help=say("options.report"))
    _add_engine(command)
    _add_json(command)


def _calibrate(command: argparse.ArgumentParser) -> None:
    command.add_argument("--plan", type=_place, metavar="FILE", help=say("options.plan"))
    command.add_argument(
        "--out", type=_place, metavar="DIR", required=True, help=say("options.calibrate_out")
    )
    command.add_argument(
        "--workers", type=_whole, metavar="N", default=1, help=say("options.workers")
    )
    _add_json(command)


def _anecdote(command: argparse.ArgumentParser) -> None:
    _add_scenario(command)
    _add_cohort(command)
    _add_engine(command)
    command.add_argument(
        "--moment", type=_place, metavar="MOMENT", default="diagnosis", help=say("options.moment")
    )
    command.add_argument(
        "--after", type=_whole, metavar="MONTHS", default=3, help=say("options.after")
    )
    command.add_argument(
        "--series", type=_whole, metavar="N", default=10, help=say("options.series")
    )
    command.add_argument("--out", type=_place, metavar="DIR", help=say("options.anecdote_out"))
    command.add_argument(
        "--figure", type=_place, metavar="FILE", help=say("options.anecdote_figure")
    )
    command.add_argument("--biases", type=_place, metavar="FILE", help=say("options.biases"))
    _add_json(command)


def _claims(command: argparse.ArgumentParser) -> None:
    command.add_argument("id", nargs="?", metavar="ID", help=say("options.claim"))
    _add_json(command)


def _trial(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "trial",
        type=_place,
        nargs="?",
        metavar="TRIAL",
        default="two-arms",
        help=say("options.trial"),
    )
    command.add_argument(
        "--set", action="append", metavar="KEY=VALUE", default=[], help=say("options.set_trial")
    )
    command.add_argument("--seed", type=_whole, metavar="S", help=say("options.trial_seed"))
    command.add_argument(
        "--number", type=_whole, metavar="K", default=0, help=say("options.number")
    )
    command.add_argument("--replicates", type=_whole, metavar="N", help=say("options.replicates"))
    command.add_argument("--power", type=float, metavar="SHARE", help=say("options.power"))
    command.add_argument("--null", action="store_true", help=say("options.null"))
    command.add_argument("--fresh", action="store_true", help=say("options.fresh"))
    _add_ensemble(command)
    command.add_argument("--backend", choices=BACKENDS, default="auto", help=say("options.backend"))
    command.add_argument("--out", type=_place, metavar="DIR", help=say("options.trial_out"))
    command.add_argument("--figure", type=_place, metavar="FILE", help=say("options.trial_figure"))
    _add_json(command)


def _grade(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "files", type=_place, nargs="+", metavar="FILE", help=say("options.answers")
    )
    command.add_argument("--code", type=_place, metavar="CODE", help=say("options.code"))
    command.add_argument("--csv", type=_place, metavar="FILE", help=say("options.csv"))
    _add_json(command)


def _check(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", type=_place, nargs="+", metavar="FILE", help=say("options.file"))
    _add_json(command)


def _explain(command: argparse.ArgumentParser) -> None:
    command.add_argument("key", metavar="KEY", help=say("options.key"))
    _add_scenario(command)
    _add_json(command)


def _dump(command: argparse.ArgumentParser) -> None:
    _add_scenario(command)
    _add_json(command)


def _list(command: argparse.ArgumentParser) -> None:
    command.add_argument("kind", nargs="?", choices=KINDS, help=say("options.kind"))
    _add_json(command)


def _app(command: argparse.ArgumentParser) -> None:
    command.add_argument("--port", type=_whole, metavar="PORT", help=say("options.port"))
    command.add_argument("--headless", action="store_true", help=say("options.headless"))
    command.add_argument(
        "--class",
        dest="classroom",
        nargs="?",
        const="",
        metavar="CODE",
        help=say("options.classroom"),
    )
    command.add_argument("--address", type=_place, metavar="IP", help=say("options.address"))


_COMMANDS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "run": _run,
    "compare": _compare,
    "ladder": _ladder,
    "variation": _variation,
    "sweep": _sweep,
    "trial": _trial,
    "story": _story,
    "validate": _validate,
    "calibrate": _calibrate,
    "anecdote": _anecdote,
    "claims": _claims,
    "grade": _grade,
    "check": _check,
    "explain": _explain,
    "dump": _dump,
    "list": _list,
    "app": _app,
}


def _place(text: str) -> str:
    """Refuse a file, folder or name that is empty."""
    if not text.strip():
        raise argparse.ArgumentTypeError(say("errors.empty"))
    return text


def _shares(text: str) -> tuple[float, ...]:
    """Read shares between 0 and 1, as in 0.1,0.5."""
    try:
        sizes = tuple(float(part) for part in text.split(","))
    except ValueError:
        sizes = (-1.0,)
    if not all(0 <= size <= 1 for size in sizes):
        raise argparse.ArgumentTypeError(say("errors.sizes", text=text))
    return sizes


def _add_scenario(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "scenario",
        type=_place,
        nargs="?",
        metavar="SCENARIO",
        default="reference",
        help=say("options.scenario"),
    )
    command.add_argument(
        "--set", action="append", metavar="KEY=VALUE", default=[], help=say("options.set")
    )
    command.add_argument(
        "--with",
        action="append",
        type=_place,
        metavar="TREATMENT",
        default=[],
        dest="added",
        help=say("options.with"),
    )
    for seed in ("seed", "people", "fate"):
        command.add_argument(f"--{seed}", type=_whole, metavar="S", help=say(f"options.{seed}"))


def _add_cohort(command: argparse.ArgumentParser) -> None:
    command.add_argument("--patients", type=_whole, metavar="N", help=say("options.patients"))


def _add_engine(command: argparse.ArgumentParser) -> None:
    command.add_argument("--backend", choices=BACKENDS, default="auto", help=say("options.backend"))
    command.add_argument(
        "--threads", type=_whole, metavar="N", default=1, help=say("options.threads")
    )


def _add_ensemble(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--ensemble",
        nargs="?",
        const=SHIPPED,
        type=_place,
        metavar="FILE",
        help=say("options.ensemble"),
    )


def _add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help=say("options.json"))

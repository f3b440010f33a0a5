"""A small ensemble for tests: the reference world, moved by a few per cent three times."""

from pathlib import Path

from alssim.parameters import entries, load_world
from alssim.studies.ensemble import ensemble_text

KEYS = ("pace.median", "spread.rate", "strength.weak")
FACTORS = ((1.08, 0.97, 1.02), (0.94, 1.05, 0.98), (1.02, 1.0, 1.01))


def small_members() -> tuple[dict[str, float], ...]:
    """Return three members."""
    usual = {entry.path: float(entry.value) for entry in entries(load_world().record)
             if entry.path in KEYS}  # fmt: skip
    return tuple(
        {key: usual[key] * factor for key, factor in zip(KEYS, factors, strict=True)}
        for factors in FACTORS
    )


def small_ensemble(folder: Path, count: int = 3) -> str:
    """Write the first of them to a file of a folder, as a calibration does; return its path."""
    file = folder / "small.toml"
    members = small_members()[:count]
    file.write_text(ensemble_text(members, (40,) * len(members), 9, "For tests"), "utf-8")
    return str(file)

"""Simulated trials with straight lines, noise and death, and a published data set."""

from dataclasses import dataclass
from io import StringIO

import numpy as np
from numpy.typing import NDArray

from alssim.statistics.effect import Effect

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# Reaction time (ms) of 18 people on days 0 to 9 of short sleep: Belenky et al. 2003, the
# "sleepstudy" data of the R package lme4.
SLEEP_TABLE = """
    249.5600 258.7047 250.8006 321.4398 356.8519 414.6901 382.2038 290.1486 430.5853 466.3535
    222.7339 205.2658 202.9778 204.7070 207.7161 215.9618 213.6303 217.7272 224.2957 237.3142
    199.0539 194.3322 234.3200 232.8416 229.3074 220.4579 235.4208 255.7511 261.0125 247.5153
    321.5426 300.4002 283.8565 285.1330 285.7973 297.5855 280.2396 318.2613 305.3495 354.0487
    287.6079 285.0000 301.8206 320.1153 316.2773 293.3187 290.0750 334.8177 293.7469 371.5811
    234.8606 242.8118 272.9613 309.7688 317.4629 309.9976 454.1619 346.8311 330.3003 253.8644
    283.8424 289.5550 276.7693 299.8097 297.1710 338.1665 332.0265 348.8399 333.3600 362.0428
    265.4731 276.2012 243.3647 254.6723 279.0244 284.1912 305.5248 331.5229 335.7469 377.2990
    241.6083 273.9472 254.4907 270.8021 251.4519 254.6362 245.4523 235.3110 235.7541 237.2466
    312.3666 313.8058 291.6112 346.1222 365.7324 391.8385 404.2601 416.6923 455.8643 458.9167
    236.1032 230.3167 238.9256 254.9220 250.7103 269.7744 281.5648 308.1020 336.2806 351.6451
    256.2968 243.4543 256.2046 255.5271 268.9165 329.7247 379.4445 362.9184 394.4872 389.0527
    250.5265 300.0576 269.8939 280.5891 271.8274 304.6336 287.7466 266.5955 321.5418 347.5655
    221.6771 298.1939 326.8785 346.8555 348.7402 352.8287 354.4266 360.4326 375.6406 388.5417
    271.9235 268.4369 257.2424 277.6566 314.8222 317.2135 298.1353 348.1229 340.2800 366.5131
    225.2640 234.5235 238.9008 240.4730 267.5373 344.1937 281.1481 347.5855 365.1630 372.2288
    269.8804 272.4428 277.8989 281.7895 279.1705 284.5120 259.2658 304.6306 350.7807 369.4692
    269.4117 273.4740 297.5968 310.6316 287.1726 329.6076 334.4818 343.2199 369.1417 364.1236
"""
SLEEP = np.loadtxt(StringIO(SLEEP_TABLE))
DAYS = np.arange(10.0)


@dataclass(frozen=True)
class Trial:
    """Simulated trials; arrays lead with [replicate, patient]."""

    scores: FloatArray
    times: FloatArray
    ended: FloatArray
    died: BoolArray
    treated: BoolArray


@dataclass(frozen=True)
class Truth:
    """What a trial is drawn from; time in months."""

    slope: float = -1.0
    gain: float = 0.2
    level_sd: float = 5.0
    slope_sd: float = 0.5
    level_slope: float = 0.2
    noise: float = 1.5
    log_time: float = 3.0
    log_time_gain: float = 0.2
    log_time_sd: float = 0.6
    slope_survival: float = 0.7
    months: float = 18.0
    every: float = 3.0


def draw(truth: Truth, replicates: int, per_arm: int, seed: int, deadly: bool = True) -> Trial:
    """Draw trials; some scores are missing at random, and none follow death or the last visit."""
    luck = np.random.default_rng(seed)
    times = np.arange(0, truth.months + 0.1, truth.every)
    size = (replicates, 2 * per_arm)
    treated = np.repeat([False, True], per_arm)
    z = luck.normal(size=(3, *size))
    own_slope = truth.level_slope * z[0] + np.sqrt(1 - truth.level_slope**2) * z[1]
    shared = truth.slope_survival
    log_time = shared * own_slope + np.sqrt(1 - shared**2) * z[2]
    log_time = truth.log_time + truth.log_time_gain * treated + truth.log_time_sd * log_time
    death = np.exp(log_time) if deadly else np.full(size, np.inf)
    last = np.minimum(truth.months, luck.exponential(80, size))
    slope = truth.slope + truth.gain * treated + truth.slope_sd * own_slope
    line = 38 + truth.level_sd * z[0][..., None] + slope[..., None] * times
    scores = line + truth.noise * luck.normal(size=line.shape)
    died = death <= last
    ended = np.maximum(np.minimum(death, last), 0.01)
    scores[times > ended[..., None]] = np.nan
    scores[(luck.random(line.shape) < 0.05) & (times > 0)] = np.nan
    return Trial(scores, times, ended, died, treated)


def covered(effect: Effect, truth: float) -> float:
    """Return the share of the intervals that hold the truth."""
    return float(np.mean((effect.low <= truth) & (truth <= effect.high)))


def parts_of(record: object) -> dict[str, object]:
    """Return the fields of a slotted record by name."""
    return {name: getattr(record, name) for name in type(record).__slots__}  # type: ignore[attr-defined]

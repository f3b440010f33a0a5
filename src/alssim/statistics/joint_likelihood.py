"""Likelihood of scores and survival that share a random intercept and slope.

With z standard normal, two numbers per patient:

    y = X beta + Z L z + noise,        noise ~ N(0, sigma^2),   L = [[a, 0], [b, c]]
    log T = M mu + rho'z + rest,       rest  ~ N(0, tau^2)

so intercept, slope and log survival time are jointly normal. All integrals are known: given the
scores, z is normal with mean m and variance C, and log T is normal with mean M mu + rho'm and
variance tau^2 + rho'C rho. A death adds the density of log T, an end of observation the chance
that log T lies beyond. First derivatives are the expected derivatives of the complete-data
likelihood (Fisher's identity); second derivatives are differences of these.

Parameters, in this order: beta [term], mu [survival term], a, b, c, rho [2], log sigma, tau.
Any a, b, c and tau are allowed; a spread of zero is an ordinary point.
"""

from dataclasses import dataclass, replace

import numpy as np

from alssim.statistics.followup import BoolArray, FloatArray, IntArray
from alssim.statistics.newton import Shape
from alssim.statistics.repeated import Lines, products, rows_of, totals

STEP = 1e-5  # of the parameters, for differences of first derivatives
WIDTHS = 7  # parameters beside beta and mu
LOG_2PI = float(np.log(2 * np.pi))


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """Scores and survival of the patients of each replicate.

    lines  what the scores say
    log    [replicate, patient]        logarithm of the time of death or of the last contact
    died   [replicate, patient]        whether the time is that of death
    terms  [replicate, patient, term]  what moves survival
    """

    lines: Lines
    log: FloatArray
    died: BoolArray
    terms: FloatArray

    def rows(self, rows: IntArray) -> "Followed":
        """Return some replicates."""
        lines = rows_of(self.lines, rows)
        return Followed(lines, self.log[rows], self.died[rows], self.terms[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """The parameters by name, shaped to work with arrays [replicate, patient]."""

    beta: FloatArray
    mu: FloatArray
    a: FloatArray
    b: FloatArray
    c: FloatArray
    rho0: FloatArray
    rho1: FloatArray
    noise: FloatArray
    tau: FloatArray


def read_parameters(parameters: FloatArray, terms: int) -> Values:
    """Name the parameters [replicate, unknown]; ``noise`` is sigma^2."""
    last = parameters.shape[1] - WIDTHS
    a, b, c, rho0, rho1, sigma, tau = (parameters[:, last + k, None] for k in range(WIDTHS))
    beta, mu = parameters[:, :terms], parameters[:, terms:last]
    return Values(beta, mu, a, b, c, rho0, rho1, np.exp(2 * sigma), tau)


@dataclass(frozen=True, slots=True, eq=False)
class Guess:
    """What is known of z in each patient: its mean and variance; all [replicate, patient]."""

    mean0: FloatArray
    mean1: FloatArray
    var00: FloatArray
    var01: FloatArray
    var11: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Tail:
    """What survival says, given the scores; all [replicate, patient].

    chance  log density of a death, log chance of living beyond the last contact
    pull0   covariance of z with log T by the variance of log T, first element of z
    pull1   second element
    shift   expected distance of log T from its mean given the scores
    spread  variance of log T given the scores
    left    variance left when survival is known too
    """

    chance: FloatArray
    pull0: FloatArray
    pull1: FloatArray
    shift: FloatArray
    spread: FloatArray
    left: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """Derivatives of the log likelihood, patient by patient; all [replicate, patient].

    level   by the patient's level
    slope   by the patient's slope
    time    by the mean of log T
    widths  by a, b, c, rho, log sigma, tau
    """

    level: FloatArray
    slope: FloatArray
    time: FloatArray
    widths: list[FloatArray]


def minus_log_likelihood(
    followed: Followed, parameters: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return minus the log likelihood [replicate] and its derivatives [replicate, unknown].

    The density is that of log T, and the scores are those ``followed.lines`` was made from.
    """
    value, slopes = _by_patient(followed, parameters)
    lines = followed.lines
    by_beta = totals(lines.on_level, slopes.level) + totals(lines.on_slope, slopes.slope)
    by_mu = totals(followed.terms, slopes.time)
    widths = np.stack([one.sum(axis=1) for one in slopes.widths], axis=1)
    return value, -np.concatenate([by_beta, by_mu, widths], axis=1)


def rough_shape(followed: Followed, parameters: FloatArray) -> Shape:
    """Return minus the log likelihood with a curvature that is cheap and never negative.

    It is the sum over patients of the products of first derivatives, which has the same mean as
    the second derivatives (Berndt, Hall, Hall and Hausman's method).
    """
    value, slopes = _by_patient(followed, parameters)
    lines = followed.lines
    line = lines.on_level * slopes.level[..., None] + lines.on_slope * slopes.slope[..., None]
    widths = np.stack(slopes.widths, axis=2)
    each = np.concatenate([line, followed.terms * slopes.time[..., None], widths], axis=2)
    return Shape(value, -each.sum(axis=1), products(each, each))


def _by_patient(followed: Followed, parameters: FloatArray) -> tuple[FloatArray, Slopes]:
    """Return minus the log likelihood [replicate], and its derivatives patient by patient."""
    v = read_parameters(parameters, followed.lines.on_level.shape[2])
    lines = _off_line(followed.lines, v.beta)
    guess, of_scores = _given_scores(lines, v)
    tail = _given_survival(followed, guess, v)
    value = of_scores - tail.chance.sum(axis=1)
    lost = tail.left - tail.spread
    known = Guess(
        guess.mean0 + tail.pull0 * tail.shift,
        guess.mean1 + tail.pull1 * tail.shift,
        guess.var00 + tail.pull0 * tail.pull0 * lost,
        guess.var01 + tail.pull0 * tail.pull1 * lost,
        guess.var11 + tail.pull1 * tail.pull1 * lost,
    )
    level, slope, by_line = _line_slopes(lines, known, v)
    surprise = (tail.left + tail.shift * tail.shift) / tail.spread - 1
    pace = tail.shift / tail.spread
    by_rho = [
        pace * guess.mean0 + surprise * tail.pull0,
        pace * guess.mean1 + surprise * tail.pull1,
    ]
    by_tau = v.tau * surprise / tail.spread
    return value, Slopes(level, slope, pace, [*by_line[:3], *by_rho, by_line[3], by_tau])


def _given_scores(lines: Lines, v: Values) -> tuple[Guess, FloatArray]:
    """Return z given the scores, and minus the log density of the scores [replicate]."""
    n, t, tt = lines.count, lines.time, lines.time_time
    half = v.a * t + v.b * tt
    k00 = (v.a * (v.a * n + v.b * t) + v.b * half) / v.noise
    k01, k11 = v.c * half / v.noise, v.c * v.c * tt / v.noise
    x0, x1 = (v.a * lines.level + v.b * lines.drift) / v.noise, v.c * lines.drift / v.noise
    grown = (1 + k00) * (1 + k11) - k01 * k01
    c00, c01, c11 = (1 + k11) / grown, -k01 / grown, (1 + k00) / grown
    m0, m1 = c00 * x0 + c01 * x1, c01 * x0 + c11 * x1
    twice = n * (LOG_2PI + np.log(v.noise)) + np.log(grown)
    twice = twice + lines.square / v.noise - x0 * m0 - x1 * m1
    return Guess(m0, m1, c00, c01, c11), twice.sum(axis=1) / 2


def _given_survival(followed: Followed, guess: Guess, v: Values) -> Tail:
    """Return what survival adds to the scores."""
    from scipy.special import log_ndtr

    r0 = guess.var00 * v.rho0 + guess.var01 * v.rho1
    r1 = guess.var01 * v.rho0 + guess.var11 * v.rho1
    spread = v.tau * v.tau + v.rho0 * r0 + v.rho1 * r1
    middle = _dot(followed.terms, v.mu) + v.rho0 * guess.mean0 + v.rho1 * guess.mean1
    width = np.sqrt(spread)
    far = (followed.log - middle) / width
    density, beyond = -0.5 * (far * far + LOG_2PI), log_ndtr(-far)
    hazard = np.exp(density - beyond)
    left = np.where(followed.died, 0.0, spread * np.clip(1 + hazard * (far - hazard), 0.0, 1.0))
    return Tail(
        np.where(followed.died, density - np.log(width), beyond),
        r0 / spread,
        r1 / spread,
        width * np.where(followed.died, far, hazard),
        spread,
        left,
    )


def _line_slopes(
    lines: Lines, known: Guess, v: Values
) -> tuple[FloatArray, FloatArray, list[FloatArray]]:
    """Return the derivatives by level, by slope, and by a, b, c, log sigma."""
    n, t, tt = lines.count, lines.time, lines.time_time
    e0, e1 = known.mean0, known.mean1
    s00, s01, s11 = known.var00 + e0 * e0, known.var01 + e0 * e1, known.var11 + e1 * e1
    own0, own1 = v.a * e0, v.b * e0 + v.c * e1  # L e
    f0 = (lines.level - n * own0 - t * own1) / v.noise
    f1 = (lines.drift - t * own0 - tt * own1) / v.noise
    q00, q01 = v.a * s00, v.a * s01  # L E[zz']
    q10, q11 = v.b * s00 + v.c * s01, v.b * s01 + v.c * s11
    by_a = (lines.level * e0 - n * q00 - t * q10) / v.noise
    by_b = (lines.drift * e0 - t * q00 - tt * q10) / v.noise
    by_c = (lines.drift * e1 - t * q01 - tt * q11) / v.noise
    fit = lines.level * own0 + lines.drift * own1
    spread = n * v.a * q00 + t * (v.a * q10 + v.b * q00 + v.c * q01) + tt * (v.b * q10 + v.c * q11)
    return f0, f1, [by_a, by_b, by_c, (lines.square - 2 * fit + spread) / v.noise - n]


def shape(followed: Followed, parameters: FloatArray, central: bool = False) -> Shape:
    """Return minus the log likelihood with first and second derivatives.

    Second derivatives are differences to one side, or to both where ``central``.
    """
    value, slope = minus_log_likelihood(followed, parameters)
    count = parameters.shape[1]
    curvature = np.empty((len(parameters), count, count))
    for k in range(count):
        step = np.zeros(count)
        step[k] = 10 * STEP if central else STEP
        ahead = minus_log_likelihood(followed, parameters + step)[1]
        behind = minus_log_likelihood(followed, parameters - step)[1] if central else slope
        curvature[:, k] = (ahead - behind) / (2 * step[k] if central else step[k])
    return Shape(value, slope, (curvature + np.swapaxes(curvature, 1, 2)) / 2)


def _off_line(lines: Lines, beta: FloatArray) -> Lines:
    """Take the line of the fixed terms off the sums of the scores."""
    first, second = _dot(lines.on_level, beta), _dot(lines.on_slope, beta)
    level = lines.level - lines.count * first - lines.time * second
    drift = lines.drift - lines.time * first - lines.time_time * second
    square = lines.square - first * (lines.level + level) - second * (lines.drift + drift)
    return replace(lines, level=level, drift=drift, square=square)


def _dot(terms: FloatArray, weights: FloatArray) -> FloatArray:
    return np.asarray((terms @ weights[:, :, None])[..., 0])

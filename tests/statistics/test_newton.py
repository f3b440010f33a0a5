"""Newton's method: known minima, saddles, and search that fails is said to have failed."""

import numpy as np

from alssim.statistics.followup import FloatArray, IntArray
from alssim.statistics.newton import Shape, inverse, minimise

CENTRES = np.array([[1.0, -2.0], [0.0, 3.0], [5.0, 5.0]])


def bowl(point: FloatArray, rows: IntArray) -> Shape:
    """One bowl per problem, around its own centre."""
    off = point - CENTRES[rows]
    return Shape((off**2).sum(axis=1), 2 * off, np.tile(2 * np.eye(2), (len(point), 1, 1)))


def banana(point: FloatArray, rows: IntArray) -> Shape:
    """Rosenbrock's valley, minimum at (1, 1)."""
    x, y = point.T
    value = (1 - x) ** 2 + 100 * (y - x * x) ** 2
    slope = np.stack([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)], axis=1)
    curvature = np.empty((len(point), 2, 2))
    curvature[:, 0, 0] = 2 - 400 * (y - 3 * x * x)
    curvature[:, 0, 1] = curvature[:, 1, 0] = -400 * x
    curvature[:, 1, 1] = 200
    return Shape(value, slope, curvature)


def two_wells(point: FloatArray, rows: IntArray) -> Shape:
    """Minima at 1 and -1, a hump at 0."""
    x = point[:, 0]
    return Shape((x * x - 1) ** 2, (4 * x * (x * x - 1))[:, None], (12 * x * x - 4)[:, None, None])


def cliff(point: FloatArray, rows: IntArray) -> Shape:
    """A logarithm with no minimum, not a number at and below 0."""
    x = point[:, 0]
    return Shape(np.log(x), (1 / x)[:, None], (-1 / x**2)[:, None, None])


def test_each_problem_has_its_own_minimum() -> None:
    best = minimise(bowl, np.zeros((3, 2)))
    assert best.found.all()
    np.testing.assert_allclose(best.parameters, CENTRES, atol=1e-12)


def test_curved_valley() -> None:
    best = minimise(banana, np.array([[-1.2, 1.0], [3.0, -3.0], [1.0, 1.0]]))
    assert best.found.all()
    np.testing.assert_allclose(best.parameters, 1, atol=1e-7)


def test_starts_on_a_hump() -> None:
    best = minimise(two_wells, np.array([[0.1], [-0.01]]))
    assert best.found.all()
    np.testing.assert_allclose(best.parameters, [[1], [-1]], atol=1e-7)


def test_no_minimum_is_said() -> None:
    assert not minimise(cliff, np.array([[1.0]]), limit=20).found.any()


def test_inverse_leaves_out_what_is_unknown() -> None:
    curvature = np.array([[[4.0, 0, 0], [0, 1e-8, 0], [0, 0, 0]]])
    found = inverse(curvature)[0]
    np.testing.assert_allclose(np.diag(found), [0.25, 1e8, 0])


def test_inverse_of_a_full_matrix() -> None:
    root = np.random.default_rng(1).normal(size=(5, 6, 4)) * [1, 10, 1e3, 1e-3]
    curvature = np.swapaxes(root, 1, 2) @ root
    np.testing.assert_allclose(
        inverse(curvature) @ curvature, np.tile(np.eye(4), (5, 1, 1)), atol=1e-6
    )

"""Softmax, log-sum-exp and layer norm of each row."""

import numpy as np
import scipy.special

from checks.cases import Case, double, exact, floats, near, operation

SHAPES = [(1, 1), (1, 300), (300, 1), (3, 5), (31, 17), (257, 301), (0, 5), (5, 0), (0, 0)]


def inputs(rng):
    """Matrices, with what is special in their rows."""
    for m, n in SHAPES:
        yield "%dx%d" % (m, n), floats(rng, m, n, low=-4.0, high=4.0)
    yield "larger than a block", floats(rng, 700, 1_031, low=-4.0, high=4.0)
    yield "all the same", np.full((9, 33), 0.1, np.float32)
    yield "huge", floats(rng, 20, 65, low=-3e38, high=3e38)
    yield "far apart", floats(rng, 20, 65, low=-200.0, high=200.0)
    some = floats(rng, 6, 40)
    some[0, 3], some[1, 4], some[2] = np.nan, np.inf, -np.inf
    some[3, 5:30], some[4, 7] = -np.inf, -1e38
    yield "not finite", some


@operation("softmax")
def softmax(rng):
    for name, a in inputs(rng):

        def judge(answer, a=a):
            with np.errstate(invalid="ignore"):
                expected = scipy.special.softmax(double(a), axis=1) if a.size else double(a)
            # A row's results add up to 1, so its norm is that of the sum of magnitudes.
            yield rows_apart(answer[0], expected)

        yield Case(name, "softmax", {"a": a}, judge)
        yield Case(name + ", into an array", "softmax-into", {"a": a}, judge)


def rows_apart(found, expected):
    norm = "the sum of |p - ref| of a row"
    if found.shape != expected.shape:
        return near(norm, found, expected, 1.0, 1)
    same = np.isnan(found) == np.isnan(expected)
    off = np.where(np.isnan(expected), 0.0, abs(double(found) - expected)).sum(1)
    off = np.where(same.all(1), off, np.inf)
    return near(norm, off, np.zeros(len(found)), 1.0, found.shape[1])


@operation("log-sum-exp")
def log_sum_exp(rng):
    for name, a in inputs(rng):

        def judge(answer, a=a):
            with np.errstate(invalid="ignore", divide="ignore"):
                expected = scipy.special.logsumexp(double(a), axis=1) if a.size else np.full(len(a), -np.inf)
            # The largest element is taken off, and added to a logarithm: both are rounded at their own sizes.
            most = double(a).max(1, initial=-np.inf)
            scale = np.where(np.isfinite(most), np.maximum(1.0, abs(most)), 1.0)
            yield near("|y - ref| over |max x| or 1", answer[0], expected, scale, a.shape[1])

        yield Case(name, "log-sum-exp", {"a": a}, judge)


@operation("layer-norm")
def layer_norm(rng):
    def case(name, a, epsilon):
        gain, shift = floats(rng, a.shape[1]), floats(rng, a.shape[1])

        def judge(answer):
            wide = double(a)
            if a.size == 0:
                yield exact(answer[0], wide)
                return
            with np.errstate(invalid="ignore", divide="ignore"):
                mean = wide.mean(1, keepdims=True)
                root = np.sqrt(((wide - mean) ** 2).mean(1, keepdims=True) + float(np.float32(epsilon)))
                expected = (wide - mean) / root * double(gain) + double(shift)
                # What is far from zero is rounded at that size before the mean is taken off.
                most = abs(wide).max(1, keepdims=True) / root
                scale = most * abs(double(gain)) + abs(double(shift))
            norm = "|y - ref| over max |x| |gain| / deviation + |shift|, by element"
            yield near(norm, answer[0], expected, scale, a.shape[1])

        return Case(name, "layer-norm", {"a": a, "gain": gain, "shift": shift}, judge, epsilon=epsilon)

    for m, n in SHAPES:
        yield case("%dx%d" % (m, n), floats(rng, m, n, low=-4.0, high=4.0), 1e-5)
    yield case("larger than a block", floats(rng, 700, 1_031), 1e-5)
    yield case("epsilon 0", floats(rng, 31, 65), 0.0)
    yield case("all the same", np.full((9, 33), 0.1, np.float32), 1e-5)
    yield case("far from zero", floats(rng, 20, 300, low=999.0, high=1_001.0), 1e-5)
    some = floats(rng, 4, 40)
    some[0, 3], some[1, 4] = np.nan, np.inf
    yield case("not finite", some, 1e-5)
    arrays = {"a": floats(rng, 3, 4), "gain": floats(rng, 4), "shift": floats(rng, 4)}
    yield Case("epsilon below 0", "layer-norm", arrays, refused="Setting", epsilon=-1.0)

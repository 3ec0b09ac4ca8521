"""Reductions of rows and columns, means, covariance, norms."""

import numpy as np

from checks.cases import EPSILON, MATRICES, TINY, VECTORS
from checks.cases import Case, bound, double, exact, floats, laid, near, operation, tree

SHAPES = [(1, 1), (1, 300), (300, 1), (3, 5), (31, 17), (257, 301), (0, 5), (5, 0), (0, 0)]


@operation("reductions")
def reductions(rng):
    for where, axis in [("row", 1), ("column", 0)]:
        for m, n in SHAPES:
            a = floats(rng, m, n)
            yield from reduced("%dx%d" % (m, n), where, axis, a, "whole")
        a = floats(rng, 65, 129)
        for how in MATRICES[1:]:
            yield from reduced("65x129 " + how, where, axis, a, how)
        a = floats(rng, 129, 1)
        a = np.hstack([a, -a, a, -a])
        yield from reduced("sums that cancel", where, axis, a, "whole")


def reduced(name, where, axis, a, how):
    wide = double(a)

    def sums(answer):
        norm = "|sum - ref| over the sum of magnitudes"
        yield near(norm, answer[0], wide.sum(axis), abs(wide).sum(axis), tree(a.shape[axis]))

    def least(answer):
        yield exact(answer[0], wide.min(axis, initial=np.inf))

    def largest(answer):
        yield exact(answer[0], wide.max(axis, initial=-np.inf))

    for what, judge in [("sums", sums), ("least", least), ("largest", largest)]:
        request = "%s-%s" % (where, what)
        yield Case("%s, %s" % (request, name), request, {"a": laid(a, how)}, judge)


@operation("moments")
def moments(rng):
    def case(name, x, how="whole"):
        wide = double(x)

        def judge(answer):
            bounds, (mean, variance) = answer
            yield exact(bounds, [wide.min(initial=np.inf), wide.max(initial=-np.inf)])
            size = abs(wide).mean() if x.size else 1.0
            expected = wide.mean() if x.size else np.nan
            yield near("|mean - ref| over the mean magnitude", mean, expected, size, tree(x.size))
            # The mean that is taken off is itself rounded.
            spread = (wide.std() + EPSILON * size) ** 2 if x.size else 1.0
            expected = wide.var() if x.size else np.nan
            yield near("|variance - ref| over the variance", variance, expected, spread, tree(x.size))

        return Case(name, "moments", {"x": laid(x, how)}, judge)

    for n in [0, 1, 2, 17, 300, 10_001, 700_001]:
        yield case("%d" % n, floats(rng, n))
    yield case("far from zero", floats(rng, 5_000, low=9_999.0, high=10_001.0))
    yield case("all the same", np.full(777, 0.1, np.float32))
    for how in VECTORS[1:]:
        yield case("333 " + how, floats(rng, 333), how)
    for how in MATRICES[1:]:
        yield case("65x129 " + how, floats(rng, 65, 129), how)


@operation("covariance")
def covariance(rng):
    def case(name, a):
        def judge(answer):
            wide, n = double(a), len(a)
            expected = np.atleast_2d(np.cov(wide, rowvar=False)) if a.size else np.zeros((a.shape[1],) * 2)
            off = wide - wide.mean(0)
            size = np.linalg.norm(off, axis=0)
            # The means that are taken off are sums by trees; what these round is multiplied, and comes on top.
            means = np.log2(2 * n) * EPSILON * np.linalg.norm(wide, axis=0)
            scale = (np.outer(size, size) + np.outer(means, means) / bound(n)) / (n - 1)
            norm = "|c - ref| over the lengths of the centred columns, by element"
            yield near(norm, answer[0], expected, scale, n)

        return Case(name, "covariance", {"a": a}, judge)

    for m, n in [(2, 1), (2, 7), (300, 1), (5, 3), (31, 17), (257, 65), (900, 257), (3, 0)]:
        yield case("%dx%d" % (m, n), floats(rng, m, n))
    yield case("far from zero", floats(rng, 200, 9, low=999.0, high=1_001.0))
    a = floats(rng, 100, 6)
    a[:, 2], a[:, 4] = 0.1, a[:, 1]
    yield case("a constant column and one twice", a)
    for m in (0, 1):
        yield Case("%d rows" % m, "covariance", {"a": floats(rng, m, 3)}, refused="ShapeMismatch")


@operation("norms")
def norms(rng):
    def case(name, request, order, x, how="whole"):
        def judge(answer):
            expected = np.linalg.norm(double(x), order) if x.size else 0.0
            # Below the normal floats there is no relative precision to ask for.
            scale = max(expected, TINY) if np.isfinite(expected) else 1.0
            expected = np.inf if expected > np.finfo(np.float32).max else expected
            yield near("|norm - ref| over the norm", answer[0], np.atleast_1d(expected), scale, tree(x.size))

        return Case("%s, %s" % (request, name), request, {"x": laid(x, how)}, judge)

    vectors = [("%d" % n, floats(rng, n)) for n in (0, 1, 2, 17, 300, 10_001, 700_001)]
    vectors += [
        ("huge", floats(rng, 300, low=-1e37, high=1e37)),
        ("the largest", np.array([3e38, -1e38], np.float32)),
        ("tiny", floats(rng, 301, low=-1e-37, high=1e-37)),
        ("subnormal", floats(rng, 300, low=-1e-40, high=1e-40)),
        ("huge and tiny", np.array([1e38, 1e-38, -1e38, 1e-20] * 9, np.float32)),
        ("zeros", np.zeros(99, np.float32)),
        ("NaN", np.array([1.0, np.nan, 2.0], np.float32)),
        ("infinity", np.array([1.0, -np.inf, 2.0], np.float32)),
    ]
    for request, order in [("norm-one", 1), ("norm-two", None), ("norm-largest", np.inf)]:
        for name, x in vectors:
            yield case(name, request, order, x)
    for how in VECTORS[1:]:
        yield case("333 " + how, "norm-two", None, floats(rng, 333), how)
    for how in MATRICES:
        yield case("65x129 " + how, "norm-two", None, floats(rng, 65, 129), how)
    for request, order in [("matrix-norm-one", 1), ("matrix-norm-largest", np.inf)]:
        for m, n in SHAPES:
            yield case("%dx%d" % (m, n), request, order, floats(rng, m, n))
        yield case("huge", request, order, floats(rng, 9, 11, low=-1e37, high=1e37))
        yield case("tiny", request, order, floats(rng, 9, 11, low=-1e-37, high=1e-37))
        yield case("of rank 1", request, order, np.outer(floats(rng, 90), floats(rng, 70)))

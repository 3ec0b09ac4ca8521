"""Triangular systems, Cholesky, LU and QR, and what they solve.

Norms are Frobenius's. What a method leaves is held against the sizes of what it was computed from, as its error analysis has
it, and not against the condition of the matrix; solutions are held against SciPy's by the condition.
"""

import numpy as np
import scipy.linalg

from checks.cases import Case, Comparison, bound, double, exact, floats, operation
from checks.solvers import ratio

SIDES = (0, 1, 2, 15, 16, 17, 33, 127, 129, 257)
SHAPES = ((0, 0), (0, 3), (3, 0), (1, 1), (1, 40), (40, 1), (17, 5), (5, 17), (129, 60), (60, 129), (301, 203))


# Products of fewer steps stay on the CPU, so it takes twice as many rows to be sure of one that does not.
STEPS = 128


def small(*sides):
    return min(sides) < 2 * STEPS


def length(a):
    return float(np.linalg.norm(double(a)))


def left(norm, difference, size, n):
    """What is left over the size of what it was computed from."""
    return Comparison(norm, ratio(length(difference), size), bound(n))


def of_shape(answer, shape):
    """Whether a result has the shape that it should: without it there is nothing to compute with."""
    return Comparison("shape %s instead of %s" % (answer.shape, shape), int(answer.shape != shape), 0)


def right_sides(rng, n):
    """As a line, as one column, as some, and as none."""
    return {"a line": floats(rng, n), "1 column": floats(rng, n, 1), "7 columns": floats(rng, n, 7),
            "no columns": floats(rng, n, 0)}


def definite(rng, n):
    """Symmetric and positive definite, of a modest condition."""
    b = rng.standard_normal((n, n))
    return (b @ b.T / max(n, 1) + np.eye(n)).astype(np.float32)


def solved(name, request, a, b, arrays, solver, **numbers):
    """A case of `A x = b`: what is left of it, and the solution beside the one of `solver`."""
    a = double(a)

    def judge(answer):
        (x,) = answer
        yield of_shape(x, b.shape)
        if x.shape != b.shape:
            return
        size = length(a) * length(x) + length(b)
        yield left("|b - A x| over |A||x| + |b|", double(b) - a @ double(x), size, len(b))
        expected = solver(a, double(b))
        scale = (np.linalg.cond(a) if len(b) else 1.0) * length(expected)
        yield left("|x - ref| over the condition times |ref|", double(x) - expected, scale, len(b))

    few = small(len(b)) or b.size == 0
    return Case(name, request, arrays, judge, small=few, **numbers)


@operation("triangular")
def triangular(rng):
    for n in SIDES:
        t = floats(rng, n, n) / max(n, 1)
        t[np.arange(n), np.arange(n)] = 1 + abs(floats(rng, n))
        for upper in (0, 1):
            for transposed in (0, 1):
                for unit in (0, 1):
                    a = np.triu(t) if upper else np.tril(t)
                    if unit:
                        np.fill_diagonal(a, 1)
                    a = a.T if transposed else a
                    sides = right_sides(rng, n) if n == 33 else {"7 columns": floats(rng, n, 7)}
                    for what, b in sides.items():
                        name = "%d, %s%s%s, %s" % (n, "upper" if upper else "lower", ", transposed" * transposed,
                                                   ", ones" * unit, what)
                        numbers = {"upper": upper, "transposed": transposed, "unit": unit}
                        yield solved(name, "triangular", a, b, {"t": t, "b": b}, np.linalg.solve, **numbers)
    numbers = {"upper": 0, "transposed": 0, "unit": 0}
    two = np.ones((2, 1), np.float32)
    for name, t, kind in [("singular", np.diag([1.0, 0.0]), "Setting"), ("not square", np.ones((2, 3)), "ShapeMismatch")]:
        yield Case(name, "triangular", {"t": t.astype(np.float32), "b": two}, refused=kind, **numbers)


@operation("cholesky")
def cholesky(rng):
    def case(n):
        a = definite(rng, n)

        def judge(answer):
            (l,) = answer
            yield of_shape(l, a.shape)
            if l.shape != a.shape:
                return
            yield exact(np.triu(l, 1), np.zeros_like(a))
            yield left("|A - L L'| over |A|", double(a) - double(l) @ double(l).T, length(a), n)
            expected = np.linalg.cholesky(double(a))
            scale = (np.linalg.cond(double(a)) if n else 1.0) * length(expected)
            yield left("|L - ref| over the condition times |ref|", double(l) - expected, scale, n)

        return Case("%d rows" % n, "cholesky", {"a": a}, judge, small=small(n))

    for n in SIDES:
        yield case(n)
    for n in (1, 17, 129):
        for what, b in right_sides(rng, n).items():
            a = definite(rng, n)
            yield solved("%d rows, %s" % (n, what), "solve-cholesky", a, b, {"a": a, "b": b}, np.linalg.solve)
    for name, a, kind in [
        ("indefinite", np.diag([1.0, -1.0]), "Setting"),
        ("singular", np.ones((3, 3)), "Setting"),
        ("NaN", np.full((2, 2), np.nan), "Setting"),
        ("not square", np.ones((2, 3)), "ShapeMismatch"),
    ]:
        yield Case(name, "cholesky", {"a": a.astype(np.float32)}, refused=kind)


@operation("lu")
def lu(rng):
    def case(name, a):
        def judge(answer):
            packed, order = answer
            rows, columns = a.shape
            yield of_shape(packed, a.shape)
            yield exact(np.sort(order), np.arange(rows))
            if packed.shape != a.shape or sorted(order) != list(range(rows)):
                return
            k = min(rows, columns)
            lower, upper = np.tril(double(packed), -1)[:, :k] + np.eye(rows, k), np.triu(double(packed))[:k]
            size = length(lower) * length(upper)
            yield left("|P A - L U| over |L||U|", double(a)[order] - lower @ upper, size, max(rows, columns))
            yield Comparison("an element of L above 1", int((abs(lower) > 1).sum()), 0)

        return Case(name, "lu", {"a": a}, judge, small=small(*a.shape))

    for rows, columns in [*SHAPES, (16, 16), (128, 128), (257, 257)]:
        yield case("%dx%d" % (rows, columns), floats(rng, rows, columns))
    zeros = np.zeros((5, 5), np.float32)

    def of_zeros(answer):
        yield exact(answer[0], zeros)
        yield exact(answer[1], np.arange(5))

    yield Case("of zeros", "lu", {"a": zeros}, of_zeros, small=True)


@operation("solve")
def solve(rng):
    for n in SIDES:
        a = floats(rng, n, n)
        for what, b in right_sides(rng, n).items():
            yield solved("%d unknowns, %s" % (n, what), "solve", a, b, {"a": a, "b": b}, np.linalg.solve)
    two = np.ones((2, 1), np.float32)
    for name, a, b, kind in [
        ("singular", np.ones((2, 2)), two, "Setting"),
        ("not square", np.ones((2, 3)), two, "ShapeMismatch"),
        ("b too long", np.eye(2), np.ones((3, 1), np.float32), "ShapeMismatch"),
    ]:
        yield Case(name, "solve", {"a": a.astype(np.float32), "b": b}, refused=kind)


@operation("qr")
def qr(rng):
    def case(name, a):
        def judge(answer):
            q, r = answer
            rows, columns = a.shape
            k, n = min(rows, columns), max(rows, columns)
            yield of_shape(q, (rows, k))
            yield of_shape(r, (k, columns))
            if q.shape != (rows, k) or r.shape != (k, columns):
                return
            yield exact(np.tril(r, -1), np.zeros_like(r))
            yield left("|A - Q R| over |A|", double(a) - double(q) @ double(r), length(a), n)
            yield left("|Q'Q - I| over |I|", double(q).T @ double(q) - np.eye(k), np.sqrt(k), n)
            expected = np.linalg.qr(double(a), mode="r") if k else double(r)
            yield left("|R| by element over |A|", abs(double(r)) - abs(expected), length(a) * condition(a), n)

        return Case(name, "qr", {"a": a}, judge, small=small(*a.shape))

    for rows, columns in SHAPES:
        yield case("%dx%d" % (rows, columns), floats(rng, rows, columns))
    for n in (127, 128, 129, 257):
        yield case("%dx%d" % (n, n), floats(rng, n, n))


def condition(a):
    """Of the square part, which decides how well the factors are known."""
    k = min(a.shape)
    return max(1.0, float(np.linalg.cond(double(a)[:, :k]))) if k else 1.0


@operation("least-squares")
def least_squares(rng):
    def case(rows, columns, what, b):
        a = floats(rng, rows, columns)

        def judge(answer):
            (x,) = answer
            shape = (columns, *b.shape[1:])
            yield of_shape(x, shape)
            if x.shape != shape:
                return
            off = double(a) @ double(x) - double(b)
            size = length(a) * (length(a) * length(x) + length(b))
            yield left("|A'(A x - b)| over |A|(|A||x| + |b|)", double(a).T @ off, size, rows)
            expected = scipy.linalg.lstsq(double(a), double(b))[0] if columns and b.size else double(x)
            scale = condition(a) ** 2 * (length(expected) + ratio(length(b), length(a)))
            yield left("|x - ref| over the condition squared times |ref|", double(x) - expected, scale, rows)

        few = small(rows, columns) or b.size == 0
        return Case("%dx%d, %s" % (rows, columns, what), "least-squares", {"a": a, "b": b}, judge, small=few)

    for rows, columns in [(1, 1), (9, 1), (40, 7), (129, 33), (129, 129), (301, 203)]:
        for what, b in right_sides(rng, rows).items():
            yield case(rows, columns, what, b)
    wide = {"a": floats(rng, 2, 3), "b": floats(rng, 2)}
    yield Case("more columns than rows", "least-squares", wide, refused="ShapeMismatch")
    yield Case("a column of zeros", "least-squares", {"a": np.zeros((3, 1), np.float32), "b": floats(rng, 3)}, refused="Setting")

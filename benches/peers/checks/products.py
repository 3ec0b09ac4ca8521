"""Products of matrices and vectors, and what is done with whole matrices without sums."""

import itertools

import numpy as np

from checks.cases import MATRICES, VECTORS, Case, double, exact, floats, laid, near, operation, tree
from checks.program import Operand

# Rows, steps and columns.
SHAPES = [
    (1, 1, 1),
    (1, 7, 1),
    (7, 1, 9),
    (1, 64, 33),
    (33, 64, 1),
    (3, 5, 2),
    (17, 31, 29),
    (65, 129, 63),
    (300, 257, 310),
    (0, 5, 4),
    (4, 5, 0),
    (4, 0, 3),
    (0, 0, 0),
]
NORM = "|C - ref| over |alpha| |A||B| + |beta C0|, by element"


def product(name, a, b, numbers, operands, c=None):
    """A case of `alpha A B + beta C`; `operands` are the matrices as they are sent."""
    alpha, beta = numbers.get("alpha", 1.0), numbers.get("beta", 0.0)
    a, b = double(a), double(b)

    def judge(answer):
        with np.errstate(invalid="ignore"):
            expected, scale = stacked(a @ b) * alpha, stacked(abs(a) @ abs(b)) * abs(alpha)
        if alpha == 0:
            expected, scale = np.zeros_like(expected), np.zeros_like(scale)
        if beta != 0:
            expected, scale = expected + beta * double(c), scale + abs(beta * double(c))
        yield near(NORM, answer[0], expected, scale, a.shape[-1])

    return Case(name, "matmul", operands, judge, **numbers)


def stacked(parts):
    """Matrices below each other."""
    return parts if parts.ndim == 2 else parts.reshape(parts.shape[0] * parts.shape[1], parts.shape[2])


@operation("matmul")
def matmul(rng):
    for m, k, n in SHAPES:
        a, b = floats(rng, m, k), floats(rng, k, n)
        yield product("%dx%dx%d" % (m, k, n), a, b, {}, {"a": a, "b": b})
    for m, k, n in [(17, 31, 29), (130, 67, 301)]:
        a, b = floats(rng, m, k), floats(rng, k, n)
        for how in itertools.product(MATRICES, MATRICES):
            name = "%dx%dx%d, a %s, b %s" % (m, k, n, *how)
            yield product(name, a, b, {}, {"a": laid(a, how[0]), "b": laid(b, how[1])})
    for m, k, n in [(1, 9, 5), (33, 19, 47), (129, 300, 131), (4, 0, 3)]:
        yield from scaled(rng, m, k, n)
    yield from batches(rng)
    a = np.outer(floats(rng, 90), floats(rng, 70))
    yield product("of rank 1", a, a.T.copy(), {}, {"a": a, "b": laid(a.T, "transposed")})
    zero = np.zeros((31, 45), np.float32)
    yield product("zeros", zero, zero.T, {}, {"a": zero, "b": zero.T})
    half, other = floats(rng, 40, 150), floats(rng, 150, 50)
    a, b = np.hstack([half, -half]), np.vstack([other, other])
    yield product("sums that cancel", a, b, {}, {"a": a, "b": b})
    a, b = floats(rng, 20, 30), floats(rng, 30, 40)
    a[3, 4], a[5, 6], b[7, 8] = np.nan, np.inf, -np.inf
    yield product("not finite", a, b, {}, {"a": a, "b": b})
    a, b = np.full((9, 20), 1e-20, np.float32), np.full((20, 9), 1e19, np.float32)
    yield product("far from one", a, b, {}, {"a": a, "b": b})


def scaled(rng, m, k, n):
    """Every rule of alpha and beta, with C laid out in every way."""
    a, b, c = floats(rng, m, k), floats(rng, k, n), floats(rng, m, n)
    nan, size = np.full((m, n), np.nan, np.float32), "%dx%dx%d, " % (m, k, n)
    for how in MATRICES:
        numbers, operands = {"alpha": -1.5, "beta": 0.75}, {"a": a, "b": b, "c": laid(c, how)}
        yield product(size + "alpha, beta, c " + how, a, b, numbers, operands, c)
    yield product(size + "beta 0 over NaN", a, b, {"beta": 0.0}, {"a": a, "b": b, "c": nan}, nan)
    numbers = {"alpha": 2.5, "beta": 0.0}
    yield product(size + "alpha, beta 0 over NaN", a, b, numbers, {"a": a, "b": b, "c": nan}, nan)
    yield product(size + "beta 1", a, b, {"beta": 1.0}, {"a": a, "b": b, "c": c}, c)
    nans, numbers = np.full((m, k), np.nan, np.float32), {"alpha": 0.0, "beta": -0.5}
    yield product(size + "alpha 0 over NaN", a, b, numbers, {"a": nans, "b": b, "c": c}, c)
    case = product(size + "onto c", a, b, {"beta": 1.0}, {"a": a, "b": b, "onto": c}, c)
    del case.numbers["beta"]
    yield case


def batches(rng):
    """Matrices stacked below each other; of a transposed stack each is exchanged by itself."""
    for count, m, k, n in [(1, 3, 4, 5), (3, 17, 31, 29), (5, 1, 8, 1), (7, 40, 65, 33), (2, 3, 0, 4)]:
        a, b, c = floats(rng, count, m, k), floats(rng, count, k, n), floats(rng, count, m, n)
        for exchange_a, exchange_b in itertools.product([False, True], repeat=2):
            operands = {"a": stack(a, exchange_a), "b": stack(b, exchange_b), "c": stack(c, False)}
            name = "%d of %dx%dx%d, a %s, b %s" % (count, m, k, n, *map(view, (exchange_a, exchange_b)))
            numbers = {"alpha": 0.5, "beta": 2.0, "batches": count}
            yield product(name, a, b, numbers, operands, stacked(c))


def view(exchanged):
    return "transposed" if exchanged else "whole"


def stack(parts, exchanged):
    under = parts.swapaxes(1, 2) if exchanged else parts
    return Operand(stacked(under), view(exchanged))


@operation("matvec")
def matvec(rng):
    def case(name, a, x, operands, y=None, **numbers):
        alpha, beta = numbers.get("alpha", 1.0), numbers.get("beta", 0.0)

        def judge(answer):
            expected, scale = np.zeros(len(a)), np.zeros(len(a))
            if alpha != 0:
                expected = alpha * (double(a) @ double(x))
                scale = abs(alpha) * (abs(double(a)) @ abs(double(x)))
            if beta != 0:
                expected, scale = expected + beta * double(y), scale + abs(beta * double(y))
            norm = "|y - ref| over |alpha| |A||x| + |beta y0|, by element"
            yield near(norm, answer[0], expected, scale, tree(a.shape[1]))

        return Case(name, "matvec", operands, judge, **numbers)

    for m, n in [(1, 1), (1, 300), (300, 1), (3, 5), (31, 17), (257, 301), (0, 4), (4, 0), (0, 0)]:
        a, x = floats(rng, m, n), floats(rng, n)
        for how in ("whole", "transposed"):
            yield case("%dx%d, a %s" % (m, n, how), a, x, {"a": laid(a, how), "x": x})
    a, x, y = floats(rng, 65, 129), floats(rng, 129), floats(rng, 65)
    for how, other in itertools.product(MATRICES, VECTORS):
        operands = {"a": laid(a, how), "x": laid(x, other)}
        yield case("65x129, a %s, x %s" % (how, other), a, x, operands)
    nan = np.full(65, np.nan, np.float32)
    for how in ("whole", "transposed"):
        a_laid = laid(a, how)
        for other in VECTORS:
            operands, name = {"a": a_laid, "x": x, "y": laid(y, other)}, "alpha, beta, a %s, y %s"
            yield case(name % (how, other), a, x, operands, y, alpha=-1.5, beta=0.75)
        yield case("beta 0 over NaN, a " + how, a, x, {"a": a_laid, "x": x, "y": nan}, nan, beta=0.0)
        nans = laid(np.full_like(a, np.nan), how)
        yield case("alpha 0 over NaN, a " + how, a, x, {"a": nans, "x": x, "y": y}, y, alpha=0.0, beta=2.0)
    a = np.outer(floats(rng, 50), floats(rng, 70))
    yield case("of rank 1", a, x[:70], {"a": a, "x": x[:70]})
    a, x = np.hstack([a, -a]), np.tile(x[:70], 2)
    yield case("sums that cancel", a, x, {"a": a, "x": x})


@operation("transpose")
def transpose(rng):
    shapes = [(1, 1), (1, 9), (9, 1), (3, 5), (17, 31), (64, 64), (300, 257), (0, 5), (5, 0), (0, 0)]
    for m, n in shapes:
        a = floats(rng, m, n)
        for how in MATRICES if m * n > 9 else MATRICES[:2]:
            judge = lambda answer, a=a: [exact(answer[0], a.T)]
            yield Case("%dx%d %s" % (m, n, how), "transpose", {"a": laid(a, how)}, judge)
    a = floats(rng, 20, 30)
    a[3, 4], a[5, 6], a[0, 0] = np.nan, np.inf, -0.0
    yield Case("not finite", "transpose", {"a": a}, lambda answer: [exact(answer[0], a.T)])


@operation("outer")
def outer(rng):
    def case(name, x, y, how="whole"):
        def judge(answer):
            expected = np.outer(double(x), double(y))
            yield near("|A - ref| over |x y|, by element", answer[0], expected, abs(expected), 1)

        return Case(name, "outer", {"x": laid(x, how), "y": laid(y, how)}, judge)

    for m, n in [(1, 1), (1, 8), (9, 1), (3, 5), (31, 17), (257, 300), (0, 5), (5, 0), (0, 0)]:
        yield case("%dx%d" % (m, n), floats(rng, m), floats(rng, n))
    x, y = floats(rng, 33), floats(rng, 65)
    for how in VECTORS[1:]:
        yield case("33x65 " + how, x, y, how)
    yield case("zeros", np.zeros(7, np.float32), y)


@operation("broadcast")
def broadcast(rng):
    def case(name, request, a, v, operands):
        def judge(answer):
            added = double(v)[:, None] if request == "add-to-columns" else double(v)
            expected, scale = double(a) + added, abs(double(a)) + abs(added)
            yield near("|A - ref| over |a| + |v|, by element", answer[0], expected, scale, 1)

        return Case(name, request, operands, judge)

    for request, axis in [("add-to-rows", 1), ("add-to-columns", 0)]:
        for shape in [(1, 1), (1, 8), (9, 1), (3, 5), (31, 17), (257, 300), (0, 5), (5, 0), (0, 0)]:
            a, v = floats(rng, *shape), floats(rng, shape[axis])
            yield case("%s, %dx%d" % (request, *shape), request, a, v, {"a": a, "v": v})
        a = floats(rng, 33, 65)
        v = floats(rng, a.shape[axis])
        for how, other in zip(MATRICES[1:], itertools.cycle(VECTORS[1:])):
            operands, name = {"a": laid(a, how), "v": laid(v, other)}, "%s, 33x65 %s, v %s"
            yield case(name % (request, how, other), request, a, v, operands)

"""What a case is, how its inputs are laid out in memory, and how far a result may be off.

The rule of every comparison: the residual is at most `10 n eps`, `eps` being that of `f32` and `n` the length of the chain of
operations behind a result. The residual is relative to a norm that each operation names beside its cases; the reference is
computed in `float64`. What involves no rounding, such as a transpose, has the limit 0.
"""

import numpy as np

from checks.program import Operand

EPSILON = 2.0**-23
# Below this floats are equally spaced, so that errors are not relative any more.
TINY = 2.0**-126

# How matrices and vectors are laid out where the library reads them in place.
MATRICES = ("whole", "transposed", "block", "block/transposed", "rows")
VECTORS = ("whole", "slice", "strided", "column")

# The operations: name -> what yields its cases, given a generator of random numbers.
OPERATIONS = {}


def operation(name):
    """Registers the function below it as what yields the cases of an operation."""

    def register(cases):
        OPERATIONS[name] = cases
        return cases

    return register


class Case:
    """A request, and what its answer is held against.

    `judge` takes the arrays of an answer and yields comparisons. Where the library is to refuse the request, `refused` is the
    kind of its error instead. With `bits`, the answers of all targets are to have the same bits. What is `small` may be done by
    the CPU where a GPU is asked for, as the documentation of the operation says.
    """

    def __init__(self, name, operation, arrays, judge=None, refused=None, bits=False, small=False, **numbers):
        self.name, self.operation, self.judge, self.refused = name, operation, judge, refused
        self.bits, self.small = bits, small
        self.arrays = {key: a if isinstance(a, Operand) else Operand(a) for key, a in arrays.items()}
        self.numbers = {key.replace("_", "-"): value for key, value in numbers.items()}


class Comparison:
    """A residual in the norm that `norm` describes, and what it may be."""

    def __init__(self, norm, residual, limit):
        self.norm, self.residual, self.limit = norm, residual, limit
        self.passed = residual <= limit
        # How much of the limit was used; NaN passes nowhere.
        self.share = 0.0 if residual == 0 else residual / limit if limit > 0 and self.passed else np.inf
        if not self.passed and limit > 0 and np.isfinite(residual):
            self.share = residual / limit


def bound(n):
    """The rule's limit for chains of `n` operations."""
    return 10 * max(n, 1) * EPSILON


def tree(n):
    """The longest chain in a sum of `n` by the library's tree: in a block of 4,096 each of 128 accumulators adds 32."""
    return min(n, 32 + 7 + max(0, int(np.ceil(np.log2(max(n, 1) / 4_096)))))


def near(norm, found, expected, scale, n):
    """Each element's difference over `scale`, which has a number for each or one for all; the largest counts."""
    return compared(norm, found, expected, scale, bound(n))


def compared(norm, found, expected, scale, limit):
    found, expected = np.asarray(found), np.asarray(expected)
    if found.shape != expected.shape:
        return Comparison("shape %s instead of %s" % (found.shape, expected.shape), np.inf, limit)
    wide = np.result_type(found.dtype, np.float64)
    found, expected = found.astype(wide), expected.astype(wide)
    scale = np.broadcast_to(np.asarray(scale, np.float64), expected.shape)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        same = (found == expected) | (np.isnan(found) & np.isnan(expected))
        # A zero scale asks for equality, and so does what is not finite.
        off = np.where(same, 0.0, np.abs(found - expected) / scale)
    off = np.where(np.isnan(off), np.inf, off)
    return Comparison(norm, float(off.max(initial=0.0)), limit)


def exact(found, expected):
    """Whether all elements are equal."""
    return compared("elements that differ", found, expected, 0.0, 0.0)


def lengths(norm, found, expected, n):
    """The length of each row's difference over the length of the row expected."""
    found, expected = np.atleast_2d(found), np.atleast_2d(expected)
    if found.shape != expected.shape:
        return Comparison("shape %s instead of %s" % (found.shape, expected.shape), np.inf, bound(n))
    off = np.linalg.norm(found.astype(expected.dtype) - expected, axis=-1)
    return near(norm, off, np.zeros_like(off), np.linalg.norm(expected, axis=-1), n)


def floats(rng, *shape, low=-1.0, high=1.0):
    return rng.uniform(low, high, shape).astype(np.float32)


def double(a):
    return np.asarray(a, np.float64)


def laid(values, how):
    """The operand that shows `values`, laid out as `how` says among NaN that is not to be read."""
    if values.ndim == 1:
        return laid_line(values, how)
    rows, columns = values.shape
    if how.endswith("transposed"):
        under = laid(values.T, how.removesuffix("transposed").removesuffix("/") or "whole")
        return Operand(under.stored, how if under.view == "whole" else under.view + "/transposed")
    if how == "block":
        stored = np.full((rows + 3, columns + 6), np.nan, values.dtype)
        stored[2 : 2 + rows, 5 : 5 + columns] = values
        return Operand(stored, "block:5:%d:2:%d" % (5 + columns, 2 + rows))
    if how == "rows":
        stored = np.full((rows + 4, columns), np.nan, values.dtype)
        stored[3 : 3 + rows] = values
        return Operand(stored, "rows:3:%d" % (3 + rows))
    return Operand(values)


def laid_line(values, how):
    n = len(values)
    if how == "slice":
        stored = np.full(n + 8, np.nan, values.dtype)
        stored[5 : 5 + n] = values
        return Operand(stored, "slice:5:%d" % (5 + n))
    if how == "strided":
        stored = np.full(3 * n + 1, np.nan, values.dtype)
        stored[1::3] = values
        return Operand(stored, "strided:1:3")
    if how == "column":
        stored = np.full((n, 4), np.nan, values.dtype)
        stored[:, 2] = values
        return Operand(stored, "column:2")
    return Operand(values)

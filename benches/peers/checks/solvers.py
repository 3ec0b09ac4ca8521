"""Sparse matrices, systems of equations by iteration, the largest eigenvalue."""

import numpy as np
import scipy.sparse
import scipy.sparse.linalg

from checks.cases import EPSILON, Case, Comparison, bound, double, floats, near, operation, tree


def parts(matrix):
    """The arrays of a matrix in compressed rows, as they are sent."""
    return {
        "offsets": matrix.indptr.astype(np.uint32),
        "places": matrix.indices.astype(np.uint32),
        "values": matrix.data.astype(np.float32),
    }


def sparse(rng, m, n, count):
    """A matrix with so many values, some twice in a place."""
    at = (rng.integers(0, max(m, 1), count), rng.integers(0, max(n, 1), count))
    order = np.argsort(at[0], kind="stable")
    offsets = np.searchsorted(at[0][order], np.arange(m + 1))
    return scipy.sparse.csr_matrix((floats(rng, count), at[1][order], offsets), shape=(m, n))


@operation("csr")
def csr_matvec(rng):
    def case(name, a):
        x = floats(rng, a.shape[1])

        def judge(answer):
            values, places, offsets = double(sent["values"]), sent["places"], sent["offsets"]
            # Copies, because SciPy adds what stands twice in a place, and magnitudes are to be added by the entry.
            wide = scipy.sparse.csr_matrix((values, places.copy(), offsets.copy()), a.shape)
            size = scipy.sparse.csr_matrix((abs(values), places.copy(), offsets.copy()), a.shape)
            size = size @ abs(double(x))
            longest = int(np.diff(offsets.astype(int)).max(initial=0))
            yield near("|y - ref| over |A||x|, by element", answer[0], wide @ double(x), size, tree(longest))

        sent = parts(a)
        return Case(name, "csr-matvec", {**sent, "x": x}, judge, columns=a.shape[1])

    shapes = [(1, 1, 1), (1, 300, 90), (300, 1, 70), (31, 17, 60), (257, 301, 9_000)]
    for m, n, count in [*shapes, (5_001, 4_003, 400_000)]:
        yield case("%dx%d, %d values" % (m, n, count), sparse(rng, m, n, count))
    for m, n in [(5, 9), (0, 4), (4, 0), (0, 0)]:
        yield case("%dx%d of nothing" % (m, n), sparse(rng, m, n, 0))
    short = sparse(rng, 99, 300, 20)
    rows = scipy.sparse.vstack([short, sparse(rng, 1, 300, 8_000), short])
    yield case("one long row", rows.tocsr())
    yield case("of rank 1", scipy.sparse.csr_matrix(np.outer(floats(rng, 40), floats(rng, 30))))


def dominant(rng, n):
    """Symmetric, and each diagonal element is larger than the rest of its row: positive definite."""
    a = sparse(rng, n, n, 3 * n).toarray()
    a = np.triu(a, 1)
    a = a + a.T
    np.fill_diagonal(a, 1.2 * abs(a).sum(1) + 1)
    return scipy.sparse.csr_matrix(a.astype(np.float32))


def path(n, more):
    """2 and a bit on the diagonal, -1 beside it."""
    diagonals = [np.full(n - 1, -1.0), np.full(n, 2.0 + more), np.full(n - 1, -1.0)]
    return scipy.sparse.diags(diagonals, [-1, 0, 1]).tocsr().astype(np.float32)


def tolerance(n):
    """What is asked of a method: more than the rule, which is what is left of it all."""
    return 5 * EPSILON * max(1.0, float(np.sqrt(n)))


def system(name, request, a, b, dense=False):
    """A case of `A x = b` that is solved."""

    def judge(answer):
        x, (told,), (converged,) = answer
        wide, right = double(a.toarray()), double(b)
        n, size = len(b), np.linalg.norm(wide, 2) if len(b) else 0.0
        left = np.linalg.norm(right - wide @ double(x)) if x.shape == b.shape else np.inf
        whole = size * np.linalg.norm(double(x)) + np.linalg.norm(right)
        yield Comparison("|b - A x| over |A||x| + |b|", ratio(left, whole), bound(n))
        expected = np.linalg.solve(wide, right)
        condition = np.linalg.cond(wide) if n else 1.0
        scale = condition * np.linalg.norm(expected)
        norm = "|x - ref| over the condition times |ref|"
        yield Comparison(norm, ratio(np.linalg.norm(double(x) - expected), scale), bound(n))
        # It says what is left over |b|, rounded as the residual itself is.
        rounded = ratio(whole, np.linalg.norm(right))
        truth = ratio(left, np.linalg.norm(right))
        yield Comparison("what it says is left", ratio(abs(float(told) - truth), rounded), bound(n))
        yield Comparison("converged or not", abs(int(converged) - 1), 0)

    arrays = {"a": a.toarray(), "b": b} if dense else {**parts(a), "b": b}
    numbers = {"tolerance": tolerance(len(b)), "most": 500, "columns": a.shape[1]}
    return Case(name, request, arrays, judge, **numbers)


def ratio(part, whole):
    return 0.0 if part == 0 else float("inf") if whole == 0 else float(part / whole)


def refusals(rng, request, more):
    """What each method refuses: singular matrices of its own kind, and those that are not square."""
    rule = {"tolerance": 1e-5, "most": 50, "columns": 2}
    two, one = np.ones(2, np.float32), np.array([0, 1], np.float32)
    for name, matrix, b, kind in [
        ("not square", np.ones((2, 3)), two, "ShapeMismatch"),
        ("b too long", np.eye(2), np.ones(3, np.float32), "ShapeMismatch"),
        ("singular", np.diag([1.0, 0.0]), one, "Setting"),
        *more,
    ]:
        a = scipy.sparse.csr_matrix(matrix.astype(np.float32))
        yield Case(name, request, {**parts(a), "b": b}, refused=kind, **{**rule, "columns": a.shape[1]})


@operation("jacobi")
def jacobi(rng):
    for n in (0, 1, 2, 17, 65, 300):
        a = dominant(rng, n) if n else sparse(rng, 0, 0, 0)
        yield system("%d unknowns" % n, "jacobi", a, floats(rng, n))
    yield system("b of zeros", "jacobi", dominant(rng, 9), np.zeros(9, np.float32))
    yield system("a path", "jacobi", path(101, 0.5), floats(rng, 101))
    yield from refusals(rng, "jacobi", [])


@operation("conjugate-gradients")
def conjugate_gradients(rng):
    for n in (0, 1, 2, 17, 65, 300):
        a = dominant(rng, n) if n else sparse(rng, 0, 0, 0)
        for dense in (False, True):
            name = "%d unknowns, %s" % (n, "dense" if dense else "sparse")
            yield system(name, "conjugate-gradients", a, floats(rng, n), dense)
    yield system("b of zeros", "conjugate-gradients", dominant(rng, 9), np.zeros(9, np.float32))
    yield system("a path", "conjugate-gradients", path(101, 0.5), floats(rng, 101))
    # Singular too, but there is a solution.
    more = [("indefinite", np.diag([1.0, -1.0]), np.array([0, 1], np.float32), "Setting")]
    yield from refusals(rng, "conjugate-gradients", more)


@operation("power")
def power_iteration(rng):
    def case(name, a, dense):
        start = 1 + np.arange(len(a), dtype=np.float32) % 3

        def judge(answer):
            (value,), x, (told,), (converged,) = answer
            values, vectors = np.linalg.eigh(double(a))
            top = np.argmax(abs(values))
            expected, n = values[top], len(a)
            size = abs(expected)
            yield Comparison("|value - ref| over |A|", ratio(abs(float(value) - expected), size), bound(n))
            # A vector is known as well as its eigenvalue stands apart from the others.
            gap = abs(np.delete(values, top) - expected).min(initial=size or 1.0) / (size or 1.0)
            vector = vectors[:, top] * np.sign(vectors[:, top] @ double(x) or 1.0)
            off = np.linalg.norm(double(x) - vector) * gap if size else 0.0
            yield Comparison("|x - ref| by the gap of the eigenvalues", off, bound(n))
            left = np.linalg.norm(double(a) @ double(x) - float(value) * double(x))
            yield Comparison("what it says is left", abs(float(told) - ratio(left, size)), bound(n))
            yield Comparison("|x| - 1", abs(np.linalg.norm(double(x)) - 1), bound(n))
            yield Comparison("converged or not", abs(int(converged) - 1), 0)

        arrays = {"a": a} if dense else parts(scipy.sparse.csr_matrix(a))
        numbers = {"tolerance": tolerance(len(a)), "most": 500, "columns": len(a)}
        return Case(name, "power-iteration", {**arrays, "start": start}, judge, **numbers)

    for n in (1, 2, 17, 65, 300):
        for sign in (1, -1):
            # The next eigenvalue is half as large.
            turned, _ = np.linalg.qr(rng.standard_normal((n, n)))
            values = np.concatenate([[2.0 * sign], rng.uniform(-1, 1, n - 1)])
            a = turned @ np.diag(values) @ turned.T
            a = ((a + a.T) / 2).astype(np.float32)
            for dense in (False, True):
                name = "%d, largest %g, %s" % (n, 2 * sign, "dense" if dense else "sparse")
                yield case(name, a, dense)
    x = floats(rng, 50)
    yield case("singular, of rank 1", np.outer(x, x), True)
    arrays = {"a": np.eye(3, dtype=np.float32), "start": np.zeros(3, np.float32)}
    yield Case("a start of zeros", "power-iteration", arrays, refused="Setting", tolerance=1e-5, most=9)
    lost = {"a": np.diag([1, 0]).astype(np.float32), "start": np.ones(3, np.float32)}
    yield Case("a start too long", "power-iteration", lost, refused="ShapeMismatch", tolerance=1e-5, most=9)

"""Heat on a grid, bodies that attract each other, shortest paths."""

import numpy as np
import scipy.sparse.csgraph

from checks.cases import Case, double, exact, floats, near, operation


@operation("heat")
def heat(rng):
    def case(name, cells, rate, steps):
        def judge(answer):
            now, weight = double(cells), float(np.float32(rate))
            for _ in range(steps if min(cells.shape) > 2 else 0):
                around = now[:-2, 1:-1] + now[2:, 1:-1] + now[1:-1, :-2] + now[1:-1, 2:]
                inner = (1 - 4 * weight) * now[1:-1, 1:-1] + weight * around
                now = now.copy()
                now[1:-1, 1:-1] = inner
            if steps == 0:
                yield exact(answer[0], now)
            else:
                # A step makes no cell larger than the largest was; each rounds once more.
                size = abs(double(cells)).max(initial=0.0)
                yield near("|u - ref| over the largest |u0|", answer[0], now, size, steps)

        return Case(name, "heat", {"cells": cells}, judge, rate=rate, steps=steps)

    for m, n in [(1, 1), (1, 9), (9, 1), (2, 5), (3, 3), (4, 3), (17, 31), (300, 257), (0, 5), (5, 0)]:
        yield case("%dx%d, 9 steps" % (m, n), floats(rng, m, n), 0.2, 9)
    cells = floats(rng, 65, 129)
    for steps in (0, 1, 7, 8, 16, 30):
        yield case("65x129, %d steps" % steps, cells, 0.1, steps)
    for rate in (0.0, 0.25):
        yield case("rate %g" % rate, cells, rate, 9)
    yield case("wider than a tile", floats(rng, 200, 1_001), 0.2, 11)
    yield case("all the same", np.full((50, 60), 0.1, np.float32), 0.2, 9)
    yield Case("rate above 1/4", "heat", {"cells": cells}, refused="Setting", rate=0.3, steps=1)


def bodies(rng, n):
    names = ["x", "y", "z", "vx", "vy", "vz"]
    return {**{name: floats(rng, n) for name in names}, "masses": floats(rng, n, low=0.0)}


def pulls(places, masses, softening):
    """What each body is accelerated by, and the same with all terms of one sign."""
    found, size = np.zeros_like(places), np.zeros_like(places)
    # Some bodies at a time: all pairs would fill the memory.
    for some in np.array_split(np.arange(len(masses)), len(masses) // 500 + 1):
        apart = places[:, None, :] - places[:, some, None]
        by = masses / ((apart**2).sum(0) + softening) ** 1.5
        found[:, some], size[:, some] = (by * apart).sum(2), (by * abs(apart)).sum(2)
    return found, size


@operation("n-body")
def n_body(rng):
    for softening in (1e-3, 1.0):
        for n in (0, 1, 2, 17, 65, 301):
            name = "%d bodies, softening %g" % (n, softening)
            yield pull(name, bodies(rng, n), softening)
    yield pull("5001 bodies", bodies(rng, 5_001), 1e-3)
    some = bodies(rng, 40)
    for name in "xyz":
        some[name][7] = some[name][5]
    some["masses"][3] = 0.0
    yield pull("two in one place, one without mass", some, 1e-3)
    yield pull("1000 away from zero", {**some, "x": some["x"] + np.float32(1_000)}, 1e-3)
    for n in (0, 1, 2, 17, 301):
        yield steps("%d bodies, 3 steps" % n, bodies(rng, n), 1e-3, 0.01, 3)
    yield Case("softening 0", "n-body-pull", bodies(rng, 3), refused="Setting", softening=0.0)
    uneven = {**bodies(rng, 3), "masses": floats(rng, 2)}
    yield Case("masses too few", "n-body-pull", uneven, refused="ShapeMismatch", softening=1.0)


def pull(name, some, softening):
    def judge(answer):
        places = np.array([double(some[axis]) for axis in "xyz"])
        expected, size = pulls(places, double(some["masses"]), float(np.float32(softening)))
        norm = "|a - ref| over the sum of the pulls' magnitudes, by body"
        for found, by, most in zip(answer, expected, size):
            yield near(norm, found, by, most, len(some["x"]))

    return Case(name, "n-body-pull", some, judge, softening=softening)


def steps(name, some, softening, time, count):
    def judge(answer):
        n, masses = len(some["x"]), double(some["masses"])
        places = np.array([double(some[axis]) for axis in "xyz"])
        speeds = np.array([double(some["v" + axis]) for axis in "xyz"])
        size = abs(places).max(initial=0.0) + abs(speeds).max(initial=0.0)
        for _ in range(count):
            by, most = pulls(places, masses, float(np.float32(softening)))
            speeds = speeds + by * float(np.float32(time))
            places = places + speeds * float(np.float32(time))
            size += most.max(initial=0.0) * time
        norm = "|place or velocity - ref| over the largest places, velocities and pulls"
        # Each step adds to both once, beside the sums over the bodies.
        for found, expected in zip(answer, [*places, *speeds]):
            yield near(norm, found, expected, size, n + count)

    numbers = {"softening": softening, "time": time, "steps": count}
    return Case(name, "n-body-steps", some, judge, **numbers)


@operation("shortest-paths")
def shortest_paths(rng):
    def case(name, distances):
        def judge(answer):
            n = len(distances)
            expected = scipy.sparse.csgraph.floyd_warshall(double(distances)) if n else double(distances)
            finite = np.where(np.isfinite(distances), abs(double(distances)), 0.0)
            # Lengths of both signs may add up to little, but no path is rounded at more than its longest part.
            size = np.where(np.isfinite(expected), abs(expected), 1.0)
            size = np.maximum(size, finite.max(initial=0.0))
            yield near("|d - ref| over the length or the longest edge", answer[0], expected, size, n)

        return Case(name, "shortest-paths", {"distances": distances}, judge)

    for n in (0, 1, 2, 17, 32, 33, 65, 150):
        for share in (0.05, 0.5, 1.0):
            yield case("%d nodes, %g of the edges" % (n, share), edges(rng, n, share))
    yield case("300 nodes", edges(rng, 300, 0.5))
    # Potentials: lengths below 0, and no cycle is.
    height = floats(rng, 70)
    below = edges(rng, 70, 0.4) + 0.01 * (height[:, None] - height[None, :])
    np.fill_diagonal(below, 0.0)
    yield case("lengths below 0", below.astype(np.float32))
    yield case("no edges", edges(rng, 40, 0.0))
    cycle = edges(rng, 40, 0.5)
    cycle[3, 5], cycle[5, 3] = 1.0, -2.0
    yield Case("a cycle below 0", "shortest-paths", {"distances": cycle}, refused="Setting")
    nan = edges(rng, 5, 1.0)
    nan[1, 2] = np.nan
    yield Case("NaN", "shortest-paths", {"distances": nan}, refused="Setting")
    yield Case("not square", "shortest-paths", {"distances": floats(rng, 3, 4)}, refused="ShapeMismatch")


def edges(rng, n, share):
    """Distances with so many of the edges; SciPy takes a length of 0 for no edge."""
    there = rng.uniform(size=(n, n)) < share
    found = np.where(there, rng.uniform(0.01, 1.0, (n, n)), np.inf).astype(np.float32)
    np.fill_diagonal(found, 0.0)
    return found

"""Random numbers: those that Philox has at each place, their distributions, the same bits on every target."""

import numpy as np
import scipy.special
import scipy.stats

from checks.cases import VECTORS, Case, Comparison, double, exact, floats, laid, near, operation

SEEDS = [0, 1, (1 << 40) + 7]
MANY = 100_000
# A test of a distribution fails a good generator this seldom.
CHANCE = 1e-9


def words(n, seed):
    """The first two words of each place: Philox 4x32-10 (Salmon et al., 2011), the counter being (place, 0, 0, 0)."""
    low = np.uint64(0xFFFFFFFF)
    a, b, c, d = np.arange(n, dtype=np.uint64), *np.zeros((3, n), np.uint64)
    key = [seed & 0xFFFFFFFF, seed >> 32]
    for _ in range(10):
        first, second = a * np.uint64(0xD2511F53), c * np.uint64(0xCD9E8D57)
        a, b = (second >> np.uint64(32)) ^ b ^ np.uint64(key[0]), second & low
        c, d = (first >> np.uint64(32)) ^ d ^ np.uint64(key[1]), first & low
        key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return a, b


def below(n, seed, limit):
    """The upper 32 of the 96 bits of two words times `limit`."""
    upper, lower = words(n, seed)
    limit, half = np.uint64(limit), np.uint64(32)
    return (upper * limit + (lower * limit >> half)) >> half


def statistics(name, found, distribution):
    """Mean, variance and the distribution itself against SciPy's, each over what chance seldom exceeds."""
    n, found = len(found), double(found)
    mean, variance, kurtosis = (float(x) for x in distribution.stats(moments="mvk"))
    far = scipy.stats.norm.isf(CHANCE / 2)
    error = np.sqrt(variance / n)
    yield Comparison(name + ": mean, in standard errors", abs(found.mean() - mean) / error, far)
    error = variance * np.sqrt((kurtosis + 2) / n)
    yield Comparison(name + ": variance, in standard errors", abs(found.var() - variance) / error, far)
    most = float(scipy.stats.kstwo.isf(CHANCE, n))
    apart = scipy.stats.kstest(found, distribution.cdf).statistic
    yield Comparison(name + ": Kolmogorov-Smirnov", apart, most)


@operation("random")
def random_numbers(rng):
    def case(name, request, judge, **numbers):
        return Case("%s, %s" % (request, name), request, {}, judge, bits=True, **numbers)

    for seed in SEEDS:
        for n in (0, 1, 5, 10_001):
            judge = lambda answer, n=n, seed=seed: [exact(answer[0], words(n, seed)[0])]
            yield case("%d of seed %d" % (n, seed), "words", judge, n=n, seed=seed)

        def uniform(answer, seed=seed):
            expected = double(words(MANY, seed)[0] >> np.uint64(8)) * 2.0**-24
            yield exact(answer[0], expected)
            yield from statistics("uniform", answer[0], scipy.stats.uniform)

        def normal(answer, seed=seed):
            # The words as signed numbers, each for the middle of its part of 2^-32 around 1/2.
            signed = words(MANY, seed)[0].astype(np.uint32).view(np.int32)
            expected = np.sqrt(2) * scipy.special.erfinv((double(signed) + 0.5) / 2.0**31)
            yield near("|x - ref| over |ref|, by element", answer[0], expected, abs(expected), 1)
            yield from statistics("normal", answer[0], scipy.stats.norm)

        yield case("%d of seed %d" % (MANY, seed), "uniform", uniform, n=MANY, seed=seed)
        yield case("%d of seed %d" % (MANY, seed), "normal", normal, n=MANY, seed=seed)
    for limit in (1, 2, 6, 1_000, (1 << 32) - 1):

        def integers(answer, limit=limit):
            yield exact(answer[0], below(MANY, 3, limit))
            yield from evenly(answer[0], limit)

        name = "%d below %d" % (MANY, limit)
        yield case(name, "below", integers, n=MANY, seed=3, limit=limit)
    for low, high in [(1, 7), (-500, 500), (-(1 << 31), (1 << 31) - 1)]:

        def integers(answer, low=low, high=high):
            yield exact(answer[0], below(MANY, 4, high - low).astype(np.int64) + low)
            yield from evenly(answer[0].astype(np.int64) - low, high - low)

        name = "%d of %d..%d" % (MANY, low, high)
        yield case(name, "range", integers, n=MANY, seed=4, low=low, high=high)
    yield Case("below 0", "below", {}, refused="Setting", n=9, seed=1, limit=0)
    yield Case("an empty range", "range", {}, refused="Setting", n=9, seed=1, low=3, high=3)


def evenly(found, limit):
    """Whether as many fall into each of some equal parts of 0..limit, by the chi-square test."""
    parts = min(limit, 1_000)
    if parts == 1:
        return
    at = found.astype(object) * parts // limit if limit > 1_000 else found
    counts = np.bincount(np.asarray(at, np.int64), minlength=parts)
    # Where the parts are no whole numbers of numbers, some have one more.
    edges = [-(-part * limit // parts) for part in range(parts + 1)]
    expected = np.diff(edges) * (len(found) / limit)
    found = scipy.stats.chisquare(counts, expected).statistic
    yield Comparison("chi-square of %d parts" % parts, found, float(scipy.stats.chi2.isf(CHANCE, parts - 1)))


def order(n, seed):
    """Places in the order of their two words."""
    upper, lower = words(n, seed)
    return np.lexsort((lower, upper))


@operation("permutations")
def permutations(rng):
    for n in (0, 1, 2, 300, 10_001):
        judge = lambda answer, n=n: [exact(answer[0], order(n, 5))]
        yield Case("%d" % n, "permutation", {}, judge, bits=True, n=n, seed=5)
    for n in (0, 1, 333):
        x = floats(rng, n)
        for how in VECTORS:
            judge = lambda answer, n=n, x=x: [exact(answer[0], x[order(n, 6)])]
            yield Case("shuffle, %d %s" % (n, how), "shuffle", {"x": laid(x, how)}, judge, bits=True, seed=6)

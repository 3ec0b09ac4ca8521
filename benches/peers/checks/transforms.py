"""Fourier transforms, 1-D and 2-D, complex and real, both ways."""

import numpy as np
import scipy.fft

from checks.cases import MATRICES, VECTORS, Case, floats, laid, lengths, operation

LENGTHS = [1, 2, 3, 4, 7, 8, 12, 17, 100, 257, 300, 1_024]
SIDES = [(1, 1), (1, 8), (9, 1), (3, 5), (17, 31), (64, 32), (300, 257)]


def complexes(rng, *shape):
    return (floats(rng, *shape) + 1j * floats(rng, *shape)).astype(np.complex64)


def halves(rng, rows, n):
    """Half spectra of rows of `n` floats."""
    return np.fft.rfft(floats(rng, rows, n), axis=1).astype(np.complex64)


def transformed(name, request, x, size, reference, operand=None, **numbers):
    """A case of a transform of `x`; so many numbers are behind each result."""

    def judge(answer):
        wide = x.astype(np.complex128 if np.iscomplexobj(x) else np.float64)
        expected = reference(wide)
        # Each result passes as many stages as the length has binary digits.
        stages = int(np.ceil(np.log2(2 * size)))
        # A picture is one transform, and rows are as many.
        flat = (lambda a: a.reshape(1, -1)) if request.endswith("2") else (lambda a: a)
        yield lengths("|X - ref| over |ref|, in the L2 norm", flat(answer[0]), flat(expected), stages)

    return Case(name, request, {"x": x if operand is None else operand}, judge, **numbers)


def ways(name):
    """As a target does it, and by the library's own kernels."""
    return [(name, {}), (name + ", by kernels", {"by_kernels": 1})]


@operation("fft")
def complex_rows(rng):
    for request, reference in [("fft", scipy.fft.fft), ("ifft", scipy.fft.ifft)]:
        for n in LENGTHS:
            for name, how in ways("%s, 5 rows of %d" % (request, n)):
                yield transformed(name, request, complexes(rng, 5, n), n, reference, n=n, **how)
        for n in (1, 300):
            name, x = "%s, a line of %d" % (request, n), complexes(rng, n)
            yield transformed(name, request, x, n, reference, n=n)
        x = complexes(rng, 9, 60)
        for how in MATRICES[1:]:
            name = "%s, 9 rows of 60, %s" % (request, how)
            yield transformed(name, request, x, 60, reference, laid(x, how), n=60)
        x = complexes(rng, 60)
        for how in VECTORS[1:]:
            name = "%s, a line of 60, %s" % (request, how)
            yield transformed(name, request, x, 60, reference, laid(x, how), n=60)
        for name, how in ways("%s, no rows" % request):
            yield transformed(name, request, complexes(rng, 0, 12), 12, reference, n=12, **how)
        one, same = np.zeros((2, 100), np.complex64), np.ones((2, 100), np.complex64)
        one[0, 0] = 1
        yield transformed(request + ", an impulse and zeros", request, one, 100, reference, n=100)
        yield transformed(request + ", all the same", request, same, 100, reference, n=100)
        yield Case(request + ", length 0", request, {"x": complexes(rng, 0)}, refused="ShapeMismatch", n=0)


@operation("real-fft")
def real_rows(rng):
    for n in LENGTHS:
        for name, how in ways("rfft, 5 rows of %d" % n):
            yield transformed(name, "rfft", floats(rng, 5, n), n, scipy.fft.rfft, n=n, **how)
        for name, how in ways("irfft, 5 rows of %d" % n):
            reference = lambda x, n=n: scipy.fft.irfft(x, n)
            yield transformed(name, "irfft", halves(rng, 5, n), n, reference, n=n, **how)
    x = floats(rng, 9, 60)
    for how in MATRICES[1:]:
        yield transformed("rfft, " + how, "rfft", x, 60, scipy.fft.rfft, laid(x, how), n=60)
    half = halves(rng, 9, 60)
    for how in MATRICES[1:]:
        operand = laid(half, how)
        yield transformed("irfft, " + how, "irfft", half, 60, scipy.fft.irfft, operand, n=60)
    yield transformed("rfft, no rows", "rfft", floats(rng, 0, 12), 12, scipy.fft.rfft, n=12)
    # The imaginary part of the first number, and of the last for an even length, is not looked at.
    yield transformed("irfft, no spectrum of reals", "irfft", complexes(rng, 3, 7), 12, scipy.fft.irfft, n=12)


@operation("fft-2d")
def complex_pictures(rng):
    for request, reference in [("fft2", scipy.fft.fft2), ("ifft2", scipy.fft.ifft2)]:
        for m, n in SIDES:
            for name, how in ways("%s, %dx%d" % (request, m, n)):
                x = complexes(rng, m, n)
                yield transformed(name, request, x, m * n, reference, n=n, rows=m, **how)
        x = complexes(rng, 12, 50)
        for how in MATRICES[1:]:
            name = "%s, 12x50 %s" % (request, how)
            yield transformed(name, request, x, 600, reference, laid(x, how), n=50, rows=12)
        x = complexes(rng, 0, 5)
        yield Case(request + ", no rows", request, {"x": x}, refused="ShapeMismatch", n=5, rows=0)


@operation("real-fft-2d")
def real_pictures(rng):
    for m, n in SIDES:
        for name, how in ways("rfft2, %dx%d" % (m, n)):
            yield transformed(name, "rfft2", floats(rng, m, n), m * n, scipy.fft.rfft2, n=n, rows=m, **how)
        for name, how in ways("irfft2, %dx%d" % (m, n)):
            half = np.fft.rfft2(floats(rng, m, n)).astype(np.complex64)
            reference = lambda x, m=m, n=n: scipy.fft.irfft2(x, (m, n))
            yield transformed(name, "irfft2", half, m * n, reference, n=n, rows=m, **how)
    x = floats(rng, 12, 50)
    for how in MATRICES[1:]:
        yield transformed("rfft2, " + how, "rfft2", x, 600, scipy.fft.rfft2, laid(x, how), n=50, rows=12)

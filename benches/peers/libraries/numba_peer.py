"""Numba; its kernels are in numba_kernels.py."""

import numpy as np

from libraries.base import Lib
from workloads import AX, H4, W4, empty_like_f32, gk, kern


class Numba(Lib):
    def __init__(self, t):
        super().__init__(t)
        import numba

        self.nb = numba
        numba.set_num_threads(t)
        from libraries import numba_kernels

        self.k = numba_kernels

    def version(self):
        from numba.core import config

        return "numba " + self.nb.__version__ + ("+svml" if config.USING_SVML else "")

    def saxpy(self, x, y):
        return lambda: self.k.saxpy(AX, x, y), lambda: y

    def chain(self, a, b, c):
        d = np.zeros_like(a)
        return lambda: self.k.chain(a, b, c, d), lambda: d

    def bs(self, s, k, t):
        c, p = np.zeros_like(s), np.zeros_like(s)
        return lambda: self.k.bs(s, k, t, c, p), lambda: (c, p)

    def mandel(self):
        o = np.zeros((1536, 2048), np.int32)
        return lambda: self.k.mandel(o), lambda: o

    def _red(self, f, *a):
        o = [0]

        def g():
            o[0] = f(*a)

        return g, lambda: o[0]

    def sum(self, x):
        return self._red(self.k.mean, x)

    def mmmv(self, x):
        return self._red(self.k.mmmv, x)

    def dot(self, x, y):
        return self._red(self.k.dot, x, y)

    def scan_f32(self, x):
        o = np.zeros_like(x)
        return lambda: self.k.scan(x, o), lambda: o

    scan_i32 = scan_f32

    def hist8(self, x):
        return self._red(self.k.hist, x, 256)

    def hist16(self, x):
        return self._red(self.k.hist, x, 65536)

    def gray(self, im):
        o = np.zeros((H4, W4), np.uint8)
        return lambda: self.k.gray(im, o), lambda: o

    def sobel(self, g):
        o = empty_like_f32(H4, W4)
        return lambda: self.k.sobel(g, o), lambda: o

    def conv3_f32(self, g):
        o = np.zeros_like(g)
        return lambda: self.k.conv3(g, kern(3), o), lambda: o

    def conv7_f32(self, g):
        o = np.zeros_like(g)
        return lambda: self.k.conv7(g, kern(7), o), lambda: o

    def gauss_f32(self, g):
        o, t = np.zeros_like(g), np.zeros_like(g)
        k = gk()
        return lambda: self.k.gauss(g, k, t, o), lambda: o

    def transpose(self, a):
        o = np.zeros_like(a)
        return lambda: self.k.transpose(a, o), lambda: o

    def softmax(self, x):
        o = np.zeros_like(x)
        return lambda: self.k.softmax(x, o), lambda: o

    def heat(self, u0):
        b = [u0.copy(), u0.copy()]

        def f():
            b[0][:] = u0
            b[1][:] = u0
            self.k.heat(b[0], b[1], 100)

        return f, lambda: b[0]

    def nbody(self, x, y, z, m):
        o = [np.zeros_like(x) for _ in range(3)]
        return lambda: self.k.nbody(x, y, z, m, *o), lambda: tuple(o)

"""Halide."""

import os

import numpy as np

from libraries.base import Lib
from workloads import H4, W4, empty_like_f32, gk, kern


class Halide(Lib):
    def __init__(self, t):
        super().__init__(t)
        os.environ["HL_NUM_THREADS"] = str(t)
        import halide

        self.h = halide

    def version(self):
        import importlib.metadata as m

        return "halide " + m.version("halide")

    def _go(self, f, out):
        f.compile_jit()
        b = self.h.Buffer(out)
        return lambda: f.realize(b), lambda: out

    def _v(self):
        return self.h.Var("x"), self.h.Var("y"), self.h.Var("yo"), self.h.Var("yi")

    def chain(self, a, b, c):
        h = self.h
        x, y, xo, xi = self._v()
        A, B, C = (h.Buffer(v) for v in (a, b, c))
        f = h.Func("f")
        f[x] = h.sqrt(A[x] * A[x] + B[x] * B[x]) * h.f32(0.5) + C[x]
        f.split(x, xo, xi, min(1 << 15, len(a) // 2)).vectorize(xi, 32).parallel(xo)
        return self._go(f, np.zeros_like(a))

    def gray(self, im):
        h = self.h
        x, y, yo, yi = self._v()
        I = h.Buffer(im)
        f = h.Func("f")  # dims: c, x, y
        u = lambda c: h.cast(h.UInt(32), I[c, x, y])
        f[x, y] = h.cast(h.UInt(8), (u(0) * 9798 + u(1) * 19235 + u(2) * 3735 + 16384) >> 15)
        f.split(y, yo, yi, 60).parallel(yo).vectorize(x, 64)
        return self._go(f, np.zeros((H4, W4), np.uint8))

    def _src(self, g):
        h = self.h
        return h.BoundaryConditions.repeat_edge(h.Buffer(g))

    def gauss_u8(self, g):
        h = self.h
        x, y, yo, yi = self._v()
        s = self._src(g)
        k = [int(round(v * 16384)) for v in gk()]
        k[6] += 16384 - sum(k)
        a, f = h.Func("a"), h.Func("f")
        U = h.UInt(32)
        e = h.cast(U, 0)
        for i in range(13):
            e = e + h.cast(U, s[x, y + i - 6]) * k[i]
        a[x, y] = h.cast(h.UInt(16), (e + 32) >> 6)
        e = h.cast(U, 0)
        for i in range(13):
            e = e + h.cast(U, a[x + i - 6, y]) * k[i]
        f[x, y] = h.cast(h.UInt(8), h.min((e + (1 << 21)) >> 22, 255))
        f.split(y, yo, yi, 40).parallel(yo).vectorize(x, 64)
        a.compute_at(f, yi).vectorize(x, 64)
        return self._go(f, np.zeros_like(g))

    def gauss_f32(self, g):
        h = self.h
        x, y, yo, yi = self._v()
        s = self._src(g)
        k = [float(v) for v in gk()]
        a, f = h.Func("a"), h.Func("f")
        e = h.f32(0)
        for i in range(13):
            e = e + s[x, y + i - 6] * h.f32(k[i])
        a[x, y] = e
        e = h.f32(0)
        for i in range(13):
            e = e + a[x + i - 6, y] * h.f32(k[i])
        f[x, y] = e
        f.split(y, yo, yi, 40).parallel(yo).vectorize(x, 32)
        a.compute_at(f, yi).vectorize(x, 32)
        return self._go(f, np.zeros_like(g))

    def sobel(self, g):
        h = self.h
        x, y, yo, yi = self._v()
        s = self._src(g)
        f = h.Func("f")
        p = lambda i, j: h.cast(h.Int(16), s[x + i, y + j])
        gx = (p(1, -1) - p(-1, -1)) + 2 * (p(1, 0) - p(-1, 0)) + (p(1, 1) - p(-1, 1))
        gy = (p(-1, 1) - p(-1, -1)) + 2 * (p(0, 1) - p(0, -1)) + (p(1, 1) - p(1, -1))
        F = lambda v: h.cast(h.Float(32), v)
        f[x, y] = h.sqrt(F(gx) * F(gx) + F(gy) * F(gy))
        f.split(y, yo, yi, 40).parallel(yo).vectorize(x, 32)
        return self._go(f, empty_like_f32(H4, W4))

    def _conv(self, g, k):
        h = self.h
        x, y, yo, yi = self._v()
        s = self._src(g)
        w = kern(k)
        f = h.Func("f")
        e = h.f32(0)
        r = k // 2
        for j in range(k):
            for i in range(k):
                e = e + h.cast(h.Float(32), s[x + i - r, y + j - r]) * h.f32(float(w[j, i]))
        f[x, y] = e if g.dtype == np.float32 else h.cast(h.UInt(8), h.clamp(e + h.f32(0.5), h.f32(0), h.f32(255)))
        yii = h.Var("yii")
        f.split(y, yo, yi, 40).parallel(yo).split(yi, yi, yii, 4).vectorize(x, 32).reorder(yii, x, yi, yo).unroll(yii)
        return self._go(f, np.zeros_like(g))

    def conv3_f32(self, g):
        return self._conv(g, 3)

    def conv7_f32(self, g):
        return self._conv(g, 7)

    conv3_u8, conv7_u8 = conv3_f32, conv7_f32

    def resize(self, im):
        h = self.h
        x, y, yo, yi = self._v()
        c = h.Var("c")
        I = h.Buffer(im)
        f = h.Func("f")
        u = lambda i, j: h.cast(h.UInt(16), I[c, 2 * x + i, 2 * y + j])
        f[c, x, y] = h.cast(h.UInt(8), (u(0, 0) + u(1, 0) + u(0, 1) + u(1, 1) + 2) >> 2)
        f.bound(c, 0, 3).unroll(c).split(y, yo, yi, 20).parallel(yo).vectorize(x, 32)
        return self._go(f, np.zeros((H4 // 2, W4 // 2, 3), np.uint8))

    def heat(self, u0):
        h = self.h
        x, y, yo, yi = self._v()
        n = len(u0)
        ip = h.ImageParam(h.Float(32), 2)
        f = h.Func("f")
        c = h.f32(0.2)
        b = h.BoundaryConditions.constant_exterior(ip, h.f32(0))
        edge = (x == 0) | (y == 0) | (x == n - 1) | (y == n - 1)
        f[x, y] = h.select(edge, b[x, y], c * (b[x, y] + b[x - 1, y] + b[x + 1, y] + b[x, y - 1] + b[x, y + 1]))
        f.split(y, yo, yi, 64).parallel(yo).vectorize(x, 32)
        f.compile_jit()
        p = [u0.copy(), u0.copy()]
        q = [h.Buffer(v) for v in p]

        def run():
            p[0][:] = u0
            for i in range(100):
                ip.set(q[i & 1])
                f.realize(q[1 - (i & 1)])

        return run, lambda: p[0]

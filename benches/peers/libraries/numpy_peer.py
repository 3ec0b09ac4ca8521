"""NumPy and numexpr."""

import numpy as np

from libraries.base import Lib
from workloads import AX, R, V, empty_like_f32


class Numpy(Lib):
    def __init__(self, t):
        super().__init__(t)
        import threadpoolctl

        self.ctl = threadpoolctl.threadpool_limits(t)

    def has(self, workload, size):
        # The rest has one thread only, and is measured with that.
        return self.t == 1 or workload in ("sgemm", "sgemv", "dot")

    def version(self):
        return "numpy " + np.__version__

    def memcpy(self, x):
        o = np.zeros_like(x)
        return lambda: np.copyto(o, x), lambda: o

    def saxpy(self, x, y):
        t = np.zeros_like(x)

        def f():
            np.multiply(x, AX, out=t)
            np.add(y, t, out=y)

        return f, lambda: y

    def chain(self, a, b, c):
        t, d = np.zeros_like(a), np.zeros_like(a)

        def f():
            np.multiply(a, a, out=d)
            np.multiply(b, b, out=t)
            np.add(d, t, out=d)
            np.sqrt(d, out=d)
            np.multiply(d, np.float32(0.5), out=d)
            np.add(d, c, out=d)

        return f, lambda: d

    def bs(self, s, k, t):
        from scipy.special import ndtr

        o = [0, 0]

        def f():
            q = np.float32(V) * np.sqrt(t)
            d1 = (np.log(s / k) + np.float32(R + V * V / 2) * t) / q
            d2 = d1 - q
            e = k * np.exp(np.float32(-R) * t)
            c = s * ndtr(d1) - e * ndtr(d2)
            o[0] = c
            o[1] = c - s + e

        return f, lambda: tuple(o)

    def sum(self, x):
        o = [0]

        def f():
            o[0] = x.sum() / len(x)

        return f, lambda: o[0]

    def mmmv(self, x):
        o = [0]

        def f():
            o[0] = (x.min(), x.max(), x.mean(), x.var())

        return f, lambda: o[0]

    def dot(self, x, y):
        o = [0]

        def f():
            o[0] = np.dot(x, y) / len(x)

        return f, lambda: o[0]

    def scan_f32(self, x):
        o = np.zeros_like(x)
        return lambda: np.cumsum(x, out=o), lambda: o

    def scan_i32(self, x):
        o = np.zeros_like(x)
        return lambda: np.cumsum(x, dtype=np.int32, out=o), lambda: o

    def hist8(self, x):
        o = [0]

        def f():
            o[0] = np.bincount(x, minlength=256)

        return f, lambda: o[0]

    def hist16(self, x):
        o = [0]

        def f():
            o[0] = np.bincount(x, minlength=65536)

        return f, lambda: o[0]

    def sort(self, x):
        o = np.zeros_like(x)
        return lambda: (np.copyto(o, x), o.sort()), lambda: o

    def sgemm(self, a, b):
        o = np.zeros_like(a)
        return lambda: np.matmul(a, b, out=o), lambda: o

    def sgemv(self, a, x):
        o = np.zeros_like(x)
        return lambda: np.matmul(a, x, out=o), lambda: o

    def transpose(self, a):
        o = np.zeros_like(a)
        return lambda: np.copyto(o, a.T), lambda: o

    def softmax(self, x):
        o = np.zeros_like(x)

        def f():
            np.subtract(x, x.max(axis=1, keepdims=True), out=o)
            np.exp(o, out=o)
            np.divide(o, o.sum(axis=1, keepdims=True), out=o)

        return f, lambda: o

    def heat(self, u0):
        n = len(u0)
        bufs = [u0.copy(), u0.copy()]
        t = empty_like_f32(n - 2, n - 2)
        c = np.float32(0.2)

        def f():
            u, v = bufs
            np.copyto(u, u0)
            np.copyto(v, u0)
            for _ in range(100):
                np.add(u[:-2, 1:-1], u[2:, 1:-1], out=t)
                np.add(t, u[1:-1, :-2], out=t)
                np.add(t, u[1:-1, 2:], out=t)
                np.multiply(t, c, out=t)
                np.multiply(u[1:-1, 1:-1], c, out=v[1:-1, 1:-1])
                np.add(v[1:-1, 1:-1], t, out=v[1:-1, 1:-1])
                u, v = v, u
            bufs[:] = u, v

        return f, lambda: bufs[0]

    def nbody(self, x, y, z, m):
        o = [0]

        def f():
            dx, dy, dz = x[None] - x[:, None], y[None] - y[:, None], z[None] - z[:, None]
            d = dx * dx + dy * dy + dz * dz + np.float32(1e-3)
            w = m[None] / (d * np.sqrt(d))
            o[0] = tuple(p + np.float32(1e-6) * (q * w).sum(axis=1) for p, q in ((x, dx), (y, dy), (z, dz)))

        return f, lambda: o[0]


class Numexpr(Lib):
    def __init__(self, t):
        super().__init__(t)
        import numexpr

        self.ne = numexpr
        numexpr.set_num_threads(t)

    def version(self):
        return "numexpr " + self.ne.__version__

    def saxpy(self, x, y):
        ne = self.ne
        a = AX
        return lambda: ne.evaluate("y+a*x", {"x": x, "y": y, "a": a}, out=y), lambda: y

    def chain(self, a, b, c):
        d = np.zeros_like(a)
        h = np.float32(0.5)
        ne = self.ne
        return lambda: ne.evaluate("sqrt(a*a+b*b)*h+c", {"a": a, "b": b, "c": c, "h": h}, out=d), lambda: d

    # No sum: it adds floats one by one, and stops at 2^24 of them.

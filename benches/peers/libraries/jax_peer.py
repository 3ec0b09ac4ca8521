"""JAX."""

import os

import numpy as np

from libraries.base import Lib
from workloads import AX, R, V


class Jax(Lib):
    def __init__(self, t):
        super().__init__(t)
        if t == 1:
            os.sched_setaffinity(0, {1})
        import jax, jax.numpy as jnp

        self.j, self.n = jax, jnp

    def has(self, workload, size):
        # Its histograms of large arrays take minutes.
        return not (workload in ("hist8", "hist16") and size == "L")

    def version(self):
        return "jax " + self.j.__version__

    def _k(self, g, *a, donate=None):
        f = self.j.jit(g)
        b = [self.n.asarray(v) for v in a]
        o = [0]

        def run():
            o[0] = self.j.block_until_ready(f(*b))

        return run, lambda: (tuple(np.asarray(v) for v in o[0]) if isinstance(o[0], tuple) else np.asarray(o[0]))

    def saxpy(self, x, y):
        f = self.j.jit(lambda x, y: y + AX * x, donate_argnums=(1,))
        b = [self.n.asarray(x), self.n.array(y)]

        def run():
            b[1] = f(b[0], b[1])
            b[1].block_until_ready()

        return run, lambda: np.asarray(b[1])

    def chain(self, *a):
        return self._k(lambda a, b, c: self.n.sqrt(a * a + b * b) * 0.5 + c, *a)

    def bs(self, *a):
        n = self.n
        erf = self.j.scipy.special.erf

        def g(s, k, t):
            q = V * n.sqrt(t)
            d1 = (n.log(s / k) + (R + V * V / 2) * t) / q
            d2 = d1 - q
            e = k * n.exp(-R * t)
            c = s * (0.5 + 0.5 * erf(d1 * 0.70710678)) - e * (0.5 + 0.5 * erf(d2 * 0.70710678))
            return c, c - s + e

        return self._k(g, *a)

    def mandel(self):
        n, lax = self.n, self.j.lax

        def g(cr, ci):
            def body(_, s):
                zr, zi, k = s
                a, b = zr * zr, zi * zi
                live = a + b <= 4
                return n.where(live, a - b + cr, zr), n.where(live, 2 * zr * zi + ci, zi), k + live

            z = n.zeros((1536, 2048), n.float32)
            return lax.fori_loop(0, 256, body, (z, z, n.zeros((1536, 2048), n.int32)))[2]

        cr = np.broadcast_to(-2 + np.arange(2048, dtype=np.float32) * np.float32(3 / 2048), (1536, 2048))
        ci = np.broadcast_to(
            (-1.125 + np.arange(1536, dtype=np.float32) * np.float32(2.25 / 1536))[:, None].astype(np.float32),
            (1536, 2048),
        )
        return self._k(g, cr, ci)

    def sum(self, x):
        return self._k(lambda v: v.sum() / v.size, x)

    def mmmv(self, x):
        return self._k(lambda v: (v.min(), v.max(), v.mean(), v.var()), x)

    def dot(self, x, y):
        return self._k(lambda a, b: self.n.dot(a, b) / a.size, x, y)

    def scan_f32(self, x):
        return self._k(self.n.cumsum, x)

    def scan_i32(self, x):
        return self._k(self.n.cumsum, x)

    def hist8(self, x):
        return self._k(lambda v: self.n.bincount(v, length=256), x)

    def hist16(self, x):
        return self._k(lambda v: self.n.bincount(v, length=65536), x)

    def sort(self, x):
        return self._k(self.n.sort, x)

    def gray(self, im):
        n = self.n
        return self._k(
            lambda v: (
                v[..., 0] * n.float32(0.299)
                + v[..., 1] * n.float32(0.587)
                + v[..., 2] * n.float32(0.114)
                + n.float32(0.5)
            ).astype(n.uint8),
            im,
        )

    def sgemm(self, a, b):
        return self._k(self.n.matmul, a, b)

    def sgemv(self, a, b):
        return self._k(self.n.matmul, a, b)

    def transpose(self, a):
        return self._k(lambda v: v.T + 0, a)

    def softmax(self, x):
        return self._k(lambda v: self.j.nn.softmax(v, axis=1), x)

    def heat(self, u0):
        lax = self.j.lax

        def step(_, u):
            return u.at[1:-1, 1:-1].set(0.2 * (u[1:-1, 1:-1] + u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:]))

        return self._k(lambda u: lax.fori_loop(0, 100, step, u), u0)

    def nbody(self, *a):
        def g(x, y, z, m):
            dx, dy, dz = x[None] - x[:, None], y[None] - y[:, None], z[None] - z[:, None]
            d = dx * dx + dy * dy + dz * dz + 1e-3
            w = m[None] * self.j.lax.rsqrt(d) / d
            return tuple(p + 1e-6 * (q * w).sum(1) for p, q in ((x, dx), (y, dy), (z, dz)))

        return self._k(g, *a)

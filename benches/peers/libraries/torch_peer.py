"""PyTorch, eager and compiled."""

import numpy as np

from libraries.base import Lib
from workloads import AX, H4, R, V, W4, gk, kern


class Torch(Lib):
    def __init__(self, t):
        super().__init__(t)
        import torch

        self.T = torch
        torch.set_num_threads(t)
        torch.set_grad_enabled(False)

    def version(self):
        return "torch " + self.T.__version__

    def t_(self, *a):
        return [self.T.from_numpy(x) for x in a]

    def memcpy(self, x):
        (x,) = self.t_(x)
        o = self.T.zeros_like(x)
        return lambda: o.copy_(x), lambda: o.numpy()

    def saxpy(self, x, y):
        tx, ty = self.t_(x, y)
        a = float(AX)
        return lambda: ty.add_(tx, alpha=a), lambda: y

    def chain(self, a, b, c):
        T = self.T
        a, b, c = self.t_(a, b, c)
        d = T.zeros_like(a)

        def f():
            T.mul(a, a, out=d)
            d.addcmul_(b, b).sqrt_()
            T.add(c, d, alpha=0.5, out=d)

        return f, lambda: d.numpy()

    def _bs(self):
        T = self.T

        def g(s, k, t):
            q = V * T.sqrt(t)
            d1 = (T.log(s / k) + (R + V * V / 2) * t) / q
            d2 = d1 - q
            e = k * T.exp(-R * t)
            c = s * (0.5 + 0.5 * T.erf(d1 * 0.70710678)) - e * (0.5 + 0.5 * T.erf(d2 * 0.70710678))
            return c, c - s + e

        return g

    def _keep(self, g, *a):
        o = [None]

        def f():
            o[0] = g(*a)

        return f, lambda: tuple(x.numpy() for x in o[0]) if isinstance(o[0], tuple) else o[0].numpy()

    def bs(self, *a):
        return self._keep(self._bs(), *self.t_(*a))

    def sum(self, x):
        (x,) = self.t_(x)
        return self._keep(lambda v: v.sum() / len(v), x)

    def mmmv(self, x):
        (x,) = self.t_(x)
        T = self.T

        def g(v):
            lo, hi = T.aminmax(v)
            var, mean = T.var_mean(v, correction=0)
            return lo, hi, mean, var

        return self._keep(g, x)

    def dot(self, x, y):
        return self._keep(lambda a, b: self.T.dot(a, b) / len(a), *self.t_(x, y))

    def scan_f32(self, x):
        (x,) = self.t_(x)
        o = self.T.zeros_like(x)
        return lambda: self.T.cumsum(x, 0, out=o), lambda: o.numpy()

    def scan_i32(self, x):
        (x,) = self.t_(x)
        o = self.T.zeros_like(x)
        return lambda: self.T.cumsum(x, 0, dtype=self.T.int32, out=o), lambda: o.numpy()

    def hist8(self, x):
        return self._keep(lambda v: self.T.bincount(v, minlength=256), *self.t_(x))

    def hist16(self, x):
        return self._keep(lambda v: self.T.bincount(v, minlength=65536), self.T.from_numpy(x.view(np.int32)))

    def sort(self, x):
        return (
            self._keep(lambda v: self.T.sort(v)[0], self.T.from_numpy((x ^ np.uint32(1 << 31)).view(np.int32)))[0],
            None,
        )

    def _conv(self, g, k):
        T = self.T
        F = T.nn.functional
        x = T.from_numpy(g)[None, None]
        w = T.from_numpy(kern(k))[None, None]
        return self._keep(lambda v: F.conv2d(v, w, padding=k // 2)[0, 0], x)

    def conv3_f32(self, g):
        return self._conv(g, 3)

    def conv7_f32(self, g):
        return self._conv(g, 7)

    def gauss_f32(self, g):
        T = self.T
        F = T.nn.functional
        x = T.from_numpy(g)[None, None]
        k = T.from_numpy(gk())
        a, b = k[None, None, None, :], k[None, None, :, None]
        return self._keep(lambda v: F.conv2d(F.conv2d(v, a, padding=(0, 6)), b, padding=(6, 0))[0, 0], x)

    def _rs(self, im, aa):
        F = self.T.nn.functional
        x = self.T.from_numpy(im).permute(2, 0, 1)[None]
        return self._keep(
            lambda v: F.interpolate(v, size=(H4 // 2, W4 // 2), mode="bilinear", antialias=aa)[0].permute(1, 2, 0),
            x,
        )

    def resize(self, im):
        return self._rs(im, False)

    def resize_aa(self, im):
        return self._rs(im, True)

    def sgemm(self, a, b):
        a, b = self.t_(a, b)
        o = self.T.zeros_like(a)
        return lambda: self.T.mm(a, b, out=o), lambda: o.numpy()

    def sgemv(self, a, x):
        a, x = self.t_(a, x)
        o = self.T.zeros_like(x)
        return lambda: self.T.mv(a, x, out=o), lambda: o.numpy()

    def transpose(self, a):
        (a,) = self.t_(a)
        o = self.T.zeros_like(a)
        return lambda: o.copy_(a.t()), lambda: o.numpy()

    def softmax(self, x):
        (x,) = self.t_(x)
        o = self.T.zeros_like(x)
        return lambda: self.T.softmax(x, 1, out=o), lambda: o.numpy()

    def heat(self, u0):
        T = self.T
        (u0,) = self.t_(u0)
        b = [u0.clone(), u0.clone()]

        def f():
            u, v = b
            u.copy_(u0)
            v.copy_(u0)
            for _ in range(100):
                t = v[1:-1, 1:-1]
                T.add(u[:-2, 1:-1], u[2:, 1:-1], out=t)
                t.add_(u[1:-1, :-2]).add_(u[1:-1, 2:]).add_(u[1:-1, 1:-1]).mul_(0.2)
                u, v = v, u
            b[:] = u, v

        return f, lambda: b[0].numpy()

    def _nb(self):
        def g(x, y, z, m):
            dx, dy, dz = x[None] - x[:, None], y[None] - y[:, None], z[None] - z[:, None]
            d = dx * dx + dy * dy + dz * dz + 1e-3
            w = m[None] * d.rsqrt() / d
            return tuple(p + 1e-6 * (q * w).sum(1) for p, q in ((x, dx), (y, dy), (z, dz)))

        return g

    def nbody(self, *a):
        return self._keep(self._nb(), *self.t_(*a))


class TorchCompile(Torch):
    def has(self, workload, size):
        # What it inherits is the same code as without the compiler.
        return workload in type(self).__dict__

    def version(self):
        return "torch.compile " + self.T.__version__

    def _c(self, g):
        return self.T.compile(g, dynamic=False)

    def chain(self, *a):
        return self._keep(self._c(lambda a, b, c: self.T.sqrt(a * a + b * b) * 0.5 + c), *self.t_(*a))

    def saxpy(self, x, y):
        tx, ty = self.t_(x, y)
        al = float(AX)
        g = self._c(lambda p, q: q.add_(p, alpha=al))
        return lambda: g(tx, ty), lambda: y

    def bs(self, *a):
        return self._keep(self._c(self._bs()), *self.t_(*a))

    def mmmv(self, x):
        T = self.T

        def g(v):
            var, mean = T.var_mean(v, correction=0)
            return T.amin(v), T.amax(v), mean, var

        return self._keep(self._c(g), *self.t_(x))

    def softmax(self, x):
        return self._keep(self._c(lambda v: self.T.softmax(v, 1)), *self.t_(x))

    def nbody(self, *a):
        return self._keep(self._c(self._nb()), *self.t_(*a))

    def gray(self, im):
        T = self.T
        return self._keep(
            self._c(lambda v: (v[..., 0] * 0.299 + v[..., 1] * 0.587 + v[..., 2] * 0.114 + 0.5).to(T.uint8)),
            *self.t_(im)
        )

    def sobel(self, g):
        T = self.T

        def h(v):
            v = T.nn.functional.pad(v.float(), (1, 1, 1, 1))
            a, b, c = v[:-2], v[1:-1], v[2:]
            gx = (a[:, 2:] - a[:, :-2]) + 2 * (b[:, 2:] - b[:, :-2]) + (c[:, 2:] - c[:, :-2])
            s = c - a
            return T.sqrt(gx * gx + (s[:, :-2] + 2 * s[:, 1:-1] + s[:, 2:]) ** 2)

        return self._keep(self._c(h), *self.t_(g))

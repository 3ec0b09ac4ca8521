"""Taichi; its kernels are in taichi_kernels.py."""

import numpy as np

from libraries.base import Lib
from workloads import AX


class Taichi(Lib):
    def __init__(self, t):
        super().__init__(t)
        import taichi as ti

        self.ti = ti
        ti.init(arch=ti.cpu, cpu_max_num_threads=t, log_level=ti.ERROR, offline_cache=True)
        from libraries import taichi_kernels

        self.k = taichi_kernels

    def version(self):
        return "taichi " + ".".join(map(str, self.ti.__version__))

    def _nd(self, a):
        b = self.ti.ndarray(self.ti.f32, a.shape)
        b.from_numpy(a)
        return b

    def saxpy(self, x, y):
        X, Y = self._nd(x), self._nd(y)
        return lambda: self.k.saxpy(float(AX), X, Y), lambda: Y.to_numpy()

    def chain(self, *a):
        A = [self._nd(v) for v in a]
        d = self._nd(np.zeros_like(a[0]))
        return lambda: self.k.chain(*A, d), lambda: d.to_numpy()

    def bs(self, *a):
        A = [self._nd(v) for v in a]
        c, p = (self._nd(np.zeros_like(a[0])) for _ in range(2))
        return lambda: self.k.bs(*A, c, p), lambda: (c.to_numpy(), p.to_numpy())

    def mandel(self):
        o = self.ti.ndarray(self.ti.i32, (1536, 2048))
        return lambda: self.k.mandel(o), lambda: o.to_numpy()

    def sum(self, x):
        X = self._nd(x)
        o = [0]
        n = len(x)

        def f():
            o[0] = self.k.total(X) / n

        return f, lambda: o[0]

    def heat(self, u0):
        a, b, s = self._nd(u0), self._nd(u0), self._nd(u0)

        def f():
            self.k.copy(s, a)
            for i in range(50):
                self.k.heat(a, b)
                self.k.heat(b, a)

        return f, lambda: a.to_numpy()

    def nbody(self, *a):
        A = [self._nd(v) for v in a]
        o = [self._nd(np.zeros_like(a[0])) for _ in range(3)]
        return lambda: self.k.nbody(*A, *o), lambda: tuple(v.to_numpy() for v in o)

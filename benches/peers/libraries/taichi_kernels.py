"""The loops that taichi_peer.py compiles; ti.init must have run."""

import taichi as ti

A1, A2, I2 = (
    ti.types.ndarray(ti.f32, ndim=1),
    ti.types.ndarray(ti.f32, ndim=2),
    ti.types.ndarray(ti.i32, ndim=2),
)


@ti.kernel
def saxpy(a: ti.f32, x: A1, y: A1):
    for i in x:
        y[i] += a * x[i]


@ti.kernel
def chain(a: A1, b: A1, c: A1, d: A1):
    for i in a:
        d[i] = ti.sqrt(a[i] * a[i] + b[i] * b[i]) * 0.5 + c[i]


@ti.func
def cdf(x):  # Abramowitz-Stegun 26.2.17
    t = 1.0 / (1.0 + 0.2316419 * ti.abs(x))
    p = (
        0.39894228
        * ti.exp(-0.5 * x * x)
        * t
        * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    )
    return ti.select(x > 0, 1.0 - p, p)


@ti.kernel
def bs(s: A1, k: A1, t: A1, c: A1, p: A1):
    for i in s:
        q = 0.3 * ti.sqrt(t[i])
        d1 = (ti.log(s[i] / k[i]) + 0.065 * t[i]) / q
        e = k[i] * ti.exp(-0.02 * t[i])
        v = s[i] * cdf(d1) - e * cdf(d1 - q)
        c[i] = v
        p[i] = v - s[i] + e


@ti.kernel
def mandel(o: I2):
    for y, x in o:
        cr = -2.0 + x * (3.0 / 2048)
        ci = -1.125 + y * (2.25 / 1536)
        zr = 0.0
        zi = 0.0
        k = 0
        while k < 256 and zr * zr + zi * zi <= 4.0:
            t = zr * zr - zi * zi + cr
            zi = 2.0 * zr * zi + ci
            zr = t
            k += 1
        o[y, x] = k


@ti.kernel
def total(x: A1) -> ti.f32:
    s = 0.0
    for i in x:
        s += x[i]
    return s


@ti.kernel
def copy(a: A2, b: A2):
    for i, j in a:
        b[i, j] = a[i, j]


@ti.kernel
def heat(u: A2, v: A2):
    for y, x in u:
        if 0 < y < 2047 and 0 < x < 2047:
            v[y, x] = 0.2 * (u[y, x] + u[y - 1, x] + u[y + 1, x] + u[y, x - 1] + u[y, x + 1])


@ti.kernel
def nbody(x: A1, y: A1, z: A1, m: A1, ox: A1, oy: A1, oz: A1):
    for i in x:
        a = 0.0
        b = 0.0
        c = 0.0
        for j in range(4096):
            dx = x[j] - x[i]
            dy = y[j] - y[i]
            dz = z[j] - z[i]
            d = dx * dx + dy * dy + dz * dz + 1e-3
            w = m[j] / (d * ti.sqrt(d))
            a += dx * w
            b += dy * w
            c += dz * w
        ox[i] = x[i] + 1e-6 * a
        oy[i] = y[i] + 1e-6 * b
        oz[i] = z[i] + 1e-6 * c

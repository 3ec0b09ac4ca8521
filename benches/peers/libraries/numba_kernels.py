"""The loops that numba_peer.py compiles."""

import math
import numpy as np
from numba import njit, prange, get_num_threads

J = dict(parallel=True, fastmath=True, nogil=True, cache=True)


@njit(**J)
def saxpy(a, x, y):
    for i in prange(x.size):
        y[i] += a * x[i]


@njit(**J)
def chain(a, b, c, d):
    for i in prange(a.size):
        d[i] = math.sqrt(a[i] * a[i] + b[i] * b[i]) * np.float32(0.5) + c[i]


@njit(**J)
def bs(s, k, t, c, p):
    h, r2, o = np.float32(0.5), np.float32(0.70710678), np.float32(1)
    for i in prange(s.size):
        q = np.float32(0.3) * math.sqrt(t[i])
        d1 = (math.log(s[i] / k[i]) + np.float32(0.065) * t[i]) / q
        d2 = d1 - q
        e = k[i] * math.exp(np.float32(-0.02) * t[i])
        v = s[i] * h * (o + math.erf(d1 * r2)) - e * h * (o + math.erf(d2 * r2))
        c[i] = v
        p[i] = v - s[i] + e


@njit(**J)
def mandel(o):
    for y in prange(o.shape[0]):
        ci = np.float32(-1.125) + np.float32(y) * np.float32(2.25 / 1536)
        for x in range(o.shape[1]):
            cr = np.float32(-2) + np.float32(x) * np.float32(3 / 2048)
            zr = np.float32(0)
            zi = np.float32(0)
            k = 0
            while k < 256:
                a = zr * zr
                b = zi * zi
                if a + b > np.float32(4):
                    break
                zi = zr * zi
                zi = zi + zi + ci
                zr = a - b + cr
                k += 1
            o[y, x] = k


@njit(**J)
def mean(x):
    s = np.float32(0)
    for i in prange(x.size):
        s += x[i]
    return s / x.size


@njit(**J)
def dot(x, y):
    s = np.float32(0)
    for i in prange(x.size):
        s += x[i] * y[i]
    return s / x.size


@njit(**J)
def mmmv(x):
    lo = np.float32(np.inf)
    hi = np.float32(-np.inf)
    s = np.float32(0)
    q = np.float32(0)
    c = x[0]
    for i in prange(x.size):
        lo = min(lo, x[i])
        hi = max(hi, x[i])
        d = x[i] - c
        s += d
        q += d * d
    m = s / x.size
    return lo, hi, m + c, q / x.size - m * m


@njit(**J)
def scan(x, o):
    nt = get_num_threads()
    n = x.size
    part = np.zeros(nt + 1, x.dtype)
    if nt == 1:
        s = x[0]
        o[0] = s
        for i in range(1, n):
            s += x[i]
            o[i] = s
        return
    for t in prange(nt):
        s = part[0]
        for i in range(n * t // nt, n * (t + 1) // nt):
            s += x[i]
        part[t + 1] = s
    for t in range(nt):
        part[t + 1] += part[t]
    for t in prange(nt):
        s = part[t]
        for i in range(n * t // nt, n * (t + 1) // nt):
            s += x[i]
            o[i] = s


@njit(**J)
def hist(x, bins):
    nt = get_num_threads()
    n = x.size
    h = np.zeros((nt, bins), np.int32)
    for t in prange(nt):
        g = h[t]
        for i in range(n * t // nt, n * (t + 1) // nt):
            g[x[i]] += 1
    return h.sum(axis=0)


@njit(**J)
def gray(im, o):
    for y in prange(o.shape[0]):
        for x in range(o.shape[1]):
            o[y, x] = (
                im[y, x, 0] * np.int32(9798)
                + im[y, x, 1] * np.int32(19235)
                + im[y, x, 2] * np.int32(3735)
                + np.int32(16384)
            ) >> 15


@njit(**J)
def sobel(g, o):
    H, W = g.shape
    for y in prange(1, H - 1):
        for x in range(1, W - 1):
            a, b, c = np.int32(g[y - 1, x - 1]), np.int32(g[y - 1, x]), np.int32(g[y - 1, x + 1])
            d, f = np.int32(g[y, x - 1]), np.int32(g[y, x + 1])
            p, q, r = np.int32(g[y + 1, x - 1]), np.int32(g[y + 1, x]), np.int32(g[y + 1, x + 1])
            gx = np.float32(c - a + 2 * (f - d) + r - p)
            gy = np.float32(p - a + 2 * (q - b) + r - c)
            o[y, x] = math.sqrt(gx * gx + gy * gy)


@njit(**J)
def conv3(g, k, o):
    H, W = g.shape
    for y in prange(1, H - 1):
        for x in range(1, W - 1):
            s = np.float32(0)
            for j in range(3):
                for i in range(3):
                    s += g[y + j - 1, x + i - 1] * k[j, i]
            o[y, x] = s


@njit(**J)
def conv7(g, k, o):
    H, W = g.shape
    for y in prange(3, H - 3):
        row = o[y]
        row[:] = np.float32(0)
        for j in range(7):
            src = g[y + j - 3]
            k0, k1, k2, k3, k4, k5, k6 = k[j, 0], k[j, 1], k[j, 2], k[j, 3], k[j, 4], k[j, 5], k[j, 6]
            for x in range(3, W - 3):
                row[x] += (
                    src[x - 3] * k0
                    + src[x - 2] * k1
                    + src[x - 1] * k2
                    + src[x] * k3
                    + src[x + 1] * k4
                    + src[x + 2] * k5
                    + src[x + 3] * k6
                )


@njit(**J)
def gauss(g, k, t, o):
    H, W = g.shape
    for y in prange(H):
        row = t[y]
        for x in range(W):
            s = np.float32(0)
            for i in range(13):
                s += g[min(max(y + i - 6, 0), H - 1), x] * k[i]
            row[x] = s
    for y in prange(H):
        row = t[y]
        q = o[y]
        for x in range(6, W - 6):
            s = np.float32(0)
            for i in range(13):
                s += row[x + i - 6] * k[i]
            q[x] = s
        for x in range(6):
            a = np.float32(0)
            b = np.float32(0)
            for i in range(13):
                a += row[max(x + i - 6, 0)] * k[i]
                b += row[min(W - 6 + x + i - 6, W - 1)] * k[i]
            q[x] = a
            q[W - 6 + x] = b


@njit(**J)
def transpose(a, o):
    n, m = a.shape
    B = 32
    for bi in prange(n // B):
        for bj in range(m // B):
            for j in range(bj * B, bj * B + B):
                for i in range(bi * B, bi * B + B):
                    o[j, i] = a[i, j]


@njit(**J)
def softmax(x, o):
    for i in prange(x.shape[0]):
        r = x[i]
        q = o[i]
        m = r[0]
        for j in range(r.size):
            m = max(m, r[j])
        s = np.float32(0)
        for j in range(r.size):
            e = math.exp(r[j] - m)
            q[j] = e
            s += e
        v = np.float32(1) / s
        for j in range(r.size):
            q[j] *= v


@njit(**J)
def heat(u, v, steps):
    n, m = u.shape
    c = np.float32(0.2)
    for _ in range(steps):
        for y in prange(1, n - 1):
            for x in range(1, m - 1):
                v[y, x] = c * (u[y, x] + u[y - 1, x] + u[y + 1, x] + u[y, x - 1] + u[y, x + 1])
        u, v = v, u


@njit(**J)
def nbody(x, y, z, m, ox, oy, oz):
    n = x.size
    dt = np.float32(1e-6)
    for i in prange(n):
        a = np.float32(0)
        b = np.float32(0)
        c = np.float32(0)
        xi, yi, zi = x[i], y[i], z[i]
        for j in range(n):
            dx, dy, dz = x[j] - xi, y[j] - yi, z[j] - zi
            d = dx * dx + dy * dy + dz * dz + np.float32(1e-3)
            w = m[j] / (d * math.sqrt(d))
            a += dx * w
            b += dy * w
            c += dz * w
        ox[i] = xi + dt * a
        oy[i] = yi + dt * b
        oz[i] = zi + dt * c

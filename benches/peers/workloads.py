"""The workloads: sizes, bytes and operations of one run, inputs, and the check that all libraries must agree on."""

import glob
import os

import numpy as np

SIZES = {"S": 1 << 16, "M": 1 << 22, "L": 1 << 26}
ARR = ["S", "M", "L"]
W4, H4 = 3840, 2160
PX = W4 * H4
KEPT = "/dev/shm"
# workload -> sizes, bytes per run (n), nominal flops per run (n)
WORK = {
    "memcpy": (ARR, lambda n: 8 * n, None),
    "saxpy": (ARR, lambda n: 12 * n, lambda n: 2 * n),
    "chain": (ARR, lambda n: 16 * n, lambda n: 6 * n),
    "bs": (ARR, lambda n: 20 * n, lambda n: 100 * n),  # nominal 100 flop an option
    "mandel": (["-"], lambda n: 2048 * 1536 * 4, None),  # flops set from the iteration count
    "sum": (ARR, lambda n: 4 * n, lambda n: n),
    "mmmv": (ARR, lambda n: 4 * n, lambda n: 5 * n),
    "dot": (ARR, lambda n: 8 * n, lambda n: 2 * n),
    "scan_f32": (ARR, lambda n: 8 * n, lambda n: n),
    "scan_i32": (ARR, lambda n: 8 * n, lambda n: n),
    "hist8": (ARR, lambda n: n, None),
    "hist16": (ARR, lambda n: 4 * n, None),
    "sort": (["M"], lambda n: 8 * n, None),
    "gray": (["4K"], lambda n: 4 * PX, None),
    "gauss_u8": (["4K"], lambda n: 2 * PX, lambda n: 2 * 26 * PX),
    "gauss_f32": (["4K"], lambda n: 8 * PX, lambda n: 2 * 26 * PX),
    "sobel": (["4K"], lambda n: 5 * PX, lambda n: 18 * PX),
    "conv3_f32": (["4K"], lambda n: 8 * PX, lambda n: 18 * PX),
    "conv7_f32": (["4K"], lambda n: 8 * PX, lambda n: 98 * PX),
    "conv3_u8": (["4K"], lambda n: 2 * PX, lambda n: 18 * PX),
    "conv7_u8": (["4K"], lambda n: 2 * PX, lambda n: 98 * PX),
    "resize": (["4K"], lambda n: 3 * PX + 3 * PX // 4, None),  # RGB u8, 2x2 taps, no antialias
    "resize_aa": (["4K"], lambda n: 3 * PX + 3 * PX // 4, None),  # RGB u8, triangle filter, antialias
    "equalize": (["4K"], lambda n: 3 * PX, None),
    "sgemm": (["512", "1024", "2048"], lambda n: 12 * n * n, lambda n: 2 * n**3),
    "transpose": (["4096"], lambda n: 8 * n * n, None),
    "sgemv": (["4096"], lambda n: 4 * n * n, lambda n: 2 * n * n),
    "softmax": (["4096"], lambda n: 8 * n * n, lambda n: 20 * n * n),
    "heat": (["2048"], lambda n: 100 * 8 * n * n, lambda n: 100 * 6 * n * n),
    "nbody": (["4096"], None, lambda n: 20 * n * n),
}


def dim(size):
    """The number that a size stands for; 0 where the workload knows it itself."""
    return SIZES.get(size) or (int(size) if size.isdigit() else 0)


def hashu(seed, n):
    """Hashes of the places from 0 on. Large ones are made once and kept for the other workers."""
    if n < 1 << 24:
        return _hashu(seed, n)
    file = "%s/peers-%d-%d.npy" % (KEPT, seed, n)
    if not os.path.exists(file):
        np.save(file, _hashu(seed, n))
    return np.load(file)


def forget():
    """Removes what was kept."""
    for file in glob.glob(KEPT + "/peers-*.npy"):
        os.remove(file)


def _hashu(seed, n):
    h = np.arange(n, dtype=np.uint32) + np.uint32((seed * 0x9E3779B9) & 0xFFFFFFFF)
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return h


def uni(seed, n):
    """Numbers from 0 up to, not including, 1."""
    return (hashu(seed, n) >> np.uint32(8)).astype(np.float32) * np.float32(2.0**-24)


def gray_img():
    y, x = np.arange(H4, dtype=np.uint32)[:, None], np.arange(W4, dtype=np.uint32)[None, :]
    return ((((x * x) >> 12) + ((y * 3) >> 2) & 255) ^ (hashu(5, PX).reshape(H4, W4) & 15)).astype(np.uint8)


def rgb_img():
    g = gray_img()
    return np.ascontiguousarray(np.stack([g, g[::-1], 255 - g], axis=2))


def kern(k):
    """The weights of a convolution."""
    i = np.arange(k * k)
    w = (1 + (i * 5) % 7).astype(np.float32)
    return (w / w.sum()).reshape(k, k)


def gk(sigma=2.0, r=6):
    """The weights of a blur."""
    w = np.exp(-np.arange(-r, r + 1) ** 2 / (2 * sigma * sigma))
    return (w / w.sum()).astype(np.float32)


def wmean(a):
    """The mean, each value weighed with its place modulo 97: it moves when two values change places."""
    a = np.asarray(a).ravel()
    w = np.arange(97) / 97.0
    m = len(a) // 97 * 97
    s = (a[:m].reshape(-1, 97).sum(axis=0, dtype=np.float64) * w).sum()
    return float((s + (a[m:].astype(np.float64) * w[: len(a) - m]).sum()) / len(a))


def imgcheck(a):
    """The mean of a picture, and how much neighbours differ; the rim is left out, because borders differ."""
    a = np.asarray(a, dtype=np.float32)
    a = a[8:-8, 8:-8]
    return float(
        a.mean(dtype=np.float64)
        + np.abs(np.diff(a, axis=0)).mean(dtype=np.float64)
        + np.abs(np.diff(a, axis=1)).mean(dtype=np.float64)
    )


IMG = {
    "gray",
    "gauss_u8",
    "gauss_f32",
    "sobel",
    "conv3_f32",
    "conv7_f32",
    "conv3_u8",
    "conv7_u8",
    "resize",
    "resize_aa",
    "equalize",
    "heat",
}


def check(w, out):
    """The number that must be the same of every library."""
    outs = out if isinstance(out, tuple) else (out,)
    if w in ("sum", "dot", "mmmv"):
        return float(sum(float(o) for o in outs))
    return sum((imgcheck if w in IMG else wmean)(o) for o in outs)


R, V, AX = 0.02, 0.3, np.float32(1e-3)


def inputs(w, size):
    n = dim(size)
    if w == "memcpy":
        return (uni(1, n),)
    if w in ("saxpy", "dot"):
        return uni(1, n), uni(2, n)
    if w == "chain":
        return uni(1, n), uni(2, n), uni(3, n)
    if w == "bs":
        return 5 + 25 * uni(1, n), 1 + 99 * uni(2, n), np.float32(0.25) + np.float32(9.75) * uni(3, n)
    if w in ("sum", "mmmv"):
        return (uni(1, n),)
    if w == "scan_f32":
        return (uni(1, n) - np.float32(0.5),)
    if w == "scan_i32":
        return ((hashu(1, n) & np.uint32(15)).astype(np.int32),)
    if w == "hist8":
        return ((hashu(1, n) & np.uint32(255)).astype(np.uint8),)
    if w == "hist16":
        return (hashu(1, n) & np.uint32(65535),)
    if w == "sort":
        return (hashu(1, n),)
    if w in ("gray", "resize", "resize_aa"):
        return (rgb_img(),)
    if w in ("gauss_u8", "sobel", "conv3_u8", "conv7_u8", "equalize"):
        return (gray_img(),)
    if w in ("gauss_f32", "conv3_f32", "conv7_f32"):
        return (gray_img().astype(np.float32),)
    if w == "sgemm":
        return uni(1, n * n).reshape(n, n), uni(2, n * n).reshape(n, n)
    if w == "transpose":
        return (uni(1, n * n).reshape(n, n),)
    if w == "sgemv":
        return uni(1, n * n).reshape(n, n), uni(2, n)
    if w == "softmax":
        return ((uni(1, n * n) * 8 - 4).reshape(n, n),)
    if w == "heat":
        return (uni(1, n * n).reshape(n, n),)
    if w == "nbody":
        return tuple(uni(k, n) for k in (1, 2, 3, 4))
    return ()


def empty_like_f32(*shape):  # touched memory, so that no run pays page faults
    a = np.empty(shape, np.float32)
    a.fill(0)
    return a

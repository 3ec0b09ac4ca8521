"""Libraries that have pictures only."""

import math
import os

import numpy as np

from libraries.base import Lib
from workloads import H4, W4, kern


class Scipy(Lib):
    def __init__(self, t):
        super().__init__(t)
        import scipy.ndimage as nd

        self.nd = nd

    def version(self):
        import scipy

        return "scipy.ndimage " + scipy.__version__

    def gauss_f32(self, g):
        o = np.zeros_like(g)
        return lambda: self.nd.gaussian_filter(g, 2, output=o, mode="nearest", truncate=3), lambda: o

    gauss_u8 = gauss_f32

    def conv3_f32(self, g):
        o = np.zeros_like(g)
        return lambda: self.nd.correlate(g, kern(3), output=o, mode="mirror"), lambda: o


class Skimage(Lib):
    def __init__(self, t):
        super().__init__(t)
        import skimage

        self.s = skimage

    def version(self):
        return "skimage " + self.s.__version__

    def sobel(self, g):
        from skimage.filters import sobel

        o = [0]

        def f():
            o[0] = sobel(g) * (255 * 4 * math.sqrt(2))

        return f, lambda: o[0]

    def equalize(self, g):
        from skimage.exposure import equalize_hist

        o = [0]

        def f():
            o[0] = equalize_hist(g)

        return f, lambda: o[0] * 255


class Pil(Lib):
    def __init__(self, t):
        super().__init__(t)
        from PIL import Image

        self.I = Image

    def version(self):
        import PIL

        return "PIL " + PIL.__version__

    def gray(self, im):
        a = self.I.fromarray(im)
        o = [0]

        def f():
            o[0] = a.convert("L")

        return f, lambda: np.asarray(o[0])

    def resize_aa(self, im):
        a = self.I.fromarray(im)
        o = [0]

        def f():
            o[0] = a.resize((W4 // 2, H4 // 2), self.I.BILINEAR)

        return f, lambda: np.asarray(o[0])


class Vips(Lib):
    def __init__(self, t):
        super().__init__(t)
        os.environ["VIPS_CONCURRENCY"] = str(t)
        import pyvips

        self.v = pyvips
        pyvips.cache_set_max(0)

    def version(self):
        return "libvips %d.%d" % (self.v.version(0), self.v.version(1))

    def _go(self, f):
        o = [0]

        def run():
            o[0] = f().copy_memory()

        return run, lambda: (lambda a: a[..., 0] if a.ndim == 3 and a.shape[2] == 1 else a)(o[0].numpy())

    def gray(self, im):
        a = self.v.Image.new_from_array(im)
        return self._go(lambda: a.colourspace("b-w"))

    def gauss_u8(self, g):
        a = self.v.Image.new_from_array(g)
        return self._go(lambda: a.gaussblur(2, min_ampl=0.011, precision="integer"))

    def gauss_f32(self, g):
        a = self.v.Image.new_from_array(g)
        return self._go(lambda: a.gaussblur(2, min_ampl=0.011, precision="float"))

    def conv3_f32(self, g):
        a = self.v.Image.new_from_array(g)
        m = self.v.Image.new_from_array(kern(3).tolist())
        return self._go(lambda: a.conv(m, precision="float"))

    def conv7_f32(self, g):
        a = self.v.Image.new_from_array(g)
        m = self.v.Image.new_from_array(kern(7).tolist())
        return self._go(lambda: a.conv(m, precision="float"))

    def resize_aa(self, im):
        a = self.v.Image.new_from_array(im)
        return self._go(lambda: a.resize(0.5, kernel="linear"))

    def equalize(self, g):
        a = self.v.Image.new_from_array(g)
        return self._go(lambda: a.hist_equal())

"""OpenCV."""

import numpy as np

from libraries.base import Lib
from workloads import AX, H4, W4, empty_like_f32, kern


class Opencv(Lib):
    def __init__(self, t):
        super().__init__(t)
        import cv2

        self.c = cv2
        cv2.setNumThreads(t)

    def version(self):
        return "opencv " + self.c.__version__

    def saxpy(self, x, y):
        x2, y2 = x.reshape(-1, 1024), y.reshape(-1, 1024)
        return lambda: self.c.scaleAdd(x2, float(AX), y2, y2), lambda: y

    def hist8(self, x):
        o = [0]
        x2 = x.reshape(-1, 1024)

        def f():
            o[0] = self.c.calcHist([x2], [0], None, [256], [0, 256])

        return f, lambda: o[0]

    def gray(self, im):
        o = np.zeros((H4, W4), np.uint8)
        return lambda: self.c.cvtColor(im, self.c.COLOR_RGB2GRAY, o), lambda: o

    def gauss_u8(self, g):
        o = np.zeros_like(g)
        return lambda: self.c.GaussianBlur(g, (13, 13), 2, o, 2, self.c.BORDER_REPLICATE), lambda: o

    gauss_f32 = gauss_u8

    def sobel(self, g):
        c = self.c
        a, b, o = (empty_like_f32(H4, W4) for _ in range(3))

        def f():
            c.Sobel(g, c.CV_32F, 1, 0, a)
            c.Sobel(g, c.CV_32F, 0, 1, b)
            c.magnitude(a, b, o)

        return f, lambda: o

    def _f(self, g, k):
        o = np.zeros_like(g)
        w = kern(k)
        return lambda: self.c.filter2D(g, -1, w, o), lambda: o

    def conv3_f32(self, g):
        return self._f(g, 3)

    def conv7_f32(self, g):
        return self._f(g, 7)

    conv3_u8, conv7_u8 = conv3_f32, conv7_f32

    def resize(self, im):
        o = np.zeros((H4 // 2, W4 // 2, 3), np.uint8)
        return lambda: self.c.resize(im, (W4 // 2, H4 // 2), o, interpolation=self.c.INTER_LINEAR), lambda: o

    def equalize(self, g):
        o = np.zeros_like(g)
        return lambda: self.c.equalizeHist(g, o), lambda: o

    def sgemm(self, a, b):
        o = np.zeros_like(a)
        return lambda: self.c.gemm(a, b, 1, None, 0, o), lambda: o

    def transpose(self, a):
        o = np.zeros_like(a)
        return lambda: self.c.transpose(a, o), lambda: o

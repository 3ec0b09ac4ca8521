"""The Python libraries by name, each loaded only where it is measured."""

import importlib
import importlib.util

# name -> (what must be installed, file, class, thread counts)
LIBRARIES = {
    "numpy": ("numpy", "numpy_peer", "Numpy", (1, 2)),
    "numexpr": ("numexpr", "numpy_peer", "Numexpr", (1, 2)),
    "numba": ("numba", "numba_peer", "Numba", (1, 2)),
    "torch": ("torch", "torch_peer", "Torch", (1, 2)),
    "torch-compile": ("torch", "torch_peer", "TorchCompile", (1, 2)),
    "jax": ("jax", "jax_peer", "Jax", (1, 2)),
    "opencv": ("cv2", "opencv_peer", "Opencv", (1, 2)),
    "halide": ("halide", "halide_peer", "Halide", (1, 2)),
    "taichi": ("taichi", "taichi_peer", "Taichi", (1, 2)),
    "scipy": ("scipy", "pictures", "Scipy", (1,)),
    "skimage": ("skimage", "pictures", "Skimage", (1,)),
    "pil": ("PIL", "pictures", "Pil", (1,)),
    "vips": ("pyvips", "pictures", "Vips", (1, 2)),
}


def is_installed(name):
    return importlib.util.find_spec(LIBRARIES[name][0]) is not None


def threads(name):
    return LIBRARIES[name][3]


def load(name):
    """The class of a library."""
    _, file, kind, _ = LIBRARIES[name]
    return getattr(importlib.import_module("libraries." + file), kind)

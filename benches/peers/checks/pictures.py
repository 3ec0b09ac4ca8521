"""Pictures, held against OpenCV, Pillow and SciPy, where those define an operation as we do, else against its formula.

Of bytes, what picks, counts or compares is to be equal; a filter may be off by one level in one pixel of 200. Of floats the
difference is at most 1e-5 of the range. References of filters are computed in `float64` and rounded at the end: what the
libraries do with bytes is often rounded in between.
"""

import pathlib

import cv2
import numpy as np
import scipy.ndimage
from PIL import Image

from checks.cases import EPSILON, Case, compared, exact, operation

# Columns and rows.
SIZES = (1, 1), (1, 9), (13, 1), (2, 3), (17, 31), (64, 48), (101, 67)
BORDERS = cv2.BORDER_REPLICATE, cv2.BORDER_REFLECT_101, cv2.BORDER_WRAP, cv2.BORDER_CONSTANT
CLAMP, REFLECT, WRAP, ZERO = range(4)
NEAREST, LINEAR, CUBIC, LANCZOS = range(4)
PHOTOGRAPHS = []


def add_photographs(folder):
    """Takes every picture of a folder too."""
    for path in sorted(pathlib.Path(folder).iterdir()):
        picture = cv2.imread(str(path))
        if picture is not None:
            PHOTOGRAPHS.append((path.stem, picture[:, :, ::-1].copy()))
    if not PHOTOGRAPHS:
        raise SystemExit("%s has no picture that OpenCV reads" % folder)


def pictures(rng):
    """Names and pixels. Products of numbers: skewed as light is."""
    for width, height in SIZES:
        shape = height, width, 3
        yield "%dx%d" % (width, height), (rng.integers(0, 256, shape) * rng.integers(0, 256, shape) // 255).astype(np.uint8)
    yield from PHOTOGRAPHS


def gray_of(pixels):
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)


def unit(cells):
    return cells.astype(np.float32) / np.float32(255)


def filtered(found, expected, up=False, limit=1e-5):
    """The comparisons of a filter's result with what it is before it is rounded; with `up`, halves are rounded up. What is as
    near to a half as floats may be off counts either way."""
    if found.dtype != np.uint8:
        yield compared("|y - ref| over the range", found, expected, 1.0, limit)
        return
    clipped = np.clip(expected, 0, 255)
    rounded = np.floor(clipped + 0.5) if up else np.rint(clipped)
    yield compared("levels", found, rounded, 1.0, 1.0)
    if found.shape == rounded.shape:
        sure = abs(clipped - np.floor(clipped) - 0.5) > 255 * limit
        yield compared("the part of all pixels that differ", (sure & (found != rounded)).mean(), 0.0, 1.0, 0.005)


def register(name, judged, kinds=("u8", "f32"), variants=({},), arrays=None, refused=None, asked=None):
    """The cases of an operation: every picture as each of `kinds`, with each of `variants` as its numbers. `judged` takes what
    was found, the picture and those numbers. `arrays` may make other arrays of the picture and them, and `refused` say what
    error a picture is to end in; `asked` is what the other side calls it, if not so."""

    @operation(name)
    def cases(rng):
        for title, pixels in pictures(rng):
            made = {"rgb": pixels, "u8": gray_of(pixels)}
            made["f32"] = unit(made["u8"])
            for kind in kinds:
                for numbers in variants:
                    yield one(title, kind, made[kind], numbers)

    def one(title, kind, a, numbers):
        numbers = {key: value(a) if callable(value) else value for key, value in numbers.items()}
        more = arrays(a, numbers) if arrays else {}
        said = ", ".join("%s %g" % pair for pair in numbers.items() if np.isscalar(pair[1]))

        def judge(answer):
            yield from judged(answer, a, *more.values(), **numbers)

        sent = {key: value for key, value in numbers.items() if np.isscalar(value)}
        case = " ".join(filter(None, (title, kind, said)))
        return Case(case, asked or name, {"a": a, **more}, judge, refused=refused(a) if refused else None, **sent)


def once(reference):
    """The same, which computes a result once where it is asked for several times in turn: for each target, and once more for a
    spoiled answer."""
    last = [None, None]

    def remembered(a, **numbers):
        asked = a, numbers
        if last[0] is None or last[0][0] is not a or last[0][1] != numbers:
            last[:] = asked, reference(a, **numbers)
        return last[1]

    return remembered


def equal(reference):
    """A judge of what has no rounding."""
    reference = once(reference)

    def judged(answer, a, **numbers):
        yield exact(answer[0], reference(a, **numbers))

    return judged


def near(reference, up=False):
    """A judge of a filter."""
    reference = once(reference)

    def judged(answer, a, **numbers):
        yield from filtered(answer[0], reference(a, **numbers), up)

    return judged


def padded(a, across, down, border):
    """In `float64`, with cells around. By hand: OpenCV does not wrap around, nor mirror more than once."""
    modes = "edge", "reflect", "wrap", "constant"
    wide = a.astype(np.float64)
    if modes[border] != "reflect":
        return np.pad(wide, ((down, down), (across, across)), modes[border])
    rows, columns = (mirrored(n, beyond) for n, beyond in zip(a.shape, (down, across)))
    return wide[np.ix_(rows, columns)]


def mirrored(n, beyond):
    """The places from `-beyond` on, mirrored at the first and the last as often as it takes."""
    places = np.arange(-beyond, n + beyond)
    if n == 1:
        return np.zeros_like(places)
    places = places % (2 * n - 2)
    return np.where(places < n, places, 2 * n - 2 - places)


def correlated(a, weights, border):
    """The sum of the cells around each times their weights."""
    down, across = (n // 2 for n in weights.shape)
    wide = padded(a, across, down, border)
    inside = np.s_[down : down + a.shape[0], across : across + a.shape[1]]
    return cv2.filter2D(wide, -1, weights.astype(np.float64), borderType=cv2.BORDER_REPLICATE)[inside]


def ranks(a, width, height, which):
    """OpenCV's, whose usual border counts for nothing."""
    return which(a, np.ones((height, width), np.uint8))


def median(a, size, border):
    beyond = size // 2
    return cv2.medianBlur(padded(a, beyond, beyond, border).astype(a.dtype), size)[beyond:-beyond, beyond:-beyond]


def gaussian(sigma):
    radius = int(np.ceil(3 * float(np.float32(sigma))))
    x = np.arange(-radius, radius + 1)
    line = np.exp(-0.5 * (x / sigma) ** 2) if sigma > 0 else np.ones(1)
    return line / line.sum()


def blurred(a, sigma, border):
    line = gaussian(sigma)
    return correlated(correlated(a, line[None, :], border), line[:, None], border)


def unsharp(a, sigma, amount, border):
    return a + amount * (a.astype(np.float64) - blurred(a, sigma, border))


def sobel(a):
    wide = padded(a, 1, 1, CLAMP)
    inside = np.s_[1:-1, 1:-1]
    x, y = (cv2.Sobel(wide, -1, 1 - k, k, borderType=cv2.BORDER_REPLICATE)[inside] for k in (0, 1))
    return np.hypot(x, y)


@once
def bilateral(a, radius, value, space, border):
    wide, (height, width) = padded(a, radius, radius, border), a.shape
    own, sum_, all_ = a.astype(np.float64), 0.0, 0.0
    for y in range(-radius, radius + 1):
        for x in range(-radius, radius + 1):
            if x * x + y * y > radius * radius:
                continue
            other = wide[radius + y : radius + y + height, radius + x : radius + x + width]
            weight = np.exp(-0.5 * (x * x + y * y) / space**2 - 0.5 * ((other - own) / value) ** 2)
            sum_, all_ = sum_ + weight * other, all_ + weight
    return sum_ / all_


def bilateral_judged(answer, a, radius, value, space, border):
    yield from filtered(answer[0], bilateral(a, radius=radius, value=value, space=space, border=border))
    if a.dtype == np.uint8 and min(a.shape) > 2 * radius:
        peer = cv2.bilateralFilter(a, 2 * radius + 1, value, space, borderType=BORDERS[border])
        yield from filtered(answer[0], peer.astype(np.float64))


@once
def smoothed(a, width, height, filter):
    """Pillow's of floats, not its bytes, which are rounded between rows and columns."""
    how = {LINEAR: Image.Resampling.BILINEAR, LANCZOS: Image.Resampling.LANCZOS}[filter]
    return np.asarray(Image.fromarray(a.astype(np.float32)).resize((width, height), how), np.float64)


@once
def sharp(a, width, height, filter):
    """Along one side and then along the other, by the formula."""
    return sampled(sampled(a.astype(np.float64), height, filter).T, width, filter).T


def sampled(a, to, filter):
    places = (np.arange(to) + 0.5) * len(a) / to - 0.5
    first, sum_ = np.floor(places).astype(int), 0.0
    for k in (0, 1) if filter == LINEAR else (-1, 0, 1, 2):
        x = abs(places - first - k)
        inner, outer = (1.25 * x - 2.25) * x * x + 1, -0.75 * (((x - 5) * x + 8) * x - 4)
        weight = 1 - x if filter == LINEAR else np.where(x <= 1, inner, outer)
        sum_ = sum_ + weight[:, None] * a[np.clip(first + k, 0, len(a) - 1)]
    return sum_


def nearest_judged(answer, a, width, height):
    """By the formula in whole numbers, and OpenCV's, whose fixed point takes the cell before where two are as near."""
    columns, rows = (((2 * np.arange(to) + 1) * n, 2 * to) for to, n in zip((width, height), a.shape[::-1]))
    yield exact(answer[0], a[np.ix_(rows[0] // rows[1], columns[0] // columns[1])])
    peer = cv2.resize(a, (width, height), interpolation=cv2.INTER_NEAREST_EXACT)
    sure = np.ix_(rows[0] % rows[1] != 0, columns[0] % columns[1] != 0)
    yield exact(answer[0][sure], peer[sure])


def resize_judged(answer, a, width, height, filter, smooth):
    asked = {"width": width, "height": height, "filter": filter}
    if filter == NEAREST:
        yield from nearest_judged(answer, a, width, height)
    elif smooth:
        yield from filtered(answer[0], smoothed(a, **asked), up=True)
    else:
        yield from filtered(answer[0], sharp(a, **asked), up=True)
        # OpenCV's places are floats: what lies far from the first cell lies somewhere else by as much as they are rounded.
        how = {LINEAR: cv2.INTER_LINEAR, CUBIC: cv2.INTER_CUBIC}[filter]
        peer = cv2.resize(a.astype(np.float64), (width, height), interpolation=how)
        yield from filtered(answer[0], peer, up=True, limit=1e-5 + EPSILON * max(a.shape))


def warp_judged(answer, a, matrix, linear, width, height, border):
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    rows = matrix.astype(np.float64).reshape(3, 3)
    u, v, depth = (row[0] * x + row[1] * y + row[2] for row in rows)
    places = np.array([v / depth, u / depth])
    modes = "nearest", "mirror", "grid-wrap", "grid-constant"
    if linear:
        expected = scipy.ndimage.map_coordinates(a.astype(np.float64), places, order=1, mode=modes[border])
        # A place is a float: between cells as far apart as they can be it is off by as much as it is rounded.
        limit = 1e-5 + 4 * EPSILON * max(*a.shape, width, height)
        yield from filtered(answer[0], expected, up=True, limit=limit)
    else:
        cells = np.floor(places + 0.5)
        expected = scipy.ndimage.map_coordinates(a.astype(np.float64), cells, order=0, mode=modes[border])
        # Where a place is rounded to the other side of a half.
        sure = (abs(places + 0.5 - np.rint(places + 0.5)) > 4 * EPSILON * max(*a.shape, width, height)).all(0)
        yield exact(answer[0][sure], expected.astype(a.dtype)[sure])
        yield compared("shape", answer[0].shape, expected.shape, 0.0, 0.0)


def warp_arrays(a, numbers):
    height, width = a.shape
    turn = 0.15, 1.1, -0.4 * height
    return {"matrix": np.array([0.9, -0.2, 0.3 * width, *turn, 0.2 / width / 4, 0.3 / height / 4, 1.0], np.float32)}


def gray_judged(answer, a):
    # In thousandths, without rounding; OpenCV has the weights in 15 bits.
    yield exact(answer[0], (a @ np.array([299, 587, 114]) + 500) // 1000)
    yield from filtered(answer[0], gray_of(a).astype(np.float64))


def otsu_judged(answer, a):
    limit, picture = cv2.threshold(a, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    yield exact(answer[0], picture)
    yield exact(answer[1], [limit])


def integral_judged(answer, a):
    expected = cv2.integral(a, sdepth=cv2.CV_64F)
    if a.dtype == np.uint8:
        yield exact(answer[0], expected)
    else:
        yield compared("|y - ref| over ref or 1", answer[0], expected, np.maximum(expected, 1), 1e-5)


def lifted(a, gamma):
    """Bytes to the nearest, floats as they are."""
    return 255 * (a / 255.0) ** gamma if a.dtype == np.uint8 else a.astype(np.float64) ** gamma


def brightness_judged(answer, a, gain, shift):
    # A shift is in the unit of the cells.
    expected = gain * a.astype(np.float64) + shift
    yield from filtered(answer[0], np.clip(expected, 0, 255 if a.dtype == np.uint8 else 1), up=True)


def to_linear(a):
    x = a / 255.0
    return np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


def to_srgb(a):
    x = a.astype(np.float64)
    return np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055)


def clahe(a, clip, columns, rows):
    return cv2.createCLAHE(clip, (columns, rows)).apply(a)


def canny(a, low, high, plane):
    return cv2.Canny(a, low, high, L2gradient=bool(plane))


def over(answer, a, top):
    alpha = top[:, :, 3:] / 255.0
    yield from filtered(answer[0], alpha * top[:, :, :3] + (1 - alpha) * a)


def tops(a, numbers):
    rng = np.random.default_rng(a.shape)
    return {"top": rng.integers(0, 256, (*a.shape[:2], 4)).astype(np.uint8)}


def spoilt(a, numbers):
    rng = np.random.default_rng(a.shape)
    return {"b": np.clip(a + rng.integers(-20, 21, a.shape), 0, 255).astype(np.uint8)}


def psnr_judged(answer, a, b):
    error = ((a.astype(np.float64) - b) ** 2).mean()
    expected = 10 * np.log10(255.0**2 / error) if error else np.inf
    yield compared("|y - ref| over ref", answer[0], [expected], expected if error else 0.0, 1e-6)


def mean(a):
    return scipy.ndimage.gaussian_filter(a, 1.5, truncate=3.5, mode="reflect")


def similarity(a, b):
    """The mean over the windows that lie inside. Z. Wang et al., "Image quality assessment", 2004."""
    x, y = a.astype(np.float64), b.astype(np.float64)
    mx, my = mean(x), mean(y)
    vx, vy, both = mean(x * x) - mx * mx, mean(y * y) - my * my, mean(x * y) - mx * my
    c, d = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    index = (2 * mx * my + c) * (2 * both + d) / ((mx**2 + my**2 + c) * (vx + vy + d))
    return index[5:-5, 5:-5].mean()


def ssim_judged(answer, a, b):
    yield compared("|y - ref|", answer[0], [similarity(a, b)], 1.0, 1e-5)


def columns_of(part):
    return lambda a: max(1, int(a.shape[1] * part))


def rows_of(part):
    return lambda a: max(1, int(a.shape[0] * part))


BYTES, FLOATS, COLOURS = ("u8",), ("f32",), ("rgb",)
ALL = "u8", "f32", "rgb"
AROUND = [{"border": border} for border in (CLAMP, REFLECT, WRAP, ZERO)]


def around(*variants):
    return [{**variant, **border} for variant in variants for border in AROUND]


register("gray", gray_judged, COLOURS)
register("brightness", brightness_judged, ("u8", "rgb"), ({"gain": 1.3, "shift": -20.0}, {"gain": -0.75, "shift": 200.25}))
register("gamma", near(lifted), ALL, ({"gamma": 0.4545}, {"gamma": 2.2}))
register("srgb-to-linear", near(to_linear), BYTES)
register("linear-to-srgb", near(to_srgb), FLOATS)
register(
    "threshold",
    equal(lambda a, limit, high: cv2.threshold(a, limit, high, cv2.THRESH_BINARY)[1]),
    BYTES,
    ({"limit": 100, "high": 250}, {"limit": 0, "high": 1}, {"limit": 255, "high": 255}),
)
register("otsu", otsu_judged, BYTES)
register("histogram", equal(lambda a: np.bincount(a.ravel(), minlength=256)), BYTES)
register("equalise", equal(cv2.equalizeHist), BYTES)
register(
    "clahe",
    equal(clahe),
    BYTES,
    ({"clip": 2.0, "columns": 8, "rows": 8}, {"clip": 40.0, "columns": 8, "rows": 8}, {"clip": 3.5, "columns": 5, "rows": 3}),
)
register("integral", integral_judged)
register("median", equal(median), variants=around({"size": 3}, {"size": 5}))
RECTANGLES = [{"width": w, "height": h, "border": CLAMP} for w, h in ((3, 3), (7, 5), (1, 9), (71, 41))]
register("erode", equal(lambda a, width, height, border: ranks(a, width, height, cv2.erode)), variants=RECTANGLES)
register("dilate", equal(lambda a, width, height, border: ranks(a, width, height, cv2.dilate)), variants=RECTANGLES)


def weights_of(a, numbers):
    size = numbers["size"]
    weights = np.array([k * 7 % 11 for k in range(size * size)], np.float32).reshape(size, size)
    return {"weights": (weights / weights.sum()).astype(np.float32)}


def convolved(answer, a, weights, size, border):
    yield from filtered(answer[0], correlated(a, weights, border))


register("convolve", convolved, variants=around({"size": 3}, {"size": 7}, {"size": 21}), arrays=weights_of)
SIDES = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
CORNERS = np.array([[2, 0, 2], [0, -8, 0], [2, 0, 2]])
register(
    "laplacian",
    near(lambda a, size, border: correlated(a, SIDES if size == 1 else CORNERS, border)),
    variants=around({"size": 1}, {"size": 3}),
)
register(
    "box-blur",
    near(lambda a, radius, border: correlated(a, np.full((2 * radius + 1,) * 2, (2 * radius + 1) ** -2.0), border)),
    variants=around({"radius": 1}, {"radius": 4}, {"radius": 20}),
)
SIGMAS = {"sigma": 0.8, "border": CLAMP}, {"sigma": 2.0, "border": CLAMP}, {"sigma": 9.5, "border": CLAMP}
register("gaussian-blur", near(blurred, up=True), variants=SIGMAS)
register("unsharp", near(unsharp), variants=around({"sigma": 1.5, "amount": 0.7}))
register("sobel", near(sobel, up=True))
register(
    "canny",
    equal(canny),
    BYTES,
    ({"low": 50.0, "high": 150.0, "plane": 0}, {"low": 50.0, "high": 150.0, "plane": 1}, {"low": 10.0, "high": 40.0, "plane": 0}),
)
register("bilateral", bilateral_judged, BYTES, around({"radius": 4, "value": 30.0, "space": 3.0}))
SHAPES = (0.5, 0.5), (0.67, 0.43), (1.5, 2.1), (0.1, 0.2)
FILTERS = (NEAREST, 0), (LINEAR, 0), (CUBIC, 0), (LINEAR, 1), (LANCZOS, 1)
register(
    "resize",
    resize_judged,
    variants=[
        {"width": columns_of(across), "height": rows_of(down), "filter": filter, "smooth": smooth}
        for across, down in SHAPES
        for filter, smooth in FILTERS
    ],
)
register(
    "warp",
    warp_judged,
    variants=[{"linear": k, "width": columns_of(1), "height": rows_of(1), "border": b} for k in (0, 1) for b in (CLAMP, ZERO)],
    arrays=warp_arrays,
)
register("flip-horizontal", equal(lambda a: a[:, ::-1]), ALL)
register("flip-vertical", equal(lambda a: a[::-1]), ALL)
register("rotate-90", equal(lambda a: np.rot90(a, -1)), ALL)
register("rotate-180", equal(lambda a: np.rot90(a, 2)), ALL)
register("rotate-270", equal(lambda a: np.rot90(a, 1)), ALL)
register("picture-transpose", equal(lambda a: a.swapaxes(0, 1)), ALL)
register("blend", over, COLOURS, arrays=tops)
register("psnr", psnr_judged, BYTES, arrays=spoilt)
register("ssim", ssim_judged, BYTES, arrays=spoilt, refused=lambda a: "ShapeMismatch" if min(a.shape) < 11 else None)
EVEN, NOTHING = {"size": 4, "border": CLAMP}, {"width": 0, "height": 4, "filter": LINEAR, "smooth": 0}
register("median of 4", None, BYTES, (EVEN,), refused=lambda _: "Setting", asked="median")
register("resize to nothing", None, BYTES, (NOTHING,), refused=lambda _: "Setting", asked="resize")

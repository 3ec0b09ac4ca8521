"""Our side of a comparison: `manylane-answers`, asked by the protocol that its `protocol.rs` describes."""

import subprocess

import numpy as np

KINDS = {np.dtype(np.float32): "f32", np.dtype(np.uint32): "u32", np.dtype(np.complex64): "[f32;2]", np.dtype(np.uint8): "u8"}
TYPES = {"f32": np.float32, "f64": np.float64, "u32": np.uint32, "i32": np.int32, "[f32;2]": np.complex64, "u8": np.uint8}
# Pixels, which NumPy has as a third dimension.
CHANNELS = {"[u8;3]": 3, "[u8;4]": 4}


class Refused(Exception):
    """An error of the library instead of results."""

    def __init__(self, kind, text):
        super().__init__(kind + ": " + text)
        self.kind = kind


class Operand:
    """An array as it is sent, and which elements of it the operation is to read where they lie."""

    def __init__(self, stored, view="whole"):
        self.stored, self.view = np.ascontiguousarray(stored), view


class Program:
    """The program, running. It answers one request after the other, all with one runtime."""

    def __init__(self, path, threads):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([path, str(threads)], stdin=pipe, stdout=pipe)

    def ask(self, request, target):
        """The arrays of the answer, and the devices that computed them."""
        to, numbers = self.process.stdin, dict(request.numbers)
        if target == "split":
            # Where an operation can be told. The models would leave a device of software little of what is small.
            numbers["gpu-share"] = 0.5
        to.write(("%s %s\n" % (request.operation, target)).encode())
        for name, value in numbers.items():
            to.write(("number %s %r\n" % (name, value)).encode())
        for name, operand in request.arrays.items():
            stored = operand.stored
            kind = KINDS[stored.dtype] if stored.ndim < 3 else "[%s;%d]" % (KINDS[stored.dtype], stored.shape[2])
            shape = "x".join(map(str, stored.shape[:2]))
            to.write(("array %s %s %s %s\n" % (name, kind, shape, operand.view)).encode())
            to.write(stored.tobytes())
        to.write(b"end\n")
        to.flush()
        word, *rest = self.line()
        if word == "error":
            kind, text = rest[0], " ".join(rest[1:])
            if kind == "Internal":
                raise RuntimeError("%s on %s: %s" % (request.operation, target, text))
            raise Refused(kind, text)
        return [self.array() for _ in range(int(rest[0]))], rest[1].split(",") if rest[1:] else []

    def array(self):
        _, kind, shape = self.line()
        shape = tuple(map(int, shape.split("x")))
        if kind in CHANNELS:
            kind, shape = "u8", (*shape, CHANNELS[kind])
        size = int(np.prod(shape)) * np.dtype(TYPES[kind]).itemsize
        return np.frombuffer(self.process.stdout.read(size), TYPES[kind]).reshape(shape)

    def line(self):
        line = self.process.stdout.readline().decode().split()
        if not line:
            raise RuntimeError("manylane-answers ended with %s" % self.process.wait())
        return line

    def close(self):
        self.process.stdin.close()
        return self.process.wait()

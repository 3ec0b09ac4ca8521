"""One library as a worker: `python worker.py LIBRARY THREADS`, with the line protocol of README.md on stdin and stdout."""

import os
import sys
import time

import libraries
from workloads import check, inputs

# Runs that take longer, in seconds, have no use for a warm one before them.
LONG = 0.02
# More times than this are thinned out before they are sent.
MANY = 400


class Worker:
    def __init__(self, name, threads):
        self.run_once = None
        self.last = 0.0
        try:
            self.library, self.missing = libraries.load(name)(threads), None
        except Exception as error:
            self.library, self.missing = None, repr(error)[:200]

    def setup(self, workload, size):
        self.run_once = None
        if self.library is None:
            return "skip " + self.missing
        method = getattr(self.library, workload, None)
        if method is None or not self.library.has(workload, size):
            return "skip none"
        prepared = method(*inputs(workload, size))
        if prepared is None:
            return "skip none"
        self.run_once, result = prepared
        self.last = timed(self.run_once) / 1e9
        value = check(workload, result()) if result else float("nan")
        return "ok %s %r" % (self.library.version().replace(" ", "-"), value)

    def run(self, seconds):
        if self.run_once is None:
            return "skip none"
        if self.last < LONG:
            self.run_once()
        times, end = [], time.perf_counter() + float(seconds)
        while not times or time.perf_counter() < end:
            times.append(timed(self.run_once))
        self.last = times[-1] / 1e9
        if len(times) > MANY:
            times = sorted(times)[:: len(times) // (MANY // 2)]
        return "t " + " ".join(map(str, times))

    def free(self):
        self.run_once = None
        return "ok"


def timed(run_once):
    start = time.perf_counter_ns()
    run_once()
    return time.perf_counter_ns() - start


def main():
    # Libraries may print: what they say goes to stderr, so that the protocol has stdout for itself.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    worker = Worker(sys.argv[1], int(sys.argv[2]))
    for line in sys.stdin:
        word, *arguments = line.split()
        try:
            answer = {"setup": worker.setup, "run": worker.run, "free": worker.free}[word](*arguments)
        except Exception as error:
            answer = "skip " + repr(error).replace("\n", " ")[:300]
        out.write(answer + "\n")
        out.flush()


if __name__ == "__main__":
    main()

"""Measures libraries beside each other, in turns. README.md says how; `cargo xtask peers` does it all.

    python peers.py WORKLOAD,...|all [--sizes S,M,L] [--only LIBRARY,...] [--rounds N] [--rust FILE] [--extra 'NAME=COMMAND']

Each library and thread count is a process of its own, a worker, and the workers take turns of a few milliseconds, so that
what disturbs the machine disturbs all. One JSON line for each is printed: the workload, size, threads, library, version,
the least and the median seconds, the check, how many turns were quiet, GB/s and GFLOP/s; or why it was skipped.
"""

import argparse
import json
import os
import select
import shlex
import statistics
import subprocess
import sys
import time

import libraries
from workloads import SIZES, WORK, dim, forget

HERE = os.path.dirname(os.path.abspath(__file__))
# How libraries are told how many threads they may use.
THREADS = [
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "NUMEXPR_MAX_THREADS",
    "MATMUL_NUM_THREADS",
]
# Seconds of work before those that count: a processor that was idle took up to 1.5 times as long for products of matrices in
# its first 0.2 s, NumPy's and ours, so that short turns told who had been luckier.
WARM = 0.3
# OpenBLAS's threads spin for about 0.1 s after a call; nobody else's turn is to fall into that.
SPINNING = ("sgemm", "sgemv", "dot")
# How long a worker may take for an answer, in seconds.
LIMIT = 240


class Worker:
    """A process that speaks the protocol."""

    def __init__(self, name, command, threads, log):
        env = dict(os.environ, **{name: str(threads) for name in THREADS})
        # tbb lies in the virtual environment.
        env["LD_LIBRARY_PATH"] = os.path.join(sys.prefix, "lib") + ":" + env.get("LD_LIBRARY_PATH", "")
        self.name, self.threads, self.dead = name, threads, False
        self.process = subprocess.Popen(
            command + [str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            bufsize=1,
            env=env,
        )

    def ask(self, line):
        if self.dead:
            return "skip dead"
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            if not select.select([self.process.stdout], [], [], LIMIT)[0]:
                self.process.kill()
                self.dead = True
                return "skip time-out"
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        self.dead = not answer
        return answer.strip() or "skip died"

    def end(self):
        if not self.dead:
            self.process.stdin.close()
        self.process.wait()

    def delay(self):
        """Seconds that its threads stood runnable without a core, since it started."""
        total = 0
        folder = "/proc/%d/task" % self.process.pid
        for thread in os.listdir(folder):
            try:
                with open("%s/%s/schedstat" % (folder, thread)) as file:
                    total += int(file.read().split()[1])
            except OSError:
                pass
        return total / 1e9


class Gate:
    """Waits for a quiet machine, for `patience` seconds in all, and tells whether a turn had its cores to itself."""

    def __init__(self, patience):
        self.left = patience

    def wait(self):
        while self.left > 0:
            before = busy_ticks()
            time.sleep(0.06)
            if busy_ticks() - before <= 1:
                return
            self.left -= 0.26
            time.sleep(0.2)

    def turn(self, worker, seconds, settle):
        """The nanoseconds of each run of a turn, and whether it was quiet; a turn that was not is tried again."""
        for attempt in range(3):
            time.sleep(settle)
            self.wait()
            worker.ask("run %g" % WARM)
            delay, start = worker.delay(), time.perf_counter()
            word, *times = worker.ask("run %g" % seconds).split()
            wall = time.perf_counter() - start
            if word != "t":
                return [], False
            times = [int(time) for time in times]
            # A hand-off between threads counts a little.
            if worker.dead or worker.delay() - delay < 0.02 * wall + 0.0003 + 3e-5 * len(times):
                return times, True
            if self.left <= 0:
                break
            self.left -= wall + 0.1
            time.sleep(0.1)
        return times, False


def busy_ticks():
    with open("/proc/stat") as file:
        numbers = file.readline().split()
    return sum(map(int, numbers[1:4])) + int(numbers[8])


class Measured:
    """A worker that has set a workload up, and its times in nanoseconds."""

    def __init__(self, worker, version, check):
        self.worker, self.version, self.check = worker, version, float(check)
        self.quiet, self.noisy, self.quiet_turns = [], [], 0

    def add(self, times, quiet):
        (self.quiet if quiet else self.noisy).extend(times)
        self.quiet_turns += quiet

    def row(self, workload, size):
        times = self.quiet or self.noisy
        if not times:
            return None
        _, bytes_moved, operations = WORK[workload]
        n, least = dim(size), min(times) / 1e9
        row = {
            "workload": workload,
            "size": size,
            "threads": self.worker.threads,
            "peer": self.worker.name,
            "version": self.version,
            "seconds_min": least,
            "seconds_median": statistics.median(times) / 1e9,
            "check": self.check,
            "quiet_turns": self.quiet_turns,
        }
        if bytes_moved:
            row["gbs"] = round(bytes_moved(n) / least / 1e9, 3)
        if workload == "mandel":
            # 7 operations an iteration; the check is 48/97 of the mean count.
            row["gflops"] = round(self.check * 97 / 48 * 2048 * 1536 * 7 / least / 1e9, 3)
        elif operations:
            row["gflops"] = round(operations(n) / least / 1e9, 3)
        return row


def measure(workers, workload, size, options):
    """All workers' turns of one workload, in batches as wide as the memory allows."""
    bytes_moved = WORK[workload][1]
    each = 1.5 * bytes_moved(dim(size)) if size in SIZES else 3e8
    width, queue = max(3, int(options.memory // each)), list(workers)
    while queue:
        live = []
        while queue and len(live) < width:
            worker = queue.pop(0)
            word, *rest = worker.ask("setup %s %s" % (workload, size)).split(" ")
            if word == "ok":
                live.append(Measured(worker, *rest))
            elif rest != ["none"]:
                skipped(worker.name, " ".join(rest), workload=workload, size=size, threads=worker.threads)
        time.sleep(0.2)
        gate = Gate(options.patience)
        for turn in range(options.rounds):
            for measured in live:
                # Two turns of a run that takes a second are enough.
                if turn > 1 and measured.quiet and measured.quiet[-1] > 1e9:
                    continue
                settle = 0.13 if workload in SPINNING else 0.01
                measured.add(*gate.turn(measured.worker, options.turn, settle))
        for measured in live:
            measured.worker.ask("free")
            if row := measured.row(workload, size):
                print(json.dumps(row), flush=True)


def skipped(peer, reason, **where):
    print(json.dumps({**where, "peer": peer, "skipped": reason}), flush=True)


def start(options, log):
    """A worker for each library that is wanted and here, and each of its thread counts."""
    only = set(filter(None, options.only.split(",")))
    commands = []
    for name in libraries.LIBRARIES:
        if only and name not in only:
            continue
        if not libraries.is_installed(name):
            skipped(name, "not installed")
            continue
        command = [sys.executable, os.path.join(HERE, "worker.py"), name]
        commands += [(name, command, threads) for threads in libraries.threads(name)]
    if options.rust:
        names = subprocess.run([options.rust, "--list"], capture_output=True, text=True, check=True).stdout
        for name in names.split():
            if not only or name in only:
                commands += [(name, [options.rust, "--worker", name], threads) for threads in (1, 2)]
    for extra in options.extra:
        name, command = extra.split("=", 1)
        commands += [(name, shlex.split(command), threads) for threads in (1, 2)]
    return [Worker(*command, log) for command in commands]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("workloads")
    parser.add_argument("--sizes", default="", help="S,M,L of the workloads that have them")
    parser.add_argument("--only", default="", help="these libraries")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each worker")
    parser.add_argument("--turn", type=float, default=0.04, help="seconds of a turn")
    parser.add_argument("--rust", default="", help="the program of rust-peers")
    parser.add_argument("--extra", action="append", default=[], help="NAME=COMMAND of one more worker")
    parser.add_argument("--patience", type=float, default=40, help="seconds to wait for a quiet machine, a batch")
    parser.add_argument("--memory", type=float, default=14e9, help="bytes that all workers may take together")
    parser.add_argument("--log", default=os.devnull, help="where the workers' stderr goes")
    options = parser.parse_args()
    wanted = list(WORK) if options.workloads == "all" else options.workloads.split(",")
    if unknown := [name for name in wanted if name not in WORK]:
        sys.exit("no workload is called %s; there are %s" % (", ".join(unknown), ", ".join(WORK)))
    sizes = set(filter(None, options.sizes.split(",")))
    with open(options.log, "ab") as log:
        workers = start(options, log)
        for workload in wanted:
            for size in WORK[workload][0]:
                if not sizes or size in sizes or size not in SIZES:
                    measure(workers, workload, size, options)
        for worker in workers:
            worker.end()
    forget()


if __name__ == "__main__":
    main()

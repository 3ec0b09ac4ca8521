"""Holds what manylane computes against NumPy, SciPy, OpenCV and Pillow: `python check.py ANSWERS`, ANSWERS being `manylane-answers`.

Every case of every operation runs on every target, and each comparison is a line of the table's count. A wrong answer has to
fail: on the first target the judge of each case is given the answer with one element changed too, and has to see it.
"""

import argparse
import os
import sys
import zlib

import numpy as np

from checks import pictures
from checks.cases import OPERATIONS, Case, Comparison
from checks.program import Program, Refused

TARGETS = ("scalar", "simd", "threads", "gpu", "split")


class Tally:
    """What became of the comparisons of one operation."""

    def __init__(self, operation):
        self.operation, self.cases, self.comparisons, self.failed = operation, 0, 0, 0
        self.worst, self.where = 0.0, "-"
        # Requests of splits in which a GPU and the threads computed.
        self.split = 0

    def add(self, comparison, case, target):
        self.comparisons += 1
        if comparison.share > self.worst:
            self.worst, self.where = comparison.share, "%s, %s" % (case.name, target)
        if not comparison.passed:
            self.failed += 1
            where = "%s, %s, %s" % (self.operation, case.name, target)
            off = (comparison.residual, comparison.limit, comparison.norm)
            print("FAILED %s: residual %.3g, limit %.3g (%s)" % (where, *off))


class Check:
    """A run over some operations and targets."""

    def __init__(self, program, targets, seed):
        self.program, self.targets, self.seed = program, targets, seed
        self.tallies, self.seen, self.unseen = [], 0, []
        self.by_target = {target: [0, 0] for target in targets}

    def operation(self, name):
        tally = Tally(name)
        self.tallies.append(tally)
        # Its own numbers, whichever other operations are asked for.
        rng = np.random.default_rng([self.seed, zlib.crc32(name.encode())])
        for case in OPERATIONS[name](rng):
            tally.cases += 1
            self.case(tally, case, rng)

    def case(self, tally, case, rng):
        first = None
        for target in self.targets:
            comparisons, answer, devices = self.ask(case, target)
            tally.split += target == "split" and on_gpu(devices)
            if case.bits and answer is not None:
                first = answer if first is None else first
                differ = sum(a.tobytes() != b.tobytes() for a, b in zip(first, answer))
                norm = "results whose bits differ from %s's" % self.targets[0]
                comparisons.append(Comparison(norm, differ, 0))
            for comparison in comparisons:
                tally.add(comparison, case, target)
            counts = self.by_target[target]
            counts[0] += len(comparisons)
            counts[1] += sum(not comparison.passed for comparison in comparisons)
            if target == self.targets[0] and answer is not None:
                self.wrong_answers(tally, case, answer, rng)

    def ask(self, case, target):
        """The comparisons of a case on a target, its answer if there is one, and the devices that computed it."""
        try:
            answer, devices = self.program.ask(case, target)
        except Refused as refused:
            said = "it says %s" % refused
            return [Comparison(said, 0.0 if refused.kind == case.refused else np.inf, 0)], None, []
        if case.refused:
            return [Comparison("it gave results instead of %s" % case.refused, np.inf, 0)], None, []
        comparisons = list(case.judge(answer))
        if target == "gpu" and devices and not case.small:
            comparisons.append(Comparison("requests that no GPU computed in", int(not on_gpu(devices)), 0))
        return comparisons, answer, devices

    def wrong_answers(self, tally, case, answer, rng):
        """Whether the judge sees that an element of a result is off, for each array of results."""
        for place, array in enumerate(answer):
            wrong = list(answer)
            wrong[place] = spoiled(array, rng)
            self.seen += 1
            if all(comparison.passed for comparison in case.judge(wrong)):
                self.unseen.append("%s, %s: result %d" % (tally.operation, case.name, place))


def on_gpu(devices):
    return any(device.startswith(("gpu", "split")) for device in devices)


def spoiled(array, rng):
    """The same with one element changed, or with one more where there is none."""
    if array.size == 0:
        return np.ones(tuple(n + 1 for n in array.shape), array.dtype)
    wrong = array.copy()
    at = np.unravel_index(rng.integers(array.size), array.shape)
    with np.errstate(over="ignore"):
        if not np.isfinite(wrong[at]):
            wrong[at] = 1
        elif array.dtype == np.uint8:
            # Bytes may be off by one where they are filtered.
            wrong[at] ^= 128
        elif np.issubdtype(array.dtype, np.integer):
            wrong[at] ^= 1
        else:
            # By so much that it is seen in norms of all results too.
            wrong[at] += 0.5 * max(abs(array[np.isfinite(array)]).max(), 1)
    return wrong


def present(program, targets):
    """The targets that this machine has: what it lacks is said, or ends the run where it is required."""
    wanted = [target for target in targets if target in ("gpu", "split")]
    if not wanted:
        return targets
    try:
        program.ask(Case("one", "uniform", {}, n=1, seed=1), "gpu")
        return targets
    except Refused as refused:
        # A split would be threads.
        if os.environ.get("MANYLANE_REQUIRE_GPU", "0") not in ("", "0"):
            sys.exit("MANYLANE_REQUIRE_GPU is set, and there is no GPU: %s" % refused)
        print("%s left out: %s" % (" and ".join(wanted), refused))
        return [target for target in targets if target not in wanted]


def table(tallies, targets):
    """Rows of the table, the widths being those of the widest."""
    head = "operation", "cases", "targets", "comparisons", "failed", "really split", "worst / limit", "where"
    rows = [head]
    for t in tallies:
        worst = "%.3f" % t.worst
        rows.append((t.operation, t.cases, len(targets), t.comparisons, t.failed, t.split, worst, t.where))
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(head))]
    for row in rows:
        cells = [str(cell).ljust(width) for cell, width in zip(row, widths)]
        yield "  ".join(cells).rstrip()


def chosen(text, known, what):
    names = [name.strip() for name in text.split(",")] if text else list(known)
    for name in names:
        if name not in known:
            sys.exit("no %s is called `%s`; there are: %s" % (what, name, ", ".join(known)))
    return names


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("answers")
    parser.add_argument("--targets")
    parser.add_argument("--only")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--photographs", help="a folder of them, taken beside the pictures made of random numbers")
    asked = parser.parse_args()
    if asked.photographs:
        pictures.add_photographs(asked.photographs)
    operations = chosen(asked.only, OPERATIONS, "operation")
    program = Program(asked.answers, max(2, os.cpu_count() or 1))
    targets = present(program, chosen(asked.targets, TARGETS, "target"))
    if not targets:
        sys.exit("no target is left")
    print("seed %d; targets %s" % (asked.seed, ", ".join(targets)))
    check = Check(program, targets, asked.seed)
    for name in operations:
        print(name, file=sys.stderr)
        check.operation(name)
    ended = program.close()
    print()
    print("\n".join(table(check.tallies, targets)))
    print()
    for target, (count, failed) in check.by_target.items():
        print("%s: %d comparisons, %d failed" % (target, count, failed))
    for what in check.unseen:
        print("FAILED the judge does not see a wrong answer: " + what)
    print("%d answers were spoiled, and %d of them passed" % (check.seen, len(check.unseen)))
    count, failed = (sum(getattr(t, key) for t in check.tallies) for key in ("comparisons", "failed"))
    print("%d comparisons, %d failed" % (count, failed))
    sys.exit(1 if failed or check.unseen or ended or not count else 0)


if __name__ == "__main__":
    main()

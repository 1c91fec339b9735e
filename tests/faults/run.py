#!/usr/bin/env python3
"""Real faults on real processes: the rows of the reliability matrix that need a machine and not a simulator (README.md)."""

import argparse
import contextlib
import importlib
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True  # nothing is written beside the sources

from harness import machine  # noqa: E402
from harness.report import Report  # noqa: E402

ROWS = {6: "row06_network", 7: "row07_power_cut", 8: "row08_disk_errors", 9: "row09_damage", 10: "row10_minority",
        11: "row11_clock", 12: "row12_failover", 13: "row13_failpoints", 16: "row16_hostile",
        17: "row17_lying", 20: "row20_recovery"}
# Timings are measured last, when nothing else of the run is at work.
ORDER = (6, 7, 8, 9, 10, 11, 13, 16, 17, 20, 12)
SKIPPED = 77


class Context:
    """What a row is given: the build, a folder of its own, its dice, and how much is wanted."""

    def __init__(self, options, row, seed, folder):
        self.build, self.row, self.seed, self.folder = Path(options.build).resolve(), row, seed, folder
        self.short, self.part, self.verbose = options.short, options.part, options.verbose
        self.dice = machine.dice(seed, row)

    def amount(self, short, full):
        if self.short:
            return short
        return full if self.part == 1 or isinstance(full, float) else max(short, round(full * self.part))

    def say(self, text):
        if self.verbose:
            print(f"  row {self.row}: {text}", file=sys.stderr, flush=True)

    def counts(self, verdict):
        return {"appended": verdict.appended, "acknowledged": verdict.acknowledged, "unknown": verdict.unknown,
                "refused": verdict.refused, "lost": verdict.lost}

    @staticmethod
    @contextlib.contextmanager
    def closing(cluster):
        try:
            yield cluster
        finally:
            cluster.close()


def run_row(options, row, seed, report):
    began = time.monotonic()
    with machine.scratch() as folder:
        try:
            module = importlib.import_module(f"rows.{ROWS[row]}")
            counts = module.run(Context(options, row, seed, folder))
            report.passed(row, module.TITLE, counts, began)
        except machine.Skip as reason:
            report.skipped(row, module.TITLE, str(reason))
        except (machine.Failed, RuntimeError, OSError) as error:
            report.failed(row, module.TITLE, f"seed {seed}: {error}", began)
            if options.keep:
                kept = folder.rename(folder.with_name("kept-" + folder.name))
                print(f"kept: {kept}", file=sys.stderr)


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default="all", help="such as 6,9,16")
    parser.add_argument("--short", action="store_true", help="the size for CI")
    parser.add_argument("--hours", type=float, default=0, help="again and again with new seeds for so long")
    parser.add_argument("--seed", type=int, default=1, help="fixes the schedule of faults")
    parser.add_argument("--build", default="build/release", help="where hufu and fault_submissions are")
    parser.add_argument("--report", help="write the JSON report here")
    parser.add_argument("--part", type=float, default=1, help="so much of the full size, such as 0.3")
    parser.add_argument("--patience", type=float, default=1, help="all deadlines so many times longer, on a busy machine")
    parser.add_argument("--keep", action="store_true", help="keep the folder of a row that failed")
    parser.add_argument("--clean", action="store_true", help="take away what a killed run left, and end")
    parser.add_argument("-v", "--verbose", action="store_true")
    return parser.parse_args(arguments)


def main(arguments):
    options = parse(arguments)
    if options.clean:
        print("\n".join(machine.clean()) or "nothing was left")
        return 0
    for program in ("hufu", "fault_submissions"):
        if not os.access(Path(options.build) / program, os.X_OK):
            print(f"run.py: {options.build}/{program} is not built", file=sys.stderr)
            return 2
    machine.patience = options.patience
    wanted = ORDER if options.rows == "all" else [int(row) for row in options.rows.split(",")]
    report = Report(options.seed)
    end, seed = time.monotonic() + options.hours * 3600, options.seed
    while True:
        for row in wanted:
            run_row(options, row, seed, report)
        seed += 1
        if time.monotonic() >= end:
            break
    report.end(options.report)
    if report.failures:
        return 1
    return SKIPPED if report.all_skipped else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
"""Counts the instructions of fixed work and compares them with what was committed (README.md, "The guard").

    python3 tests/bench/guard.py --program build/release/tests/bench/instruction_counts CASE…
    python3 tests/bench/guard.py --program … --renew          writes instructions.json

Only instructions of the program's own object count: its functions and what the compiler put inline into them. Those of shared
libraries (libsodium, OpenSSL, RocksDB, the C and C++ libraries) do not, because libraries choose code by the processor.

Exit: 0 within the drift, 1 not, 77 there is no valgrind.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

BASELINE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "instructions.json")


def own_instructions(profile: str, program: str) -> int:
    """The self cost of every line of the profile that belongs to the program's object; costs of calls are not self.

    callgrind's format: `ob=(id) name` names the object of the functions that follow, and the name only the first time;
    `calls=` is followed by one line with the inclusive cost of that call; every other line that begins with a number,
    `+`, `-` or `*` is a position and a self cost.
    """
    names: dict[str, str] = {}
    own = 0
    here = inclusive = False
    with open(profile) as lines:
        for line in lines:
            if match := re.match(r"ob=\((\d+)\)(?: (.*))?$", line):
                number, name = match.groups()
                if name:
                    names[number] = name
                here = os.path.realpath(names[number]) == program
            elif match := re.match(r"cob=\((\d+)\) (.*)$", line):
                names[match.group(1)] = match.group(2)
            elif line.startswith("calls="):
                inclusive = True
            elif line[:1] in "0123456789+-*":
                if here and not inclusive:
                    own += int(line.split()[1])
                inclusive = False
    return own


def count(program: str, case: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        profile = os.path.join(folder, "callgrind.out")
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--collect-atstart=no", f"--callgrind-out-file={profile}", program, case],
            capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{case}: {done.stderr[-2000:]}")
        own = own_instructions(profile, os.path.realpath(program))
    if own == 0:
        sys.exit(f"{case}: nothing was counted")
    return own


def judge(case: str, counted: int, baseline: dict) -> bool:
    before = baseline["instructions"].get(case)
    if before is None:
        print(f"{case}: {counted:,} instructions, and no baseline")
        return False
    drift = 100 * (counted - before) / before
    allowed = baseline["allowed_percent"]
    good = allowed["less"] <= drift <= allowed["more"]
    print(f"{case}: {counted:,} instructions of our own code, baseline {before:,}: {drift:+.2f} %")
    if not good:
        why = "slower" if drift > 0 else "faster: good, and worth keeping"
        print(f"  outside {allowed['less']:+} % to {allowed['more']:+} % ({why}). If it is meant, or the compiler is another:\n"
              "  ninja -C build/release renew_instructions, and commit tests/bench/instructions.json with the reason.")
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--renew", action="store_true")
    parser.add_argument("cases", nargs="*")
    options = parser.parse_args()
    if shutil.which("valgrind") is None:
        print("skipped: valgrind is not installed")
        return 77
    with open(BASELINE) as file:
        baseline = json.load(file)
    listed = subprocess.run([options.program], capture_output=True, text=True, check=True).stdout.split()
    counts = {case: count(options.program, case) for case in options.cases or listed}
    if options.renew:
        compiler = subprocess.run(["c++", "--version"], capture_output=True, text=True).stdout.partition("\n")[0]
        baseline.update(compiler=compiler, instructions=counts)
        with open(BASELINE, "w") as file:
            json.dump(baseline, file, indent=2)
            file.write("\n")
        print(f"written: {BASELINE}")
        return 0
    return 0 if all([judge(case, counted, baseline) for case, counted in counts.items()]) else 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""The ledger beside its peers on one machine: slices in turn, and the ratio of each pair (README.md).

    python3 tests/bench/compare.py --build build/release [--rounds N] [--seconds S] [--json FILE] [--only NAME,…]
                                   [--without PEER,…] [--folder DIR]

Exit: 0 it measured what it could, 1 a server or a load failed, 2 usage, 130 it was stopped.
"""

import argparse
import contextlib
import json
import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from peers import comparisons  # noqa: E402
from peers.machine import Machine, Unavailable  # noqa: E402
from peers.servers import Etcd, Hufu, Postgres  # noqa: E402
from peers.slices import Slices  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="pairs of slices a comparison (5)")
    parser.add_argument("--seconds", type=float, default=5, metavar="S", help="length of a slice (5)")
    parser.add_argument("--json", metavar="FILE", help="every slice and every ratio")
    parser.add_argument("--only", metavar="NAME,…", default="", help="of " + ", ".join(comparisons.ALL))
    parser.add_argument("--without", metavar="PEER,…", default="", help="of hufu, etcd, postgres")
    parser.add_argument("--folder", metavar="DIR", help="where all of them keep their data; its disk counts")
    parser.add_argument("--build", default="build/release", metavar="DIR")
    parser.add_argument("--hufu", metavar="FILE", help="the command to measure; else that of the build")
    options = parser.parse_args()
    options.only = [name for name in options.only.split(",") if name]
    options.without = [name for name in options.without.split(",") if name]
    unknown = [name for name in options.only if name not in comparisons.ALL]
    unknown += [name for name in options.without if name not in ("hufu", "etcd", "postgres")]
    if unknown or options.rounds < 1 or options.seconds <= 0:
        parser.error(f"unknown: {', '.join(unknown)}" if unknown else "nothing would be measured")
    return options


def start(machine: Machine, options) -> tuple[dict, dict]:
    """Who runs, and who does not and why."""
    loads = os.path.join(os.path.abspath(options.build), "tests", "bench")
    hufu = os.path.abspath(options.hufu or os.path.join(options.build, "hufu"))
    makers = {
        "hufu": lambda: Hufu(machine, hufu),
        "etcd": lambda: Etcd(machine, os.path.join(loads, "etcd_load")),
        "postgres": lambda: Postgres(machine, os.path.join(loads, "postgres_load")),
    }
    running, absent = {}, {}
    for name, make in makers.items():
        if name in options.without:
            absent[name] = "left out (--without)"
            continue
        try:
            running[name] = make()
        except Unavailable as why:
            absent[name] = str(why)
    for name, why in absent.items():
        print(f"{name} is not measured: {why}", flush=True)
    return running, absent


def described() -> dict:
    with open("/proc/cpuinfo") as cpus:
        model = next((line.split(":")[1].strip() for line in cpus if line.startswith("model name")), "unknown")
    return {"cpu": model, "cores": os.cpu_count(), "kernel": os.uname().release}


def measure(options) -> dict:
    with contextlib.ExitStack() as stack:
        machine = Machine(stack, options.folder)
        print(f"machine: {described()}, data in {machine.folder}", flush=True)
        running, absent = start(machine, options)
        slices = Slices(running, machine.folder, options.seconds)
        findings = comparisons.run(slices, options.rounds, options.only)
        return {"machine": described(), "seconds": options.seconds, "rounds": options.rounds, "absent": absent,
                **findings, "slices": slices.all}


def stopped(*_):
    raise KeyboardInterrupt


def main() -> int:
    options = arguments()
    signal.signal(signal.SIGTERM, stopped)
    try:
        report = measure(options)
    except Unavailable as why:
        print(f"stopped: {why}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; servers ended, folders removed", file=sys.stderr)
        return 130
    if options.json:
        with open(options.json, "w") as file:
            json.dump(report, file, indent=1)
            file.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

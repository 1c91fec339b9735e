"""Row 11: clocks that are wrong by an hour or by ten years, and clocks that jump, on one node or another, by libfaketime.

Elections run on the monotonic clock and must not notice: while a clock jumps the term stays what it was. A busy machine holds
elections of its own, so a jump with which one coincides is made again; one with which it coincides every time caused it.
Appends go on, and the times of the blocks strictly rise whoever leads (the checker's C5 and the audits).
"""

import signal
import time
from pathlib import Path

from harness.checker import check_cluster
from harness.cluster import ELECTION_MS, Cluster
from harness.load import Load, endless_lives
from harness.machine import Failed, Skip, until

TITLE = "clocks wrong by hours and years, and jumping"
TRIES = 3
OFFSETS = ("+1h", "-1h", "+10y", "-10y")
PLACES = ("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1")


def library():
    for place in PLACES:
        if Path(place).exists():
            return place
    raise Skip("not installed: libfaketime")


def environment(clock):
    return {"LD_PRELOAD": library(), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def set_clock(clock, offset):
    """At once as a whole: a half-written file would be another fault."""
    fresh = clock.with_suffix(".new")
    fresh.write_text(offset + "\n")
    fresh.replace(clock)


def run(context):
    library()
    jumps = context.amount(short=4, full=24)
    cluster = Cluster.found(context.build, context.folder / "c")
    clocks = [node.folder / "clock" for node in cluster.nodes]
    counts = {"injected": 0, "jumps": 0, "starts with a wrong clock": 0, "elections while jumping": 0}
    with context.closing(cluster):
        for node, clock in zip(cluster.nodes, clocks):
            set_clock(clock, "+0")
            node.start(env=environment(clock))
        cluster.until_ready()
        load = Load(cluster, endless_lives(cluster, context.build), writers=6, readers=1,
                    seed=context.seed, pause=0.01)
        with load:
            until(lambda: load.acknowledged > 20, 60, "the first appends")
            for number in range(jumps):
                jump(context, cluster, clocks, load, counts, OFFSETS[number % len(OFFSETS)], lead=number % 2 == 0)
            for offset in OFFSETS[:context.amount(2, 4)]:
                start_wrong(context, cluster, clocks, load, counts, offset)
            for clock in clocks:
                set_clock(clock, "+0")
            goes_on(load, "all clocks are right again")
        verdict = check_cluster(cluster, [load])
    return {**counts, **context.counts(verdict)}


def jump(context, cluster, clocks, load, counts, offset, lead):
    for _ in range(TRIES):
        what, before, after = one_jump(context, cluster, clocks, load, offset, lead)
        counts["injected"] += 1
        counts["jumps"] += 1
        context.say(f"{what}: term {before} to {after}")
        if before == after:
            return
        counts["elections while jumping"] += 1
    raise Failed(f"{what}: {TRIES} times of {TRIES} with an election, the last time from term {before} to {after}")


def one_jump(context, cluster, clocks, load, offset, lead):
    """What was done, and the term before and after."""
    leader = until(cluster.leader, 30, "a leader")
    node = leader if lead else context.dice.choice([each for each in cluster.nodes if each is not leader])
    set_clock(clocks[node.number - 1], "+0")
    goes_on(load, "the clock is right")
    before = until(cluster.leader, 30, "a leader").status(10)["term"]
    what = f"the clock of {node.name}, {'leader' if node is leader else 'follower'}, jumps to {offset}"
    set_clock(clocks[node.number - 1], offset)
    began = time.monotonic()
    goes_on(load, what)
    # An election that the jump had caused would show within two timeouts.
    until(lambda: time.monotonic() > began + 2.5 * ELECTION_MS / 1000, 30, "two election timeouts")
    after = until(cluster.leader, 30, "a leader").status(10)["term"]
    goes_on(load, what)
    return what, before, after


def start_wrong(context, cluster, clocks, load, counts, offset):
    """A leader dies, a node starts with a wrong clock, and the whole cluster has three different times."""
    node = until(cluster.leader, 30, "a leader")
    node.end(signal.SIGKILL)
    set_clock(clocks[node.number - 1], offset)
    node.start(env=environment(clocks[node.number - 1]))
    cluster.until_ready()
    counts["injected"] += 1
    counts["starts with a wrong clock"] += 1
    goes_on(load, f"{node.name} has started at {offset}")
    context.say(f"{node.name} has started at {offset}")


def goes_on(load, what):
    before = load.acknowledged
    until(lambda: load.acknowledged > before + 10 or load.complaints, 40, f"10 appends after {what}")
    if load.complaints:
        raise Failed(load.complaints[0])

"""Row 12: from the kill -9 of the leader to the next acknowledged append, as a client sees it that asks the other nodes.

The bound is 3 election timeouts at the 99th percentile (a leader is missed after one to two of them, and an election may have to
be held twice). Measured at 1,000 ms, the default of node/config.hpp.
"""

import math
import signal
import threading
import time

from harness.checker import check_cluster
from harness.cluster import ELECTION_MS, Cluster
from harness.http import Client, Unreachable
from harness.load import Load, endless_lives
from harness.machine import Failed, until

TITLE = "leader lost to next commit"


def run(context):
    wanted = context.amount(short=4, full=40)
    cluster = Cluster.found(context.build, context.folder / "c")
    with context.closing(cluster):
        cluster.start()
        lives = endless_lives(cluster, context.build)
        background = Load(cluster, lives, writers=2, readers=0, seed=context.seed, pause=0.02)
        probes = [next(lives)[0] for _ in range(wanted)]
        times = []
        with background:
            until(lambda: background.acknowledged > 20, 60, "the first appends")
            for probe in probes:
                times.append(measure(cluster, probe))
                context.say(f"{len(times)}/{wanted}: {times[-1] * 1000:.0f} ms")
        # Each probe is the first step of a life that goes no further.
        background.appends += probes
        verdict = check_cluster(cluster, [background])
    return judge(context, sorted(times), verdict)


def measure(cluster, probe):
    cluster.until_ready()
    cluster.until_one_head()
    leader = until(cluster.leader, 30, "a leader")
    others = [node for node in cluster.nodes if node is not leader]
    done, acknowledged = threading.Event(), []
    askers = [threading.Thread(target=ask, args=(node, probe, done, acknowledged)) for node in others]
    leader.process.kill()
    probe.sent = began = time.monotonic()
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    if not acknowledged:
        raise Failed(f"nothing was acknowledged within 60 s after {leader.name} was killed")
    probe.acknowledged, probe.place = min(acknowledged)
    leader.end(signal.SIGKILL)
    leader.start()
    return probe.acknowledged - began


def ask(node, probe, done, acknowledged):
    """Sends the same bytes to one node until it or the other has acknowledged them."""
    client, end = Client(node.host, node.api_port, timeout=1.0), time.monotonic() + 60
    while not done.is_set() and time.monotonic() < end:
        try:
            client.start_submission(probe.body)
            place, _ = client.finish_submission()
        except (Unreachable, ValueError):
            client.close()
            continue
        if place is not None:
            acknowledged.append((time.monotonic(), place))
            done.set()
        else:
            done.wait(0.005)
    client.close()


def judge(context, times, verdict):
    p99 = times[math.ceil(0.99 * len(times)) - 1]
    counts = {"injected": len(times), "min ms": round(times[0] * 1000), "median ms": round(times[len(times) // 2] * 1000),
              "p90 ms": round(times[math.ceil(0.9 * len(times)) - 1] * 1000), "p99 ms": round(p99 * 1000),
              "max ms": round(times[-1] * 1000), "bound ms": 3 * ELECTION_MS,
              "all ms": [round(each * 1000) for each in times], **context.counts(verdict)}
    if p99 * 1000 > 3 * ELECTION_MS:
        raise Failed(f"p99 over the bound: {counts}")
    return counts

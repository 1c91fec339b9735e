"""Row 13: kill -9 at every failpoint that the binary names, three times each; the node must come back and nothing be lost.

The list comes from `hufu --json failpoints`, so a new point is tested without a word here. A point is armed by HUFU_FAILPOINT at
the start of one node, which is then led through everything that a node's life holds until it dies:
first start, following, electing, leading, coming back from far behind. Lives mostly wait, so some go on beside each other.
"""

import json
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

from harness.checker import check_cluster
from harness.cluster import Cluster
from harness.load import Load, endless_lives
from harness.machine import Failed, Skip, call, scratch, until

TITLE = "kill -9 at each failpoint"
LEAST_POINTS = 30
LIVES_AT_ONCE = 3
KILLED = -signal.SIGKILL
# Points of other programs than a running node, or of a lying peer, which no honest run passes.
ELSEWHERE = ("key.", "evidence.")


def points_of(hufu):
    done = call(hufu, "--json", "failpoints", check=False)
    if done.returncode != 0:
        raise Skip("this build of hufu names no failpoints (hufu failpoints)")
    return [one["name"] for one in json.loads(done.stdout) if not one["name"].startswith(ELSEWHERE)]


def run(context):
    points = points_of(context.build / "hufu")
    chosen = context.dice.sample(points, 4) if context.short else points
    counts = {"injected": 0, "points": 0, "not reached": [], "appended": 0, "acknowledged": 0, "unknown": 0, "refused": 0,
              "lost": 0}
    lock = threading.Lock()
    # A node dies with the thread that started it: the pool's threads outlive all lives.
    with ThreadPoolExecutor(LIVES_AT_ONCE) as pool:
        lives = {point: [pool.submit(one_life, context, point, passage, counts, lock)
                         for passage in ((1,) if context.short else (1, 3, 20))] for point in chosen}
        try:
            collect(context, lives, counts)
        finally:
            pool.shutdown(cancel_futures=True)
    if not context.short and counts["points"] < LEAST_POINTS:
        raise Failed(f"only {counts['points']} points were reached: {counts}")
    return counts


def collect(context, lives, counts):
    for point, futures in lives.items():
        reached = [future.result() for future in futures]
        counts["points"] += any(reached)
        if not any(reached):
            counts["not reached"].append(point)
        context.say(f"{point}: {reached}")


def one_life(context, point, passage, counts, lock):
    """A young ledger, one node with the point armed; whether it died there."""
    with scratch() as folder:
        cluster = Cluster.found(context.build, folder / "c")
        victim, armed = cluster.nodes[2], {"HUFU_FAILPOINT": f"{point}:{passage}"}
        with context.closing(cluster):
            for node in cluster.nodes[:2]:
                node.start()
            victim.start(env=armed)
            until(cluster.leader, 60, "a leader")
            lives = endless_lives(cluster, context.build)
            with Load(cluster, lives, writers=4, readers=0, seed=context.seed, pause=0.01) as load:
                died = any(dead(victim, seconds) or step(cluster, victim, load, armed)
                           for step, seconds in ((nothing, 1), (elects, 2), (leads, 3), (is_away, 3)))
                if died and victim.process.returncode != KILLED:
                    raise Failed(f"{point}:{passage}: exit {victim.process.returncode}: {victim.said()}")
                victim.end(signal.SIGKILL)
                victim.start()
                until(lambda: (status := victim.status()) and status["ready"], 60, f"back after {point}: {victim.said()}")
                before = load.acknowledged
                until(lambda: load.acknowledged > before + 5, 40, f"appends after {point}")
            verdict = check_cluster(cluster, [load])
    with lock:
        counts["injected"] += died
        for name, value in context.counts(verdict).items():
            counts[name] += value
    return died


def dead(victim, seconds):
    try:
        return until(lambda: not victim.running(), seconds, "dead")
    except Failed:
        return False


def nothing(_cluster, _victim, _load, _armed):
    return False


def elects(cluster, victim, _load, _armed):
    """The leader dies; the victim votes or stands for election."""
    leader = cluster.leader()
    if leader is None or leader is victim:
        return False
    leader.end(signal.SIGKILL)
    found = dead(victim, 4)
    leader.start()
    return found


def leads(cluster, victim, _load, _armed):
    """Until it leads itself: every other leader is ended."""
    for _ in range(6):
        leader = cluster.leader()
        if leader is victim:
            return dead(victim, 3)
        if leader is not None:
            leader.end(signal.SIGKILL)
            leader.start()
        if dead(victim, 2.5):
            return True
    return False


def is_away(_cluster, victim, load, armed):
    """It was gone while the others worked, and comes back."""
    victim.end(signal.SIGKILL)
    before = load.acknowledged
    until(lambda: load.acknowledged > before + 60, 60, "appends while one is away")
    victim.start(env=armed)
    return dead(victim, 3)

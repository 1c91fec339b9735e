"""Row 10: the disk of one node of three is damaged while all of them work.

The cluster goes on. The damaged node stops, or goes on with what is right; what it serves is held to the others' chain. It is
started again: it opens, or refuses with a reason. Then its disk is repaired, and it rejoins.
"""

import signal

from harness.checker import check_cluster
from harness.cluster import Cluster
from harness.damage import KINDS, PLACES, WAYS, files_of, harm, repair
from harness.http import Unreachable
from harness.load import Load, endless_lives
from harness.machine import Failed, held_still, until

TITLE = "a minority's disks damaged while the cluster runs"
DATA = [kind for kind in KINDS if kind[0] in ("raft log", "raft table", "raft manifest", "raft current", "high-water", "ledger log",
                                              "ledger table", "ledger manifest", "ledger current", "access log")]
ABORTED = -signal.SIGABRT


def mend(node, damages):
    """How a node with a damaged disk comes back: here the disk gives its old bytes again. The one step to exchange for another."""
    for done in reversed(damages):
        repair(done)
    node.start()


def run(context):
    wanted = context.amount(short=4, full=45)
    cluster = Cluster.found(context.build, context.folder / "c")
    counts = {"injected": 0, "stopped at once": 0, "refused to start": 0, "started": 0, "files damaged": 0,
              "aborted by RocksDB": 0}
    with context.closing(cluster):
        cluster.start()
        load = Load(cluster, endless_lives(cluster, context.build), writers=6, readers=1,
                    seed=context.seed, pause=0.005)
        with load:
            # Tables exist only after a start that found a log.
            for node in cluster.nodes:
                until(lambda: load.acknowledged > 60 * node.number, 60, "the first appends")
                node.end(signal.SIGTERM)
                node.start()
                cluster.until_ready()
            for number in range(wanted):
                one(context, cluster, load, counts)
                context.say(f"{number + 1}/{wanted}: {counts}")
        verdict = check_cluster(cluster, [load])
    return {**counts, **context.counts(verdict)}


def one(context, cluster, load, counts):
    node = (cluster.leader() if context.dice.random() < 0.5 else None) or context.dice.choice(cluster.nodes)
    with held_still(node.process):
        damages = spoil(context, node, context.dice.randrange(1, 4))
    if not damages:
        return
    what = f"{node.name}: " + ", ".join(done.text for done in damages)
    counts["injected"] += 1
    counts["files damaged"] += len(damages)
    goes_on(load, what)
    ask_it(context, cluster, node, what)
    if node.running():
        node.end(signal.SIGKILL)
    else:
        judge(node, what, counts, "stopped at once")
    goes_on(load, what)
    node.start()
    until(lambda: not node.running() or ((status := node.status()) and status["ready"]), 60, f"a start after {what}")
    if node.running():
        counts["started"] += 1
        ask_it(context, cluster, node, what)
        node.end(signal.SIGKILL)
    else:
        judge(node, what, counts, "refused to start")
    mend(node, damages)
    until(lambda: returned(node, what), 60, f"{node.name} is back after {what}")
    goes_on(load, what)


def returned(node, what):
    if not node.running():
        raise Failed(f"repaired after {what}, yet: exit {node.process.returncode}: {node.said()}")
    status = node.status()
    return status and status["ready"]


def spoil(context, node, count):
    damages = []
    for kind, pattern in context.dice.sample(DATA, count):
        files = files_of(node.folder, pattern)
        if not files:
            continue
        done = harm(context.dice.choice(files), context.dice.choice(WAYS), context.dice.choice(PLACES), context.dice,
                    context.folder)
        if done.changed:
            damages.append(done)
        elif done.kept:
            repair(done)
    return damages


def goes_on(load, what):
    before = load.acknowledged
    until(lambda: load.acknowledged > before + 20 or load.complaints, 40, f"20 appends after {what}")
    if load.complaints:
        raise Failed(load.complaints[0])


def judge(node, what, counts, outcome):
    code, said = node.process.returncode, node.said()
    if code == ABORTED and "Assertion" in said:
        counts["aborted by RocksDB"] += 1
    elif code in (7, 9) and str(node.data) in said:
        counts[outcome] += 1
    else:
        raise Failed(f"after {what}: exit {code}: {said}")


def ask_it(context, cluster, node, what):
    """Some old blocks, straight from its disk: right, or none and it stops."""
    other = next(each for each in cluster.nodes if each is not node)
    mine, right = node.client(), other.client()
    try:
        _, head = right.get("/v1/head?read=local")
        for height in [context.dice.randrange(head["height"] + 1) for _ in range(10)]:
            status, block = mine.get(f"/v1/blocks/{height}")
            if status == 200 and block != right.get(f"/v1/blocks/{height}")[1]:
                raise Failed(f"after {what} {node.name} serves another block {height}")
    except Unreachable:
        return
    finally:
        mine.close()
        right.close()

"""Row 17: a member lies. It has its own keys, and sometimes an accomplice's; everybody else holds it to what can be proven.

Three parts: a node that is behind asks the liar for blocks; the liar talks to nodes that work; clients ask the liar. Nobody may
accept a lie or end because of it; where the lie is signed there is evidence that names the liar; and with those who are honest
everything goes on. Nodes sign what they say, and the harness makes no signature with a key that its liar would not have.
"""

import shutil
import signal

from harness.checker import check_cluster
from harness.cluster import Cluster
from harness.false_node import FalseApi, FalsePeer, identity
from harness.load import Load, endless_lives
from harness.machine import Failed, Skip, until
from rows import row17_clients, row17_talk

TITLE = "a member lies: refused, named where it can be proven, and all goes on"
BLOCKS = 700  # Raft keeps up to 512 entries: who misses more fetches blocks
WRONG_ANSWER = "TIMED_OUT"  # what does not read, or answers nothing that was asked, is no answer

# The lie, and what the node that fetches says of the liar.
FETCHES = (
    ("headers.none", "no headers"),
    ("headers.forged", "a wrong header"),
    ("headers.later_forged", "a wrong header"),
    ("headers.other_height", "a wrong header"),
    ("blocks.none", "no blocks"),
    ("blocks.undecodable", "an undecodable block"),
    ("blocks.too_large", WRONG_ANSWER),
    ("blocks.operation", "a block with wrong contents"),
    ("blocks.signature", "a block with wrong contents"),
    ("blocks.hidden", "a wrong block"),
    ("blocks.out_of_order", "a block out of order"),
    ("blocks.beyond", "a block out of order"),
    ("blocks.headers_instead", "headers instead of blocks"),
    ("fetch.truncated", WRONG_ANSWER),
    ("fetch.silent", WRONG_ANSWER),
    ("fetch.correlation", WRONG_ANSWER),
    ("fetch.refused", "it does not have them"),
)
IN_SHORT = {"headers.forged", "blocks.operation", "blocks.headers_instead"}


def small_blocks(cluster):
    """A block for each submission, so that a ledger of many blocks is soon there."""
    for node in cluster.nodes:
        with open(node.folder / "node.toml", "a", encoding="utf-8") as settings:
            settings.write("block_submissions = 1\n")  # in [limits], which the founding wrote last


def height_of(node):
    status = node.status()
    return status["head"]["height"] if status else 0


def grow(context, cluster, lives, blocks):
    """The appends that made so many blocks more."""
    end = max(height_of(node) for node in cluster.nodes if node.running()) + blocks
    with Load(cluster, lives, writers=8, readers=0, seed=context.seed) as load:
        until(lambda: max(height_of(node) for node in cluster.nodes if node.running()) >= end or load.complaints, 240,
              f"{blocks} more blocks")
    return load


def fetch(context, cluster, kept, lie, why):
    """Node 3 slept; it asks node 1, which is the liar's, before node 2."""
    liar, honest, sleeper = cluster.nodes
    for node in (honest, sleeper):
        shutil.rmtree(node.data)
        shutil.copytree(kept / node.name, node.data, symlinks=True)
    false = FalsePeer(context.build, lie, liar)
    try:
        honest.start()
        sleeper.start()
        false.until_said("asked")
        said = f'"peer":{liar.number},"why":"{why}"'
        until(lambda: said in (sleeper.folder / "err").read_text() or not sleeper.running(), 40,
              f"{lie}: {sleeper.name} says of the liar: {why}: {sleeper.said()}")
        until(lambda: height_of(sleeper) == height_of(honest) > BLOCKS, 90,
              f"{lie}: {sleeper.name} has caught up: {sleeper.said()}")
        if not (honest.running() and sleeper.running()):
            raise Failed(f"{lie}: a node has ended: {honest.said()} {sleeper.said()}")
    finally:
        false.close()
        for node in (honest, sleeper):
            node.end(signal.SIGTERM)
    answer, code = cluster.audit(sleeper)
    if code != 0 or not answer.get("clean"):
        raise Failed(f"{lie}: the ledger that was fetched is not clean: {answer}")
    context.say(f"{lie}: {why}")


def run(context):
    if not (context.build / "fault_liar").exists():
        raise Skip("fault_liar is not built")
    cluster = Cluster.found(context.build, context.folder / "c")
    small_blocks(cluster)
    counts = {"injected": 0, "fetching": 0, "talking": 0, "clients": 0, "evidence files": 0}
    with context.closing(cluster):
        cluster.start()
        lives, loads = endless_lives(cluster, context.build), []
        loads.append(grow(context, cluster, lives, 20))
        liar, honest, sleeper = cluster.nodes
        sleeper.end(signal.SIGTERM)
        loads.append(grow(context, cluster, lives, BLOCKS))
        until(lambda: height_of(liar) == height_of(honest), 60, "both have the same blocks")
        cluster.stop()
        kept = context.folder / "kept"
        for node in (honest, sleeper):
            shutil.copytree(node.data, kept / node.name, symlinks=True)
        for lie, why in FETCHES:
            if not context.short or lie in IN_SHORT:
                fetch(context, cluster, kept, lie, why)
                counts["fetching"] += 1
        honest.start()
        sleeper.start()
        cluster.until_ready()

        def more(blocks):
            loads.append(grow(context, cluster, lives, blocks))

        row17_talk.run(context, cluster, more, counts)
        false = FalseApi(liar, honest, identity(context.build, liar))
        try:
            row17_clients.run(context, cluster, false, more, counts)
        finally:
            false.close()
        liar.start()  # the real one again, which knows nothing of what was said in its name
        cluster.until_ready()
        verdict = check_cluster(cluster, loads)
    counts["injected"] = counts["fetching"] + counts["talking"] + counts["clients"]
    return {**counts, **context.counts(verdict)}


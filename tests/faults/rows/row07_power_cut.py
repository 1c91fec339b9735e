"""Row 7: the power of all nodes fails at one instant, again and again, while clients append.

Every cut is looked at in a second network namespace, where the nodes' copies have the addresses of the first: they must open,
elect, and hold every submission that any client had been told is on the ledger. The first cluster goes on meanwhile.
"""

import contextlib
import shutil
import time

from harness.checker import check_cluster
from harness.cluster import Cluster, Node
from harness.disks import Disks
from harness.load import Load, endless_lives
from harness.machine import Failed, Mounts, call, inside, namespace_name, need_root, need_tools, possible, scratch, until

TITLE = "power cuts of the whole cluster (live copies of ext4 images)"
CUTS_OF_ONE_LEDGER = 30  # then a new one: young ledgers have other files than old ones
RECEIPTS = 40


@contextlib.contextmanager
def loopback_namespaces(*names):
    need_tools("ip")
    made = []
    try:
        for name in names:
            possible("ip", "netns", "add", name, why="no network namespaces")
            made.append(name)
            call("ip", "-n", name, "link", "set", "lo", "up")
        yield
    finally:
        for name in made:
            call("ip", "netns", "del", name, check=False)


def run(context):
    need_root()
    wanted, total = context.amount(short=3, full=150), {}
    live, dead = namespace_name("live"), namespace_name("dead")
    with loopback_namespaces(live, dead):
        first = 1
        while total.get("injected", 0) < wanted:
            cuts = min(CUTS_OF_ONE_LEDGER, wanted - total.get("injected", 0))
            with scratch() as folder, contextlib.closing(Mounts()) as mounts:
                counts = one_ledger(context, folder, mounts, live, dead, cuts)
            for name, value in counts.items():
                total[name] = total.get(name, 0) + value
            first += 1
    return total


def one_ledger(context, folder, mounts, live, dead, cuts):
    disks = Disks(folder, mounts, 3)
    cluster = Cluster.found(context.build, folder / "live")
    for node in cluster.nodes:
        disks.mount(node.number, node.data)
        node.namespace = live
    lives = endless_lives(cluster, context.build)
    held = 0
    with context.closing(cluster), inside(live):
        cluster.start()
        # The pause keeps the ledger, which every check reads whole, from outgrowing what is asked here.
        load = Load(cluster, lives, writers=8, readers=0, seed=context.dice.random(), namespace=live, pause=0.05)
        with load:
            for number in range(cuts):
                before = load.acknowledged
                until(lambda: load.acknowledged > before + context.dice.randrange(1, 150), 60, "appends before a cut")
                time.sleep(context.dice.uniform(0, 0.05))  # where in a write the cut falls
                told = [(one.id, one.place) for one in list(load.appends) if one.place]
                cut = disks.cut(folder / f"cut-{number}")
                with inside(dead):
                    held += afterlife(cluster, cut, folder / f"after-{number}", mounts, dead, told, context)
                context.say(f"cut {number + 1}/{cuts}: {len(told)} acknowledged before it")
        verdict = check_cluster(cluster, [load])
    return {"injected": cuts, "disks": 3 * cuts, "held receipts": held, **context.counts(verdict)}


def afterlife(cluster, cut, folder, mounts, namespace, told, context):
    """Starts the nodes from their copied disks and asks for what was acknowledged; how many receipts were compared."""
    nodes = []
    for node in cluster.nodes:
        copy = Node(node.hufu, node.number, folder / node.name, node.host, node.peer_port, node.api_port)
        copy.folder.mkdir(parents=True)
        for name in ("node.toml", "node.key", "node.passphrase", "ledger.genesis"):
            call("cp", "-p", node.folder / name, copy.folder)
        cut.mount(node.number, mounts, copy.data)
        copy.namespace = namespace
        nodes.append(copy)
    after = Cluster(cluster.hufu, cluster.folder, nodes)
    try:
        with context.closing(after):
            for node in nodes:
                node.start()
            until(lambda: all_up(nodes, context), 60, "every copy serves")
            after.until_ready()
            held = hold(nodes[0], after.until_one_head(), told)
            after.stop()
            audited = context.dice.choice(nodes)
            answer, code = after.audit(audited)
            if code != 0 or not answer.get("clean"):
                raise Failed(f"after a cut the audit of {audited.name} is not clean: {answer}")
            return held
    finally:
        for node in nodes:
            mounts.drop(node.data)
        cut.drop()


def all_up(nodes, context):
    for node in nodes:
        if not node.running():
            shutil.copytree(node.data, context.folder / f"unopened-{node.name}", ignore=shutil.ignore_patterns("lost+found"))
            raise Failed(f"after a cut {node.name} does not open: exit {node.process.returncode}: {node.said()}")
    return all(node.status() for node in nodes)


def hold(node, head, told):
    """The newest acknowledged block is in the chain's past or its head, and the newest receipts say the same places."""
    newest = sorted(told, key=lambda one: one[1])[-RECEIPTS:]
    if newest and head[0] < newest[-1][1][0]:
        raise Failed(f"block {newest[-1][1][0]} was acknowledged; after the cut the ledger ends at {head[0]}")
    client = node.client()
    try:
        for one, place in newest:
            status, answer = client.get(f"/v1/receipts/{one}?read=local")
            found = answer.get("receipt", {}).get("place") if status == 200 else None
            if found != {"height": place[0], "submission": place[1]}:
                raise Failed(f"{one} was acknowledged at {place}; after the cut it is at {found}: {answer}")
    finally:
        client.close()
    return len(newest)

"""Row 6: kill -9, SIGSTOP, partitions, loss, slow links and slow fsync, while clients append and read all the time.

After every fault the network is healed, every node runs again, and something must be acknowledged within LIVE_SECONDS;
otherwise the cluster is stuck. At the end the checker holds the whole history.
"""

import signal
import time

from harness import tracing
from harness.checker import check_cluster
from harness.cluster import Cluster
from harness.load import Load, endless_lives
from harness.machine import Failed, inside, until
from harness.network import Network

TITLE = "network, kills, stops, slow disks under load"
LIVE_SECONDS = 40
KINDS = ("kill", "kill leader", "kill all", "stop", "stop leader", "cut off", "cut off leader", "split one link", "deaf",
         "deaf leader", "everybody apart", "loss", "slow link", "slow fsync")


class Faults:
    def __init__(self, cluster, network, dice, context):
        self.cluster, self.network, self.dice, self.context = cluster, network, dice, context
        self.made = {}

    def victim(self, kind):
        """The leader where the kind asks for it and there is one; else any node."""
        leader = self.cluster.leader() if kind.endswith("leader") else None
        return leader or self.dice.choice(self.cluster.nodes)

    def one(self, kind):
        node = self.victim(kind)
        others = [each.number for each in self.cluster.nodes if each is not node]
        seconds = self.dice.uniform(0.3, self.context.amount(1.2, 3.0))  # how long the fault lasts
        act = getattr(self, "_" + kind.removesuffix(" leader").replace(" ", "_"))
        act(node, others, seconds)
        self.network.heal()
        self.made[kind] = self.made.get(kind, 0) + 1

    def _kill(self, node, _others, seconds):
        node.end(signal.SIGKILL)
        time.sleep(seconds)
        node.start()

    def _kill_all(self, _node, _others, _seconds):
        for each in self.cluster.nodes:
            each.process.kill()
        for each in self.cluster.nodes:
            each.end(signal.SIGKILL)
            each.start()

    def _stop(self, node, _others, seconds):
        node.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        node.process.send_signal(signal.SIGCONT)

    def _cut_off(self, node, others, seconds):
        self.network.apart([node.number], others)
        time.sleep(seconds)

    def _split_one_link(self, node, others, seconds):
        self.network.apart([node.number], others[:1])
        time.sleep(seconds)

    def _deaf(self, node, others, seconds):
        self.network.deaf(node.number, others)
        time.sleep(seconds)

    def _everybody_apart(self, _node, _others, seconds):
        for each in self.cluster.nodes:
            self.network.deaf(each.number, [n.number for n in self.cluster.nodes if n is not each])
        time.sleep(seconds)

    def _loss(self, _node, _others, seconds):
        for each in self.cluster.nodes:
            self.network.lossy(each.number, self.dice.choice((0.05, 0.15, 0.3)))
        time.sleep(seconds)

    def _slow_link(self, node, _others, seconds):
        self.network.slow(node.number, self.dice.choice(("200kbit", "1mbit", "5mbit")))
        time.sleep(seconds)

    def _slow_fsync(self, node, _others, seconds):
        tracing.slow_disk(node.process.pid, self.dice.choice((20, 100, 400)), seconds)


def run(context):
    faults_wanted, appends_wanted = context.amount(short=len(KINDS), full=130), context.amount(short=1500, full=32_000)
    tracing.need_strace()
    with Network(3) as network:
        cluster = Cluster.found(context.build, context.folder, addresses=network.addresses())
        for node, space in zip(cluster.nodes, network.spaces):
            node.namespace = space
        with context.closing(cluster), inside(network.switch):
            cluster.start()
            lives = endless_lives(cluster, context.build)
            load = Load(cluster, lives, writers=12, readers=2, seed=context.seed, namespace=network.switch)
            with load:
                faults = disturb(cluster, network, load, context, faults_wanted)
                until(lambda: load.acknowledged >= appends_wanted or load.complaints, 600, f"{appends_wanted} appends")
            verdict = check_cluster(cluster, [load])
    return {**context.counts(verdict), "injected": sum(faults.made.values()), "reads": load.reads, "kinds": faults.made}


def disturb(cluster, network, load, context, wanted):
    faults = Faults(cluster, network, context.dice, context)
    until(lambda: load.acknowledged > 50, 60, "the first appends")
    pace = context.amount(short=0, full=32_000) / wanted
    for number in range(wanted):
        kind = KINDS[number] if number < len(KINDS) else context.dice.choice(KINDS)
        faults.one(kind)
        before = load.acknowledged
        until(lambda: load.acknowledged > before, LIVE_SECONDS, f"an append after fault {number + 1}, {kind}")
        # Faults are spread over all the appends, not bunched at their beginning.
        until(lambda: load.acknowledged >= pace * number, 300, f"{pace * number:.0f} appends")
        dead = [node.said() for node in cluster.nodes if not node.running()]
        if dead:
            raise Failed(f"after fault {number + 1}, {kind}, a node has ended by itself: {dead}")
        if load.complaints:
            raise Failed(load.complaints[0])
        context.say(f"fault {number + 1}/{wanted}: {kind}; {load.acknowledged} acknowledged")
    return faults

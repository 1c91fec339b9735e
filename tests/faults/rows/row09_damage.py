"""Row 9: every kind of file of a node × flip, truncate, zero, delete × head, middle, tail.

Two nodes go on; the third, which led them, is stopped, one of its files is damaged, and it is started. Allowed are two
outcomes and no third:
  detected   it refuses to start, or stops when it meets the damage, with a reason that names the file, its folder or its contents
  harmless   it serves, and everything it serves is what the others serve: head, every block, receipts, and an audit of its disk
             finds it clean (a table whose damage it never read: the audit must find that); the access log is whole
"""

import signal

from harness.checker import read_chain
from harness.cluster import Cluster
from harness.damage import IDLE, KINDS, PLACES, WAYS, copy_folder, files_of, harm
from harness.http import Unreachable
from harness.load import Load, endless_lives
from harness.machine import Failed, until

TITLE = "every kind of file damaged: detected or harmless"
ABORTED = -signal.SIGABRT
RECEIPTS = 12
TRACES = 4


class Row:
    def __init__(self, context, cluster, told):
        self.context, self.cluster, self.told = context, cluster, told
        self.counts = {"injected": 0, "detected": 0, "stopped later": 0, "harmless": 0, "found by audit": 0, "no such file": 0,
                       "aborted by RocksDB": 0}
        self.by_kind = {}
        self.healthy = self.victim = None
        self.sound = context.folder / "sound"
        self.chain = None

    def prepare(self, append):
        """The victim's folder when all was well: tables from earlier lives, logs from the last, ended without a farewell."""
        for _ in range(2):
            for node in self.cluster.nodes:
                node.end(signal.SIGKILL)
                node.start()
            self.cluster.until_ready()
            append()
        # Whoever verifies is sent to the leader, which writes it down.
        self.victim = until(self.cluster.leader, 60, "a leader")
        self.healthy = next(node for node in self.cluster.nodes if node is not self.victim)
        self.traces = until(self.traced, 120, f"{TRACES} entries in the access log of {self.victim.name}")
        self.cluster.until_one_head()
        self.chain = read_chain(self.healthy)
        self.victim.end(signal.SIGKILL)
        copy_folder(self.victim.folder, self.sound)

    def traced(self):
        self.cluster.trace(self.victim, self.told[0].subject)
        count = self.traces_of(self.victim)
        return count if count >= TRACES else 0

    @staticmethod
    def traces_of(node):
        client = node.client()
        try:
            return client.get("/v1/traces?from=0")[1]["total"]
        finally:
            client.close()

    def one(self, kind, pattern, way, place):
        node = self.victim
        copy_folder(self.sound, node.folder)
        files = files_of(node.folder, pattern)
        if not files:
            self.counts["no such file"] += 1
            return
        done = harm(self.context.dice.choice(files), way, place, self.context.dice, self.context.folder)
        if not done.changed:
            self.counts["no such file"] += 1
            return
        self.counts["injected"] += 1
        node.start()
        outcome = self.outcome(node, kind, done)
        if node.running():
            node.end(signal.SIGKILL)
        if done.kept:
            done.kept.unlink()
        self.counts[outcome] += 1
        seen = self.by_kind.setdefault(kind, {})
        seen[outcome] = seen.get(outcome, 0) + 1
        self.context.say(f"{kind}: {done.text}: {outcome}: {node.said().splitlines()[0] if outcome == 'detected' else ''}")

    def outcome(self, node, kind, done):
        until(lambda: not node.running() or self.caught_up(node), 60, f"{node.name} starts or refuses after {done.text}")
        if not node.running():
            return self.refusal(node, kind, done, "detected")
        served = self.what_it_serves(node, done)
        if not node.running():
            return self.refusal(node, kind, done, "stopped later")
        node.end(signal.SIGTERM)
        answer, code = self.cluster.audit(node)
        if code == 0 and answer.get("clean"):
            if answer["headHash"] != self.head_hash:
                raise Failed(f"after {kind}, {done.text}: the audit is clean with another head: {answer}")
            return "harmless"
        if kind in IDLE or not served:
            raise Failed(f"after {kind}, {done.text}: {answer}")
        return "found by audit"

    def refusal(self, node, kind, done, outcome):
        said, code = node.said(), node.process.returncode
        if code == ABORTED and "Assertion" in said:
            return "aborted by RocksDB"
        if kind in IDLE:
            raise Failed(f"after {kind}, {done.text}, which matters to nobody: exit {code}: {said}")
        if code not in (1, 2, 7, 9) or not self.names(said, done):
            raise Failed(f"after {kind}, {done.text}: exit {code}, and no word of the file: {said}")
        return outcome

    @staticmethod
    def names(said, done):
        """The file, or the database that it is a part of, or the roster's entry that its contents no longer fit."""
        return any(word in said for word in (str(done.file), done.file.name, str(done.file.parent), "roster"))

    @property
    def head_hash(self):
        return self.healthy_head["hash"]

    def caught_up(self, node):
        status = node.status()
        self.healthy_head = self.healthy.status()["head"]
        return status and status["ready"] and status["head"]["hash"] == self.healthy_head["hash"]

    def what_it_serves(self, node, done):
        """Every block and some receipts of the victim are those of the healthy; it may stop instead of answering."""
        try:
            chain = read_chain(node)
        except (Failed, Unreachable, KeyError):
            return until(lambda: not node.running(), 10, f"after {done.text} {node.name} serves neither a block nor stops")
        if chain[:len(self.chain)] != self.chain:
            raise Failed(f"after {done.text} {node.name} serves another chain")
        left = self.traces_of(node)
        if left < self.traces:
            raise Failed(f"after {done.text} the access log of {node.name} tells {left} entries of {self.traces}")
        client = node.client()
        try:
            for one in self.context.dice.sample(self.told, min(RECEIPTS, len(self.told))):
                status, answer = client.get(f"/v1/receipts/{one.id}?read=local")
                if status >= 500:
                    return until(lambda: not node.running(), 10, f"after {done.text} {node.name} answers {answer} and goes on")
                place = answer["receipt"]["place"] if status == 200 else answer
                if place != {"height": one.place[0], "submission": one.place[1]}:
                    raise Failed(f"after {done.text} {node.name} says of {one.id}: {place}, it stands at {one.place}")
        except Unreachable:
            return until(lambda: not node.running(), 10, f"after {done.text} {node.name} does not answer and goes on")
        finally:
            client.close()
        return True


def cases(context):
    every = [(kind, pattern, way, place) for kind, pattern in KINDS for way in WAYS
             for place in (PLACES if way != "delete" else PLACES[:1])]
    if context.short:  # each way and place with each kind that matters at least once over a few seeds
        matters = [one for one in every if one[0] not in IDLE]
        return context.dice.sample(matters, 22) + context.dice.sample([one for one in every if one[0] in IDLE], 2)
    weighty = [one for one in every if one[0] not in IDLE and one[0] not in ("passphrase", "settings")]
    return every + weighty + weighty  # other bytes each time


def run(context):
    cluster = Cluster.found(context.build, context.folder / "c")
    with context.closing(cluster):
        cluster.start()
        lives, told = endless_lives(cluster, context.build), []

        def append():
            with Load(cluster, lives, writers=6, readers=0, seed=context.seed) as load:
                until(lambda: load.acknowledged >= context.amount(100, 250) or load.complaints, 60, "appends")
            told.extend(one for one in load.appends if one.place)

        append()
        row = Row(context, cluster, told)
        row.prepare(append)
        for case in cases(context):
            row.one(*case)
    return {**row.counts, "kinds": row.by_kind}

"""Row 20: the two ways on which the provinces' authorities have to decide, command by command."""

import json
import shutil
import signal
from dataclasses import dataclass

from harness.checker import read_chain
from harness.cluster import PROVINCES, Node, free_ports
from harness.machine import Failed, call, until


def decide(cluster, authority, *words, check=True):
    """A command of one province's authority."""
    return call(cluster.hufu, "--json", "--genesis", cluster.folder / "ledger.genesis",
                *[part for node in cluster.nodes if node.running() for part in ("--node", node.url)], *words,
                "--key", cluster.folder / f"{PROVINCES[authority]}.key",
                "--passphrase-file", cluster.folder / "phrase", check=check)


def replace(context, cluster, load, index):
    """The node's folder is gone, keys and all; another takes its place under its name, and the cluster goes on meanwhile."""
    lost = cluster.nodes[index]
    lost.end(signal.SIGKILL)
    lost.folder.rename(lost.folder.with_name(f"{lost.name}-lost-{load.acknowledged}"))
    peer, api = free_ports(2)
    new = Node(cluster.hufu, lost.number, lost.folder, lost.host, peer, api)
    card, decision = context.folder / "card", context.folder / f"replace-{load.acknowledged}"
    done = call(cluster.hufu, "--genesis", cluster.folder / "ledger.genesis", "node", "init", new.folder,
                "--join", "--name", new.name, "--province", PROVINCES[index], "--peer", f"{new.host}:{peer}", "--api", f"{new.host}:{api}")
    card.write_bytes(done.stdout)
    new.take_small_disks()
    new.start()
    cluster.nodes[index] = new
    epoch = next(node for node in cluster.nodes if node is not new).status()["epoch"]
    asked = [node for node in cluster.nodes if node is not new]
    cluster_of_old = type(cluster)(cluster.hufu, cluster.folder, asked)
    decide(cluster_of_old, 0, "node", "replace", new.name, "--card", card, "--out", decision)
    decide(cluster_of_old, 1, "approve", decision, "--yes", "--no-enact")
    # It comes into force only when the newcomer has fetched the ledger: until then the answer is LEDGER_STALE.
    until(lambda: enacted(cluster_of_old, decision), 90, f"the decision to replace {new.name} is in force: {new.said()}")
    until(lambda: (status := new.status()) and status["ready"] and status["epoch"] == epoch + 1, 90,
          f"{new.name} is a member: {new.said()}")
    before = load.acknowledged
    until(lambda: load.acknowledged > before + 20 or load.complaints, 60, "appends with the new node")
    context.say(f"{new.name} replaced: epoch {epoch + 1}")


def enacted(cluster, decision):
    done = decide(cluster, 1, "enact", decision, check=False)
    said = (done.stdout + done.stderr).decode(errors="replace")
    if done.returncode != 0 and not any(code in said for code in PASSING):
        raise Failed(f"enact: exit {done.returncode}: {said}")
    return done.returncode == 0


# The newcomer is not there yet; or the cluster is just changing over, and did it or not: the next try tells.
PASSING = ("LEDGER_STALE", "OUTCOME_UNKNOWN", "NOT_LEADER", "NO_QUORUM", "LEDGER_UNAVAILABLE", "TIMED_OUT")


@dataclass
class Survivor:
    node: Node
    chain: list  # its ledger before the recovery


def recover(context, cluster, number):
    """Two of three folders are gone for good. The third goes on alone, as two of three provinces have signed."""
    survivor = cluster.nodes[number % 3]
    for node in cluster.nodes:
        if node is not survivor:
            shutil.rmtree(node.folder)
    survivor.start()  # alone it serves what it holds, and takes nothing
    until(lambda: survivor.status() and survivor.status()["head"]["height"] > 0, 60, f"the survivor reads: {survivor.said()}")
    chain = read_chain(survivor)
    survivor.end(signal.SIGKILL)
    ledger = ("--genesis", cluster.folder / "ledger.genesis")
    drafts = [context.folder / f"recovery-{number}-{step}" for step in range(3)]
    call(cluster.hufu, *ledger, "backup", "--from", survivor.data, "--out", context.folder / f"survivor-{number}")
    call(cluster.hufu, *ledger, "recovery", "draft", survivor.folder, "--keep", survivor.name, "--out", drafts[0])
    decide(cluster, 0, "recovery", "sign", drafts[0], "--yes", "--out", drafts[1])
    unsigned = call(cluster.hufu, "node", "recover", survivor.folder, "--with", drafts[1], check=False)
    if unsigned.returncode == 0:
        raise Failed("a recovery that one province of three has signed was taken")
    decide(cluster, 1, "recovery", "sign", drafts[1], "--enact", "--yes", "--out", drafts[2])
    done = call(cluster.hufu, "node", "recover", survivor.folder, "--with", drafts[2])
    survivor.start()
    until(lambda: (status := survivor.status()) and status["ready"], 60, f"the survivor leads: {survivor.said()}")
    context.say(f"recovered from {survivor.name}, block {len(chain) - 1}: {json.dumps(done.stderr.decode()[-80:])}")
    return Survivor(survivor, chain)

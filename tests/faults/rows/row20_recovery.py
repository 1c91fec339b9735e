"""Row 20: what is left when disks are gone, each way as docs/operations.md has it.

  backup, restore     taken while clients append, restored into an empty folder: the same blocks, the same head
  a lost disk         a node's folder is gone while clients append: `hufu node replace`; nothing acknowledged is lost
  a lost quorum       two of three folders are gone: `hufu recovery`; the ledger goes on from what the survivor holds

A backup is held to the running cluster (its last block is the cluster's block of that height) and holds everything that had been
acknowledged when it was begun. After a recovery everything acknowledged that the survivor held stands where it stood; what only
the lost ones had is counted, not hidden.
"""

import json
import signal

from harness.checker import check_appends, check_cluster, read_chain
from harness.cluster import Cluster
from harness.load import Load, endless_lives
from harness.machine import Failed, call, until
from rows.row20_decisions import recover, replace

TITLE = "backup and restore, a lost disk, a lost quorum"


def run(context):
    wanted = context.amount(short=1, full=3)
    counts = {"injected": 3 * wanted, "restored": 0, "replaced": 0, "recovered": 0, "gone with the quorum": 0}
    cluster = Cluster.found(context.build, context.folder / "c", authorities=True)
    with context.closing(cluster):
        cluster.start()
        backups = []
        with Load(cluster, endless_lives(cluster, context.build), writers=4, readers=1, seed=context.seed, pause=0.01) as load:
            for number in range(wanted):
                until(lambda: load.acknowledged > 150 * (number + 1), 60, "appends before a backup")
                backups.append(back_up(context, cluster, load, number))
            # One node of the founding document must stay: a newcomer asks those (docs/reliability.md).
            for number in range(wanted):
                replace(context, cluster, load, number % 2)
                counts["replaced"] += 1
        cluster.until_one_head()
        hold_backups(cluster, backups)
        counts["restored"] = len(backups)
        verdict = check_cluster(cluster, [load])
    for number in range(wanted):
        lose_quorum(context, number, verdict, counts)
    return {**counts, **context.counts(verdict)}


def back_up(context, cluster, load, number):
    """(what had been acknowledged before, the audit of the restored ledger)."""
    told = [one.id for one in list(load.appends) if one.place]
    node = context.dice.choice(cluster.nodes)
    file, folder = context.folder / f"backup-{number}", context.folder / f"restored-{number}"
    ledger = ("--genesis", cluster.folder / "ledger.genesis")
    call(cluster.hufu, *ledger, "--node", node.url, "backup", "--out", file)
    call(cluster.hufu, *ledger, "backup", "check", file)
    spoilt = context.folder / "spoilt"
    data = bytearray(file.read_bytes())
    data[context.dice.randrange(len(data))] ^= 1 << context.dice.randrange(8)
    spoilt.write_bytes(data)
    if call(cluster.hufu, *ledger, "restore", spoilt, "--to", folder, check=False).returncode == 0:
        raise Failed("a backup with a flipped bit was restored")
    call(cluster.hufu, *ledger, "restore", file, "--to", folder, "--uncertified")
    answer, code = cluster.audit(node, folder)
    if code != 0 or not answer.get("clean"):
        raise Failed(f"the restored ledger does not audit clean: {json.dumps(answer)}")
    context.say(f"backup {number + 1}: {answer['height']} blocks")
    return told, answer


def hold_backups(cluster, backups):
    chain, client = read_chain(cluster.nodes[0]), cluster.nodes[0].client()
    for told, audit in backups:
        _, block = client.get(f"/v1/blocks/{audit['height']}")
        if block["header"]["hash"] != audit["headHash"]:
            raise Failed(f"the restored ledger ends with {audit['headHash']}, the cluster's block is {block['header']['hash']}")
        held = {one for _, ids in chain[:audit["height"] + 1] for one in ids}
        gone = [one for one in told if one not in held]
        if gone:
            raise Failed(f"{len(gone)} submissions had been acknowledged before the backup and are not in it: {gone[:3]}")
    client.close()


def lose_quorum(context, number, verdict, counts):
    """A ledger of its own; its counts are added to the verdict."""
    cluster = Cluster.found(context.build, context.folder / f"q{number}", authorities=True)
    with context.closing(cluster):
        cluster.start()
        lives = endless_lives(cluster, context.build)
        with Load(cluster, lives, writers=4, readers=1, seed=context.seed, pause=0.01) as before:
            until(lambda: before.acknowledged > 150, 60, "appends before the quorum is lost")
            for node in cluster.nodes:
                node.end(signal.SIGKILL)
        held = recover(context, cluster, number)
        survivors = Cluster(cluster.hufu, cluster.folder, [held.node])
        with Load(survivors, lives, writers=1, readers=1, seed=context.seed, pause=0.01) as after:
            until(lambda: after.acknowledged > 20, 60, f"appends after the recovery: {held.node.said()}")
        chain = read_chain(held.node)
        if chain[:len(held.chain)] != held.chain:
            raise Failed("the recovered ledger has other blocks than the survivor had")
        for one in before.appends:
            if one.place and one.place[0] >= len(held.chain):
                one.place = None  # on the lost nodes alone: only its receipt tells
                counts["gone with the quorum"] += 1
        found = check_appends([*before.appends, *after.appends], chain)
        found.faults += before.complaints + after.complaints
        found.hold()
        survivors.stop()
        answer, code = survivors.audit(held.node)
        if code != 0 or not answer.get("clean"):
            raise Failed(f"the recovered ledger does not audit clean: {answer}")
    counts["recovered"] += 1
    for name in ("appended", "acknowledged", "unknown", "refused", "lost"):
        setattr(verdict, name, getattr(verdict, name) + getattr(found, name))

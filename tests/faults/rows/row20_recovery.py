"""Row 20: backups taken while clients append, checked, and restored into an empty folder: the same blocks, the same head.

A backup is held to the running cluster (its last block is the cluster's block of that height) and holds everything that had been
acknowledged when it was begun. What a build of hufu cannot do yet is named under "not there yet" and counts for nothing.
"""

import json

from harness.checker import check_cluster, read_chain
from harness.cluster import Cluster
from harness.load import Load, endless_lives
from harness.machine import Failed, Skip, call, until

TITLE = "backup under load, check, restore: same head"
LATER = (("node", "replace"), ("cluster", "recover"))


def knows(hufu, *words):
    """Is it in the help of its group?"""
    *group, word = words
    help_text = call(hufu, *group, "--help", check=False).stdout.decode()
    return any(line.split()[:1] == [word] for line in help_text.splitlines() if line.startswith("  "))


def run(context):
    hufu = context.build / "hufu"
    missing = [word for word in ("backup", "restore") if not knows(hufu, word)]
    if missing:
        raise Skip("this build of hufu has no command " + ", ".join(missing))
    wanted = context.amount(short=1, full=3)
    cluster = Cluster.found(context.build, context.folder / "c")
    restored = []
    with context.closing(cluster):
        cluster.start()
        with Load(cluster, endless_lives(cluster, context.build), writers=4, readers=1,
                  seed=context.seed, pause=0.01) as load:
            for number in range(wanted):
                until(lambda: load.acknowledged > 150 * (number + 1), 60, "appends before a backup")
                restored.append(round_trip(context, cluster, load, number))
        cluster.until_one_head()
        chain = read_chain(cluster.nodes[0])
        client = cluster.nodes[0].client()
        for told, audit in restored:
            _, block = client.get(f"/v1/blocks/{audit['height']}")
            if block["header"]["hash"] != audit["headHash"]:
                raise Failed(f"the restored ledger ends with {audit['headHash']}, the cluster's block is {block['header']['hash']}")
            held = {one for _, ids in chain[:audit["height"] + 1] for one in ids}
            gone = [one for one in told if one not in held]
            if gone:
                raise Failed(f"{len(gone)} submissions had been acknowledged before the backup and are not in it: {gone[:3]}")
        client.close()
        verdict = check_cluster(cluster, [load])
    return {"injected": wanted, "restored": len(restored),
            "not there yet": [" ".join(words) for words in LATER if not knows(hufu, *words)], **context.counts(verdict)}


def round_trip(context, cluster, load, number):
    """(what had been acknowledged before, the audit of the restored ledger)."""
    told = [one.id for one in list(load.appends) if one.place]
    node = context.dice.choice(cluster.nodes)
    file, folder = context.folder / f"backup-{number}", context.folder / f"restored-{number}"
    ledger = ("--genesis", cluster.folder / "ledger.genesis")
    call(cluster.hufu, *ledger, "--node", f"https://{node.host}:{node.api_port}", "backup", "--out", file)
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

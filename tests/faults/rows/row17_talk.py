"""Row 17, second part: the liar talks to two nodes that work. They refuse, keep what is signed as evidence, and certify on."""

import json
import socket
import ssl

from harness.false_node import FalsePeer, identity
from harness.hostile import closes_within
from harness.machine import Failed, call, until

FORK, QUIET = "fork", None
# The lie, and why it is refused (the label of hufu_attestations_refused_total); None: it is passed over without a word.
ATTESTS = (
    ("attest.cosignature", "signature"),
    ("attest.log_signature", "signature"),
    ("attest.ledger", "signature"),
    ("attest.name", "member"),
    ("attest.zero", "size"),
    ("attest.stale", QUIET),
    # From here on each names a larger size: what is not newer than the liar's last word is passed over.
    ("attest.fork", FORK),
    ("attest.ahead", FORK),
    ("attest.future", QUIET),
)
AHEAD = 400  # beyond the liar's own ledger (lie_peer.cpp kAhead): seen through when the ledger has come so far
# The lie, and what the nodes log of it.
WAYS = (("way.alone", "QUORUM_MISSING"), ("way.forged", "SIGNATURE_INVALID"), ("way.head", QUIET))
NOISE = ("raft.name", "raft.garbage", "app.garbage")
IN_SHORT = {"attest.cosignature", "attest.fork", "way.alone", "raft.name"}
LARGEST_FRAME = 16 << 20
APP_REQUEST, APP_LANE = 2, 2


def refused(node, why):
    """So many attestations this node has refused for this reason."""
    client = node.client()
    try:
        _, text = client.get("/metrics")
        for line in text.decode().splitlines():
            if line.startswith("hufu_attestations_refused_total{") and f'why="{why}"' in line:
                return float(line.rsplit(" ", 1)[1])
        return 0
    finally:
        client.close()


def certify_on(cluster, grow, lie, blocks=25):
    """Two honest of three are a quorum: what is appended now is certified, by nodes that are all still there."""
    grow(blocks)

    def certified():
        seen = [node.status() for node in cluster.nodes[1:]]
        return all(each and each["certified"] and each["certified"]["height"] == each["head"]["height"] for each in seen)

    until(certified, 60, f"{lie}: the honest nodes certify their newest block")
    for node in cluster.nodes[1:]:
        if not node.running():
            raise Failed(f"{lie}: {node.name} has ended: {node.said()}")


def attests(context, cluster, grow, lie, why, counts):
    honest = cluster.nodes[1:]
    before = {node.number: refused(node, why) if why else 0 for node in honest}
    files_before = evidence(honest)
    false = FalsePeer(context.build, lie, cluster.nodes[0])
    try:
        for node in honest:
            false.until_said(f"told {node.number}", 3)
        certify_on(cluster, grow, lie, AHEAD if lie == "attest.ahead" else 25)
        if why:
            until(lambda: all(refused(node, why) > before[node.number] for node in honest), 40,
                  f"{lie}: refused because of {why}")
        if why == FORK:
            until(lambda: evidence(honest) - files_before, 40, f"{lie}: evidence is kept")
    finally:
        false.close()
    for file in evidence(honest) - files_before:
        if why != FORK:
            raise Failed(f"{lie}: {file} accuses somebody")
        counts["evidence files"] += 1
        hold_evidence(cluster, file, {cluster.nodes[0].name})


def evidence(nodes):
    return {file for node in nodes for file in node.data.glob("evidence/fork-*")}


def hold_evidence(cluster, file, culprits):
    """Anybody with the founding document sees who has signed both histories."""
    done = call(cluster.hufu, "--json", "--genesis", cluster.folder / "ledger.genesis", "audit", "evidence", file, check=False)
    answer = json.loads(done.stdout)
    named = set(answer["a"]["signedBy"]) | set(answer["b"]["signedBy"])
    if done.returncode != 9 or not culprits <= named:
        raise Failed(f"{file}: exit {done.returncode}, {answer}, the culprits are {culprits}")


def ways(context, cluster, grow, lie, why):
    honest = cluster.nodes[1:]
    at = {node.number: (node.folder / "err").stat().st_size for node in honest}
    false = FalsePeer(context.build, lie, cluster.nodes[0])
    try:
        false.until_said("answered way", 2)
        if why:
            said = f'"event":"handover refused","epoch":1,"why":"{why}"'
            until(lambda: any(said in log_since(node, at[node.number]) for node in honest), 40, f"{lie}: {said}")
        certify_on(cluster, grow, lie)
    finally:
        false.close()
    for node in honest:
        if "fetching blocks" in log_since(node, at[node.number]):
            raise Failed(f"{lie}: {node.name} has followed it")
        if node.status()["epoch"] != 1:
            raise Failed(f"{lie}: {node.name} is in another epoch: {node.status()}")


def log_since(node, offset):
    return (node.folder / "err").read_bytes()[offset:].decode(errors="replace")


def noise(context, cluster, grow, lie):
    terms = {node.status()["term"] for node in cluster.nodes[1:]}
    false = FalsePeer(context.build, lie, cluster.nodes[0])
    try:
        false.until_said("told", 10)
        certify_on(cluster, grow, lie)
    finally:
        false.close()
    after = {node.status()["term"] for node in cluster.nodes[1:]}
    if lie == "raft.name" and after != terms:
        raise Failed(f"{lie}: a vote asked for in another's name has changed the term from {terms} to {after}")


# ---- below the protocol: bytes on a connection of the liar's own ----


def hello(cluster, node, sender, network):
    return (b"HUFUTP01" + sender.to_bytes(8, "little") + node.number.to_bytes(8, "little") + bytes([APP_LANE]) + network)


def raw(cluster, node, pem, data):
    """How long the node bears it; None: it does not end it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if pem:
        context.load_cert_chain(pem)
    try:
        with context.wrap_socket(socket.create_connection((node.host, node.peer_port), timeout=15)) as connection:
            connection.sendall(data)
            return closes_within(connection, 30)
    except (OSError, ssl.SSLError):
        return 0.0


def connections(context, cluster, grow):
    pem, node = identity(context.build, cluster.nodes[0]), cluster.nodes[1]
    genesis = json.loads(call(cluster.hufu, "--json", "genesis", "show", cluster.folder / "ledger.genesis").stdout)
    network = bytes.fromhex(genesis["hash"])
    greeting = hello(cluster, node, 1, network)
    tries = {
        "a frame larger than allowed": (pem, greeting + (LARGEST_FRAME + 1).to_bytes(4, "little") + bytes([APP_REQUEST])),
        "a channel that is not there": (pem, greeting + (4).to_bytes(4, "little") + b"\x63" + b"abcd"),
        "the hello of another ledger": (pem, hello(cluster, node, 1, bytes(32))),
        "a hello in another's name": (pem, hello(cluster, node, 3, network)),
        "half a hello": (pem, greeting[:20]),
        "no key at all": (None, greeting),
    }
    for what, (identity_file, data) in tries.items():
        if raw(cluster, node, identity_file, data) is None:
            raise Failed(f"{what}: {node.name} keeps the connection")
        context.say(f"{what}: hung up")
    certify_on(cluster, grow, "connections")
    return len(tries)


def run(context, cluster, grow, counts):
    every = [*((attests, lie, (lie, why, counts)) for lie, why in ATTESTS), *((ways, lie, (lie, why)) for lie, why in WAYS),
             *((noise, lie, (lie,)) for lie in NOISE)]
    for kind, lie, words in every:
        if context.short and lie not in IN_SHORT:
            continue
        kind(context, cluster, grow, *words)
        counts["talking"] += 1
        context.say(f"{lie}: seen through")
    counts["talking"] += connections(context, cluster, grow)

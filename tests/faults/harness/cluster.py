"""A ledger of a few nodes, founded through the public commands, each node a process of its own.

Invariants
  K1  a node is started by `hufu node start` with its own folder, and ended by signals alone
  K2  what a node says on stdout and stderr stays in its folder (out, err), so that a refusal to start can be read
"""

import json
import signal
import socket
import time
from pathlib import Path

from .http import Client, Unreachable
from .machine import Failed, call, end, spawn, until

AGENCY = "11310104XT00000116"
TYPE = "11100000MB0143028R001"
PROVINCES = ("310000", "320000", "330000")
ELECTION_MS = 1000  # the default of node/config.hpp, which nothing here changes


def check_character(body):
    """ISO 7064 MOD 37,36 (ledger/FORMAT.md 4.1)."""
    alphabet, p = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 36
    for character in body:
        p = (p + alphabet.index(character)) % 36 or 36
        p = 2 * p % 37
    return alphabet[(37 - p) % 36]


def license_id(serial):
    return f"1.2.156.3005.2.{TYPE}.{AGENCY}.{serial}.001.{check_character(TYPE + AGENCY + serial + '001')}"


def free_ports(count):
    held = [socket.socket() for _ in range(count)]
    try:
        for each in held:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()


class Node:
    def __init__(self, hufu, number, folder, host, peer_port, api_port):
        self.hufu, self.number, self.folder = hufu, number, Path(folder)
        self.host, self.peer_port, self.api_port = host, peer_port, api_port
        self.namespace = None  # network namespace that it is started in
        self.process = None

    @property
    def name(self):
        return f"node-{self.number}"

    @property
    def data(self):
        return self.folder / "data"

    @property
    def url(self):
        return f"https://{self.host}:{self.api_port}"

    def take_small_disks(self):
        """The disks of these tests are smaller than the floor under which a node takes nothing."""
        with open(self.folder / "node.toml", "a", encoding="utf-8") as settings:
            settings.write("\n[limits]\ndisk_floor_mb = 0\n")

    def start(self, prefix=(), env=None):
        with open(self.folder / "out", "ab") as out, open(self.folder / "err", "wb") as err:
            self.process = spawn([*prefix, self.hufu, "node", "start", self.folder], namespace=self.namespace,
                                 env=env, stdout=out, stderr=err)

    def running(self):
        return self.process is not None and self.process.poll() is None

    def end(self, how=signal.SIGTERM):
        return None if self.process is None else end(self.process, how)

    def said(self):
        """What it told a person before it ended, and its last lines of log."""
        out = (self.folder / "out").read_bytes()[-2000:].decode(errors="replace").splitlines()[-3:]
        return (self.folder / "err").read_text(errors="replace").strip() + "\n" + "\n".join(out)

    def client(self, timeout=5.0):
        return Client(self.host, self.api_port, timeout)

    def status(self, timeout=2.0):
        """None when it does not answer."""
        client = self.client(timeout)
        try:
            code, answer = client.get("/v1/status")
            return answer if code == 200 else None
        except (Unreachable, ValueError):
            return None
        finally:
            client.close()


class Cluster:
    def __init__(self, hufu, folder, nodes):
        self.hufu, self.folder, self.nodes = Path(hufu), Path(folder), nodes

    # ---- founding ----

    @classmethod
    def found(cls, build, folder, size=3, addresses=None, authorities=False):
        """addresses: (host, peer port, api port) of each; loopback with free ports unless told. authorities: each province has a
        key that decides for it, in FOLDER/CODE.key; without, nothing can be decided."""
        build, folder = Path(build), Path(folder)
        hufu = build / "hufu"
        ports = free_ports(2 * size)
        addresses = addresses or [("127.0.0.1", ports[2 * i], ports[2 * i + 1]) for i in range(size)]
        folder.mkdir(parents=True, exist_ok=True)
        phrase = folder / "phrase"
        phrase.touch(mode=0o600)
        phrase.write_text("the harness alone uses this\n")
        key = folder / "agency.key"
        public = cls._json(hufu, "key", "new", key, "--passphrase-file", phrase)["publicKey"]
        nodes, members = [], []
        for number, (host, peer, api) in enumerate(addresses, 1):
            node = Node(hufu, number, folder / f"node-{number}", host, peer, api)
            keys = cls._json(hufu, "node", "init", node.folder, "--make-key", "--name", node.name)
            nodes.append(node)
            members += ["--member", f"id={number},name={node.name},province={PROVINCES[(number - 1) % 3]},"
                        f"log={keys['logKey']},cosign={keys['cosignKey']},tls={keys['tlsKey']},"
                        f"peer={host}:{peer},api={host}:{api}"]
        provinces = [part for code in PROVINCES for part in ("--province", f"{code}=P{code}")]
        for code in PROVINCES if authorities else ():
            key = cls._json(hufu, "key", "new", folder / f"{code}.key", "--passphrase-file", phrase)["publicKey"]
            provinces += ["--authority", f"code={code},keys={key},threshold=1"]
        call(hufu, "genesis", "new", folder / "ledger.genesis", "--origin", "hufu.test/faults", *provinces,
             "--agency", f"code={AGENCY},name=A,province=310000,key={public},types={TYPE}", *members)
        for node in nodes:
            call(hufu, "--genesis", folder / "ledger.genesis", "node", "init", node.folder, "--name", node.name)
            node.take_small_disks()
        return cls(hufu, folder, nodes)

    @staticmethod
    def _json(*command):
        hufu, *rest = command
        return json.loads(call(hufu, "--json", *rest).stdout)

    def write_submissions(self, build, first, subjects):
        out = self.folder / f"submissions-{first}"
        call(Path(build) / "fault_submissions", self.folder / "ledger.genesis", self.folder / "agency.key",
             self.folder / "phrase", AGENCY, TYPE, first, subjects, out)
        return out

    def trace(self, node, subject):
        """Somebody verifies a license at this node and has it written down (node/access_log.hpp)."""
        call(self.hufu, "--genesis", self.folder / "ledger.genesis", "--node", f"https://{node.host}:{node.api_port}", "verify",
             license_id(f"{subject:012}"), "--trace", "the harness asks", check=False)  # the verdict is another matter

    # ---- running ----

    def start(self):
        for node in self.nodes:
            node.start()
        self.until_ready()
        return self

    def stop(self):
        for node in self.nodes:
            if node.running():
                node.process.send_signal(signal.SIGCONT)
                node.process.send_signal(signal.SIGTERM)
        for node in self.nodes:
            node.end(signal.SIGTERM)

    def close(self):
        """As `stop`, without courtesy: the end of a row."""
        for node in self.nodes:
            if node.process is not None:
                end(node.process, signal.SIGKILL)

    def leader(self):
        """The node that leads with the newest term among those that answer; None."""
        leads = [(status["term"], node) for node in self.nodes
                 if node.running() and (status := node.status()) and status["role"] == "leader"]
        return max(leads, key=lambda each: each[0])[1] if leads else None

    def until_ready(self, seconds=60):
        def ready():
            seen = [node.status() for node in self.nodes if node.running()]
            return seen and all(each and each["ready"] for each in seen) and self.leader()
        return until(ready, seconds, "every running node is ready and one leads")

    def heads(self):
        """(height, hash) of every running node; None for one that does not answer."""
        seen = [node.status() for node in self.nodes if node.running()]
        return [(each["head"]["height"], each["head"]["hash"]) if each else None for each in seen]

    def until_one_head(self, seconds=90):
        def one():
            heads = self.heads()
            return len(heads) == len(self.nodes) and None not in heads and len(set(heads)) == 1 and heads[0]
        try:
            return until(one, seconds, "all nodes at one head")
        except Failed as error:
            raise Failed(f"{error}: {self.heads()}; {[n.said() for n in self.nodes if not n.running()]}") from None

    def audit(self, node, data=None):
        """What `hufu audit ledger` says of a stopped node's disk: the answer and the exit code."""
        done = call(self.hufu, "--json", "--genesis", self.folder / "ledger.genesis", "audit", "ledger",
                    data or node.data, check=False, timeout=600)
        try:
            return json.loads(done.stdout), done.returncode
        except ValueError:
            return {"problem": (done.stdout + done.stderr).decode(errors="replace")}, done.returncode


def now():
    return time.monotonic()

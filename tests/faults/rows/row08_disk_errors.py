"""Row 8: EIO, ENOSPC and EROFS at the n-th write and sync of a node, while it works and while it starts; a full disk.

The node must end (exit 9 while it works; refuse with an exit code and a reason while it starts) and, when the disk is good again,
start and rejoin. No acknowledgement may turn out to be false: the checker holds all of them at the end.
"""

import contextlib
import re
import signal
from pathlib import Path

from harness import tracing
from harness.checker import check_cluster
from harness.cluster import Cluster
from harness.load import Load, endless_lives
from harness.machine import Failed, Mounts, need_root, until

TITLE = "EIO, ENOSPC, EROFS at the n-th write and sync; a full disk"
ERRORS = ("EIO", "ENOSPC", "EROFS")
STOPPED = 9
ABORTED = -signal.SIGABRT  # Debian builds RocksDB with its assertions: some of its errors end the process before hufu sees them
REFUSED = (7, 9)
WRITES = "write,pwrite64"
TMPFS_MB = 400


def durable_files(node):
    """What a node writes by write(2) too, which its sockets and pipes use as well: named, so that the fault is the disk's."""
    return [file for pattern in ("raft/log/*.log", "raft/log/MANIFEST-*", "raft/high-water", "ledger/*.log", "ledger/MANIFEST-*")
            for file in sorted(node.data.glob(pattern))]


class Row:
    def __init__(self, context, cluster, load):
        self.context, self.cluster, self.load = context, cluster, load
        self.counts = {"injected": 0, "stopped": 0, "refused to start": 0, "beyond": 0, "went on": 0, "full disks": 0,
                       "aborted by RocksDB": 0}

    def rejoin(self, node, what):
        node.start()
        until(lambda: (status := node.status()) and status["ready"], 60, f"{node.name} rejoins after {what}: {node.said()}")
        before = self.load.acknowledged
        until(lambda: self.load.acknowledged > before, 40, f"an append after {what}")

    def while_it_works(self, n, error):
        node = self.cluster.leader() if n % 2 else self.context.dice.choice(self.cluster.nodes)
        node = node or self.cluster.nodes[n % len(self.cluster.nodes)]
        calls = tracing.SYNCS if self.context.dice.random() < 0.5 else WRITES
        # Once only, or from then on: a disk may recover behind a node's back, which must not make it trust the disk again.
        lasting = "+" if self.context.dice.random() < 0.5 else ""
        what = f"{error} at {calls} number {n}{lasting} of {node.name}"
        tracer = tracing.Attached(node.process.pid, calls, f"error={error}:when={n}{lasting}", durable_files(node))
        try:
            until(lambda: not node.running(), 60, f"{node.name} stops after {what}")
        finally:
            tracer.close()
        self.counts["injected"] += 1
        code = node.process.returncode
        if not self.aborted(node):
            if code != STOPPED or '"fatal"' not in node.said():
                raise Failed(f"after {what}: exit {code} and not {STOPPED} with a reason: {node.said()}")
            self.counts["stopped"] += 1
        self.rejoin(node, what)
        self.context.say(what)

    def aborted(self, node):
        """It ended at once and acknowledged nothing, but by an assertion of the library: counted apart."""
        if node.process.returncode != ABORTED or "Assertion" not in node.said() or "rocksdb" not in node.said():
            return False
        self.counts["aborted by RocksDB"] += 1
        return True

    def while_it_starts(self, n, error):
        node = self.context.dice.choice(self.cluster.nodes)
        node.end(signal.SIGKILL)
        calls = self.context.dice.choice((tracing.SYNCS, "pwrite64", "openat", "rename"))
        what = f"{error} at {calls} number {n} of {node.name} as it starts"
        # It stops itself before its first call, so that the tracer is there for all of them.
        node.start(prefix=("sh", "-c", 'kill -STOP $$; exec "$@"', "sh"))
        until(lambda: is_stopped(node.process.pid), 10, "the node waits for its tracer")
        trace = self.context.folder / "trace"
        tracer = tracing.Attached(node.process.pid, calls, f"error={error}:when={n}", inside_of(node, calls), trace)
        node.process.send_signal(signal.SIGCONT)
        try:
            until(lambda: not node.running() or ((status := node.status()) and status["ready"]), 60, what)
        finally:
            tracer.close()
        self.counts["injected"] += 1
        met = [line for line in trace.read_text(errors="replace").splitlines() if "INJECTED" in line]
        self.context.say(f"{what}: {node.process.poll()} {met}")
        self.judge_start(node, what, met)

    def judge_start(self, node, what, met):
        if node.running() and not met:
            self.counts["beyond"] += 1  # it made fewer calls than n
            node.end(signal.SIGTERM)
        elif node.running() and not any(matters(line) for line in met):
            self.counts["went on"] += 1  # a file that it can do without, such as RocksDB's own diary
            node.end(signal.SIGTERM)
        elif node.running():
            # It may have become ready and met the fault in the same moment: it has some seconds to stop.
            until(lambda: not node.running(), 20, f"{what}: it goes on as if nothing had happened: {met}")
            self.judge_start(node, what, met)
        elif node.process.returncode in REFUSED and node.said():
            self.counts["refused to start"] += 1
        elif not self.aborted(node):
            raise Failed(f"after {what}: exit {node.process.returncode}: {node.said()}")
        self.rejoin(node, what)

    def full_disk(self, node):
        """Somebody else takes the rest of its small disk; it dies, is started while there is no room, then room is made."""
        ballast = node.data / "ballast"
        with contextlib.suppress(OSError), open(ballast, "wb", buffering=0) as file:
            while True:
                file.write(b"\0" * (1 << 16))
        before = self.load.acknowledged
        until(lambda: self.load.acknowledged > before + 100 or not node.running(), 60, "appends with a full disk")
        if node.running():  # RocksDB had reserved room ahead
            node.end(signal.SIGKILL)
        elif node.process.returncode != STOPPED and not self.aborted(node):
            raise Failed(f"a full disk ended {node.name} with {node.process.returncode}: {node.said()}")
        node.start()
        until(lambda: not node.running() or ((status := node.status()) and status["ready"]), 60, "a start on a full disk")
        if node.running():
            node.end(signal.SIGKILL)
        elif node.process.returncode not in REFUSED and not self.aborted(node):  # its end had given room to start, not to go on
            raise Failed(f"started on a full disk, {node.name} ends with {node.process.returncode}: {node.said()}")
        ballast.unlink()
        self.counts["injected"] += 1
        self.counts["full disks"] += 1
        self.rejoin(node, "a full disk")


def matters(line):
    """A line of strace. RocksDB does without its OPTIONS file, which nobody reads, and so without the sync of the folder behind it."""
    call, path = line.split()[1], re.search("<([^>]*)>", line)
    if path and ("/OPTIONS-" in path[1] or Path(path[1]).is_dir()):
        return False
    return call.startswith(("fsync", "fdatasync", "pwrite64"))


def is_stopped(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        return file.read().rsplit(")", 1)[1].split()[0] == "T"


def inside_of(node, calls):
    """Opening and renaming concern libraries and the terminal too; these faults are for the data's files alone."""
    if calls in ("openat", "rename"):
        return [file for file in sorted(node.data.rglob("*")) if file.is_file()]
    return []


def run(context):
    need_root()
    tracing.need_strace()
    rounds, full_disks = context.amount(short=3, full=60), context.amount(short=1, full=6)
    cluster = Cluster.found(context.build, context.folder / "c")
    with contextlib.closing(Mounts()) as mounts, context.closing(cluster):
        small = cluster.nodes[2]
        mounts.add(small.data, "-t", "tmpfs", "-o", f"size={TMPFS_MB}m", "hufu-faults")
        cluster.start()
        load = Load(cluster, endless_lives(cluster, context.build), writers=6,
                    readers=1, seed=context.seed, pause=0.01)
        with load:
            row = Row(context, cluster, load)
            until(lambda: load.acknowledged > 50, 60, "the first appends")
            for n in range(1, rounds + 1):
                for error in ERRORS if not context.short else ERRORS[n % 3:n % 3 + 1]:
                    row.while_it_works(n, error)
                row.while_it_starts(n, ERRORS[n % 3])
            for _ in range(full_disks):
                row.full_disk(small)
        verdict = check_cluster(cluster, [load])
    return {**row.counts, **context.counts(verdict)}

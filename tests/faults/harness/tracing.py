"""Faults of system calls by `strace -e inject`, on a node that runs or from its first call on."""

import signal
import time
from pathlib import Path

from .machine import Skip, call, end, need_tools, spawn, until

SYNCS = "fdatasync,fsync"


def need_strace():
    need_tools("strace")
    done = call("strace", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e", "inject=fsync:error=EIO:when=1", "true",
                check=False)
    if done.returncode != 0:
        raise Skip("strace cannot trace here: " + done.stderr.decode(errors="replace").strip())


def injection(calls, what, paths=()):
    """strace's arguments: `what` as its manual says, on these calls, on these files alone if any are named. It tells files by path."""
    words = ["strace", "-f", "-qq", "-y", "-e", f"trace={calls}", "-e", f"inject={calls}:{what}", "-e", "signal=none"]
    for path in paths:
        words += ["-P", str(path)]
    return words


class Attached:
    """strace on all threads of a running process; detached by close(), which leaves the process as it is."""

    def __init__(self, pid, calls, what, paths=(), log="/dev/null"):
        self._pid = pid
        self._process = spawn([*injection(calls, what, paths), "-o", str(log), "-p", str(pid)])
        until(self._holds_all, 10, f"strace has attached to process {pid}")

    def _holds_all(self):
        """Every thread has a tracer, or the process or strace has ended already."""
        if self._process.poll() is not None:
            return True
        try:
            tasks = list(Path(f"/proc/{self._pid}/task").iterdir())
            return all("TracerPid:\t0\n" not in (task / "status").read_text() for task in tasks)
        except OSError:
            return True

    def close(self):
        if self._process.poll() is None:
            end(self._process, signal.SIGINT)


def slow_disk(pid, milliseconds, seconds):
    """Every sync of the process takes so much longer, for a while."""
    tracer = Attached(pid, SYNCS, f"delay_enter={milliseconds * 1000}")
    try:
        time.sleep(seconds)  # the length of the fault
    finally:
        tracer.close()

"""The machine under the measurement: processes that end with it, free ports, who used the processors, how long a flush takes.

Invariants
  M1  every process started here is ended by its pid and every folder removed: on return, on an exception, on Ctrl-C; and
      processes get a signal from the kernel when this one dies otherwise
  M2  "foreign" is what all processors did for anybody but this process and its descendants, stolen time included
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

TICKS = os.sysconf("SC_CLK_TCK")


class Unavailable(Exception):
    """A peer that this machine cannot run, and why."""


class Machine:
    def __init__(self, stack: contextlib.ExitStack, parent_folder: str | None):
        self._stack = stack
        self.folder = tempfile.mkdtemp(prefix="hufu-bench-", dir=parent_folder)
        stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        os.chmod(self.folder, 0o711)  # another user's server lives below

    def start(self, command: list[str], log: str, user: str | None = None, **options) -> subprocess.Popen:
        """M1. Standard error goes to a file of this name in the folder."""
        with open(os.path.join(self.folder, log), "ab") as errors:
            options.setdefault("stdout", errors)
            process = subprocess.Popen(as_user(command, user, "--pdeathsig", "TERM"), stderr=errors,
                                       start_new_session=True, **options)
        self._stack.callback(end, process)
        return process

    def run(self, command: list[str], user: str | None = None) -> None:
        done = subprocess.run(as_user(command, user), capture_output=True, text=True, cwd=self.folder)
        if done.returncode != 0:
            raise Unavailable(f"{os.path.basename(command[0])}: {(done.stderr or done.stdout).strip()}")

    def tail(self, log: str) -> str:
        try:
            with open(os.path.join(self.folder, log), errors="replace") as lines:
                return "".join(lines.readlines()[-5:]).strip()
        except OSError:
            return ""


def as_user(command: list[str], user: str | None, *privileges: str) -> list[str]:
    who = ["--reuid", user, "--regid", user, "--init-groups"] if user else []
    return ["setpriv", *who, *privileges, *command] if who or privileges else command


def end(process: subprocess.Popen, gently: int = signal.SIGTERM) -> None:
    for how in (gently, signal.SIGKILL):
        if process.poll() is not None:
            break
        process.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)
    for stream in (process.stdin, process.stdout):
        if stream:
            with contextlib.suppress(OSError):
                stream.close()


def free_ports(count: int) -> list[int]:
    """Free a moment ago, all different."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def until(condition, what: str, seconds: float = 60):
    """Asks again and again; what the condition gives once it is true."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise Unavailable(f"{what} did not come within {seconds:.0f} s")
        time.sleep(0.05)
    return answer


def busy_seconds() -> float:
    """Of all processors since the start of the machine: user, nice, system, irq, softirq, steal."""
    with open("/proc/stat") as stat:
        fields = [int(field) for field in stat.readline().split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS  # neither idle nor waiting for a disk


def own_seconds() -> float:
    """Of this process and its descendants, those that have ended and were waited for included."""
    parents, seconds = {}, {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        with contextlib.suppress(OSError):
            with open(f"/proc/{name}/stat") as stat:
                fields = stat.read().rpartition(")")[2].split()
            parents[int(name)] = int(fields[1])
            seconds[int(name)] = sum(int(field) for field in fields[11:15]) / TICKS
    own = {os.getpid()}
    for pid in parents:
        line = []
        at = pid
        while at in parents and at not in own:
            line.append(at)
            at = parents[at]
        if at in own:
            own.update(line)
    return sum(seconds[pid] for pid in own)


class Watch:
    """Over a time: the share of all processors that others used (M2), and how many processors' worth ours did."""

    def __init__(self):
        self._begin = (time.monotonic(), busy_seconds(), own_seconds())

    def read(self) -> dict:
        now = (time.monotonic(), busy_seconds(), own_seconds())
        passed, busy, own = (end - begin for end, begin in zip(now, self._begin))
        capacity = max(passed, 0.001) * (os.cpu_count() or 1)
        return {"foreign": max(0.0, busy - own) / capacity, "own": own / capacity}


def come_to_rest(seconds: float = 10) -> bool:
    """Waits until what was asked of the servers before is done: ours use less than a twentieth of the processors."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        watch = Watch()
        time.sleep(0.3)
        if watch.read()["own"] < 0.05:
            return True
    return False


def flush_us(folder: str, times: int = 60) -> float:
    """The median of 4 KiB appended and made durable, in microseconds."""
    taken = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        block = os.urandom(4096)
        for _ in range(times):
            begin = time.perf_counter()
            file.write(block)
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - begin) * 1e6)
    return sorted(taken)[times // 2]

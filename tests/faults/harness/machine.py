"""What this machine can do, and everything that is made on it and must be taken away again.

Invariants
  M1  every namespace, mount and folder made here has a name with MARK in it, so that `clean` finds what a killed run left
  M2  a process started here dies with the harness (PR_SET_PDEATHSIG), whatever way the harness ends
  M3  what a machine cannot do raises Skip with the reason; it is reported, never passed over
"""

import contextlib
import ctypes
import os
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

MARK = "hufu-faults-"
NAMESPACE_MARK = "hufuf-"
# All deadlines are so many times longer: for a machine that has much else to do (run.py --patience).
patience = 1.0
_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_CLONE_NEWNET = 0x40000000


class Skip(Exception):
    """This machine cannot do it; the text says why."""


class Failed(Exception):
    """A promise of the ledger did not hold."""


def need_root():
    if os.geteuid() != 0:
        raise Skip("needs root")


def need_tools(*names):
    missing = [name for name in names if shutil.which(name) is None]
    if missing:
        raise Skip("not installed: " + ", ".join(missing))


def call(*command, check=True, timeout=120, **more):
    """Runs a command to its end and returns it; a failure tells what the command said."""
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, timeout=timeout * patience, **more)
    except subprocess.TimeoutExpired as late:
        raise Failed(f"{' '.join(map(str, command))}: not within {late.timeout:g} s") from late
    if check and done.returncode != 0:
        said = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise RuntimeError(f"{' '.join(map(str, command))}: exit {done.returncode}: {said}")
    return done


def possible(*command, why):
    """Skips unless the command succeeds: a probe for what a kernel may lack."""
    try:
        call(*command)
    except (RuntimeError, OSError) as error:
        raise Skip(f"{why}: {error}") from error


def until(condition, seconds, what):
    """Asks again and again until it is true; its value. Nothing here waits for a time to pass instead of for a fact."""
    end = time.monotonic() + seconds * patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failed(f"not within {seconds:g} s: {what}")
        time.sleep(0.02)


def _set_namespace(handle):
    if _libc.setns(handle.fileno(), _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def enter_namespace(name):
    """The calling thread alone goes over to a network namespace: its sockets are made there from now on."""
    with open(f"/run/netns/{name}", "rb") as handle:
        _set_namespace(handle)


@contextlib.contextmanager
def inside(namespace):
    """This thread's sockets, and processes that it starts, are in that network namespace for a while."""
    with open(f"/proc/self/task/{threading.get_native_id()}/ns/net", "rb") as home:
        enter_namespace(namespace)
        try:
            yield
        finally:
            _set_namespace(home)


def spawn(command, namespace=None, env=None, stdout=None, stderr=None):
    """Starts a process that dies with the harness, in a network namespace if one is named."""

    def prepare():
        if namespace:
            enter_namespace(namespace)
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    return subprocess.Popen(
        [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=stdout or subprocess.DEVNULL,
        stderr=stderr or subprocess.DEVNULL, env={**os.environ, **(env or {})}, preexec_fn=prepare)


def end(process, how=signal.SIGKILL, seconds=30):
    """Ends a process of ours and reaps it; its exit code."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        return process.wait(seconds * patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise Failed(f"a process did not end within {seconds} s of signal {how}") from None


@contextlib.contextmanager
def held_still(process):
    """No thread of the process runs meanwhile; nothing if it has ended."""

    def still():
        with contextlib.suppress(OSError):  # a thread that has just ended
            tasks = list(Path(f"/proc/{process.pid}/task").iterdir())
            states = [(task / "stat").read_text().rsplit(")", 1)[1].split()[0] for task in tasks]
            return all(state in "TtZX" for state in states)
        return process.poll() is not None

    process.send_signal(signal.SIGSTOP)
    try:
        until(still, 10, f"process {process.pid} stands still")
        yield
    finally:
        process.send_signal(signal.SIGCONT)


class Mounts:
    """Mounts that are taken away in the reverse order."""

    def __init__(self):
        self._made = []

    def add(self, target, *arguments):
        target = Path(target)
        target.mkdir(parents=True, exist_ok=True)
        call("mount", *arguments, target)
        self._made.append(target)
        return target

    def drop(self, target):
        self._made.remove(Path(target))
        release(target)

    def close(self):
        while self._made:
            release(self._made.pop())


def release(target):
    """Unmounts, waiting for a process that has just ended to let go; at last lazily, so that nothing stays behind."""
    for _ in range(100):
        if call("umount", target, check=False).returncode == 0:
            return
        time.sleep(0.05)
    call("umount", "-l", target, check=False)


@contextlib.contextmanager
def scratch(keep=False):
    """A folder for one row, removed at its end unless it is to be kept for a look at what went wrong."""
    folder = Path(tempfile.mkdtemp(prefix=MARK))
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def namespace_name(what):
    return f"{NAMESPACE_MARK}{os.getpid():x}-{what}"


def clean():
    """Takes away what a killed run has left; tells what it found."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_bytes().split(b"\0")
                if any(f"/{MARK}".encode() in word for word in words):
                    os.kill(int(entry.name), signal.SIGKILL)
                    found.append(f"process {entry.name}")
    for line in reversed(Path("/proc/mounts").read_text().splitlines()):
        target = line.split()[1]
        if f"/{MARK}" in target:
            call("fsfreeze", "-u", target, check=False)
            release(target)
            found.append(f"mount {target}")
    if shutil.which("ip"):
        for line in call("ip", "netns", "list", check=False).stdout.decode().splitlines():
            name = line.split()[0]
            if name.startswith(NAMESPACE_MARK):
                call("ip", "netns", "del", name, check=False)
                found.append(f"namespace {name}")
    for folder in Path(tempfile.gettempdir()).glob(MARK + "*"):
        shutil.rmtree(folder, ignore_errors=True)
        found.append(f"folder {folder}")
    return found


def dice(seed, row):
    """The order of a row's faults comes from here alone: the same seed, the same faults."""
    return random.Random(f"{seed}/{row}")

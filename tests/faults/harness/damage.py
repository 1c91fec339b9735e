"""Damage to files, kept so that it can be undone byte by byte: a flipped bit, a truncated or zeroed file, a file that is gone."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

WAYS = ("flip", "truncate", "zero", "delete")
PLACES = ("head", "middle", "tail")
ZEROES = 512

# Every kind of file in a node's folder: (name, pattern, written by whom and for what).
KINDS = (
    ("raft log", "data/raft/*/log/[0-9]*.log"),
    ("raft table", "data/raft/*/log/*.sst"),
    ("raft manifest", "data/raft/*/log/MANIFEST-*"),
    ("raft current", "data/raft/*/log/CURRENT"),
    ("high-water", "data/raft/*/high-water"),
    ("ledger log", "data/ledger/[0-9]*.log"),
    ("ledger table", "data/ledger/*.sst"),
    ("ledger manifest", "data/ledger/MANIFEST-*"),
    ("ledger current", "data/ledger/CURRENT"),
    ("access log", "data/access.log"),
    ("access log's mark", "data/access.log.mark"),
    ("key", "node.key"),
    ("passphrase", "node.passphrase"),
    ("genesis", "ledger.genesis"),
    ("settings", "node.toml"),
    ("raft options", "data/raft/*/log/OPTIONS-*"),
    ("ledger options", "data/ledger/OPTIONS-*"),
    ("raft identity", "data/raft/*/log/IDENTITY"),
    ("ledger identity", "data/ledger/IDENTITY"),
    ("raft info log", "data/raft/*/log/LOG"),
    ("ledger info log", "data/ledger/LOG"),
    ("lock", "data/lock"),
)
# What stands in these is read by nobody, or made again: damage to them must change nothing that is served.
IDLE = {"raft options", "ledger options", "raft identity", "ledger identity", "raft info log", "ledger info log", "lock"}


def files_of(folder, pattern):
    return [file for file in sorted(Path(folder).glob(pattern)) if file.is_file()]


@dataclass
class Damage:
    """What was done to one file, and the bytes that stood there before."""

    file: Path
    way: str
    place: str
    # (offset, bytes), never of the reserved room behind the end: a node that works writes there meanwhile.
    undo: list = field(default_factory=list)
    kept: Path = None  # the file itself, when it was deleted
    changed: bool = True

    @property
    def text(self):
        return f"{self.way} {self.place} of {self.file.name}"


def length_of(file):
    """Up to the last byte that is not zero: RocksDB reserves room behind the end of a log."""
    return len(file.read_bytes().rstrip(b"\0"))


def harm(file, way, place, dice, keep_in):
    """A process that writes to the file stands still meanwhile (machine.held_still): else what it writes is lost to `repair`."""
    done = Damage(file, way, place)
    length = length_of(file)
    at = {"head": 0, "middle": length // 2, "tail": max(0, length - 1)}[place]
    # Not always the very same byte: anywhere in the first, the middle or the last bytes.
    at = min(max(0, length - 1), max(0, at + dice.randrange(-8, 9)))
    if way == "delete":
        done.kept = Path(keep_in) / f"kept-{file.name}-{dice.randrange(1 << 30):x}"
        os.link(file, done.kept)
        file.unlink()
        return done
    if length == 0:
        done.changed = False
        return done
    data = file.read_bytes()
    with open(file, "r+b") as out:
        if way == "flip":
            done.undo.append((at, data[at:at + 1]))
            out.seek(at)
            out.write(bytes([data[at] ^ (1 << dice.randrange(8))]))
        elif way == "zero":
            done.undo.append((at, data[at:min(at + ZEROES, length)]))
            out.seek(at)
            out.write(b"\0" * len(data[at:at + ZEROES]))
            done.changed = any(data[at:at + ZEROES])
        else:
            done.undo.append((at, data[at:length]))
            out.truncate(at)
    return done


def repair(done):
    """The disk as it was before the damage: the very bytes that stood there, and no others that came since."""
    if done.kept is not None:
        if not done.file.exists():
            os.link(done.kept, done.file)
        done.kept.unlink()
        return
    if not done.file.exists():  # a table that was merged away since, or a log that was written out
        return
    with open(done.file, "r+b") as out:
        for at, before in done.undo:
            out.seek(at)
            out.write(before)


def copy_folder(source, target):
    """A node's folder, owner and mode included: keys must stay private."""
    if Path(target).exists():
        shutil.rmtree(target)
    shutil.copytree(source, target, symlinks=True)

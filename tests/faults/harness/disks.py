"""Nodes' data on disks of their own: ext4 images whose copy, taken while they are written, is a power cut.

    outer image (ext4, loop) ── holds ──► inner-1.img … inner-3.img (ext4, loop) ──► mounted as each node's data

Freezing the outer file system stops the inner devices at one instant; the inner file systems and the nodes know nothing of
it. What the copies hold is what had reached the disk then: data that a node had not synced is missing, as after a power cut,
and all three nodes lose it at the same moment.
"""

import shutil

from .machine import call, need_root, need_tools, possible


class Disks:
    def __init__(self, folder, mounts, count, inner_mb=256):
        need_root()
        need_tools("mkfs.ext4", "losetup", "fsfreeze")
        self.folder, self.mounts, self.count = folder, mounts, count
        image = folder / "outer.img"
        self._make(image, count * inner_mb + 128)
        self.outer = folder / "outer"
        self.outer.mkdir()
        possible("mount", "-o", "loop", image, self.outer, why="no loop devices")
        call("umount", self.outer)
        mounts.add(self.outer, "-o", "loop", image)
        for number in range(1, count + 1):
            self._make(self.outer / self._name(number), inner_mb)

    @staticmethod
    def _name(number):
        return f"inner-{number}.img"

    @staticmethod
    def _make(image, megabytes):
        with open(image, "wb") as file:
            file.truncate(megabytes << 20)
        call("mkfs.ext4", "-q", "-F", image)

    def mount(self, number, target):
        return self.mounts.add(target, "-o", "loop", self.outer / self._name(number))

    def cut(self, target):
        """Copies all inner disks as they are at one instant."""
        target.mkdir()
        call("fsfreeze", "-f", self.outer)
        try:
            for number in range(1, self.count + 1):
                call("cp", "--sparse=auto", self.outer / self._name(number), target / self._name(number))
        finally:
            call("fsfreeze", "-u", self.outer)
        return Cut(target, self.count)


class Cut:
    """The disks after a power cut."""

    def __init__(self, folder, count):
        self.folder, self.count = folder, count

    def mount(self, number, mounts, target):
        """The journal is replayed by the mount, as after a real one."""
        return mounts.add(target, "-o", "loop", self.folder / Disks._name(number))

    def drop(self):
        shutil.rmtree(self.folder)

"""Nodes in network namespaces of their own, joined by a bridge in one more: every fault of a network, and none outside.

    node-1 ─ veth ─┐
    node-2 ─ veth ─┼─ bridge (namespace "net"; the harness's clients are here too)
    node-3 ─ veth ─┘
"""

import contextlib

from .machine import call, namespace_name, need_root, need_tools, possible

PEER_PORT, API_PORT = 7001, 8001


class Network:
    def __init__(self, size):
        need_root()
        need_tools("ip", "iptables", "tc")
        self.size, self.switch = size, namespace_name("net")
        self.spaces = [namespace_name(f"n{number}") for number in range(1, size + 1)]
        self._made = []

    @staticmethod
    def host(number):
        return f"10.77.0.{number}"

    def addresses(self):
        return [(self.host(number), PEER_PORT, API_PORT) for number in range(1, self.size + 1)]

    def __enter__(self):
        try:
            self._build()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for space in self._made:
            with contextlib.suppress(RuntimeError):
                call("ip", "netns", "del", space)
        self._made = []

    def _add(self, space):
        possible("ip", "netns", "add", space, why="no network namespaces")
        self._made.append(space)
        self.inside(space, "ip", "link", "set", "lo", "up")

    def _build(self):
        self._add(self.switch)
        possible("ip", "-n", self.switch, "link", "add", "br0", "type", "bridge", why="no bridge")
        self.inside(self.switch, "ip", "addr", "add", "10.77.0.254/24", "dev", "br0")
        self.inside(self.switch, "ip", "link", "set", "br0", "up")
        for number, space in enumerate(self.spaces, 1):
            self._add(space)
            possible("ip", "-n", self.switch, "link", "add", f"port{number}", "type", "veth",
                     "peer", "name", "eth0", "netns", space, why="no veth")
            self.inside(self.switch, "ip", "link", "set", f"port{number}", "master", "br0", "up")
            self.inside(space, "ip", "addr", "add", f"{self.host(number)}/24", "dev", "eth0")
            self.inside(space, "ip", "link", "set", "eth0", "up")
        possible("ip", "netns", "exec", self.spaces[0], "iptables", "-w", "-L", "-n", why="no iptables")

    @staticmethod
    def inside(space, *command):
        return call("ip", "netns", "exec", space, *command)

    # ---- faults ----

    def _rule(self, number, *rule):
        self.inside(self.spaces[number - 1], "iptables", "-w", "-A", *rule)

    def deaf(self, number, others):
        """Node `number` hears nothing of the others; they still hear it."""
        for other in others:
            self._rule(number, "INPUT", "-s", self.host(other), "-j", "DROP")

    def apart(self, group, others):
        for number in group:
            self.deaf(number, others)
        for number in others:
            self.deaf(number, group)

    def lossy(self, number, share):
        self._rule(number, "INPUT", "-m", "statistic", "--mode", "random", "--probability", f"{share:.3f}",
                   "-j", "DROP")

    def slow(self, number, rate):
        self.inside(self.spaces[number - 1], "tc", "qdisc", "replace", "dev", "eth0", "root", "tbf",
                    "rate", rate, "burst", "16kb", "latency", "300ms")

    def heal(self):
        for space in self.spaces:
            self.inside(space, "iptables", "-w", "-F")
            call("ip", "netns", "exec", space, "tc", "qdisc", "del", "dev", "eth0", "root", check=False)

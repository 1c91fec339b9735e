"""Clients that append all the time and remember what they were told, and readers that hold the nodes to it.

Every submission is sent again, the same bytes, until something is certain. What is remembered of each is what the checker
(checker.py) needs: when it was first sent, when and where it was acknowledged, or with what code it was refused.
"""

import itertools
import random
import struct
import threading
import time
from dataclasses import dataclass

from .http import PASSING, Client, Unreachable
from .machine import enter_namespace

WRITTEN_AT_ONCE = 1000  # half a second
RIVALS = (3, 4)  # steps of a life of which the ledger may take one only


@dataclass
class Append:
    id: str
    subject: int
    step: int
    body: bytes
    sent: float = 0.0
    acknowledged: float = 0.0
    place: tuple = None
    refused: str = None
    sends: int = 0


def read_lives(path):
    """The file of fault_submissions: for every license the list of its submissions, in the order of steps."""
    data, at, lives = path.read_bytes(), 0, {}
    while at < len(data):
        subject, step = struct.unpack_from("<II", data, at)
        (length,) = struct.unpack_from("<I", data, at + 40)
        one = Append(data[at + 8:at + 40].hex(), subject, step, data[at + 44:at + 44 + length])
        lives.setdefault(subject, []).append(one)
        at += 44 + length
    return list(lives.values())


def endless_lives(cluster, build, first=1):
    """Lives one after the other, written as they are wanted: no load runs dry, however fast the machine is."""
    for subject in itertools.count(first, WRITTEN_AT_ONCE):
        yield from read_lives(cluster.write_submissions(build, subject, WRITTEN_AT_ONCE))


class Load:
    """Starts with `with`, or start() and stop(). Lives that are begun are not always ended: that is what an end is."""

    def __init__(self, cluster, lives, writers=8, readers=2, seed=0, namespace=None, pause=0.0, timeout=3.0):
        self.addresses = [(node.host, node.api_port) for node in cluster.nodes]
        if len(self.addresses) == 1:
            self.addresses *= 2  # rivals are sent at the same time, over two connections
        self.lives, self.seed, self.namespace = iter(lives), seed, namespace
        self.pause, self.timeout = pause, timeout
        self.appends, self.complaints = [], []
        self.reads = 0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._newest = None  # the append acknowledged last, and the highest place acknowledged
        self._acknowledged = 0
        self._highest = 0
        self._threads = [threading.Thread(target=self._run, args=(self._write, i), daemon=True) for i in range(writers)]
        self._threads += [threading.Thread(target=self._run, args=(self._read, writers + i), daemon=True)
                          for i in range(readers)]

    @property
    def acknowledged(self):
        return self._acknowledged

    def start(self):
        for thread in self._threads:
            thread.start()
        return self

    def stop(self):
        self._over.set()
        for thread in self._threads:
            thread.join()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def _run(self, work, number):
        if self.namespace:
            enter_namespace(self.namespace)
        clients = [Client(host, port, self.timeout) for host, port in self.addresses]
        try:
            work(clients, random.Random(f"{self.seed}/{number}"))
        except Exception as error:  # a thread that dies in silence would make the test weaker
            self.complaints.append(f"the harness's own client failed: {error!r}")
            raise
        finally:
            for client in clients:
                client.close()

    # ---- writing ----

    def _write(self, clients, dice):
        while not self._over.is_set():
            with self._lock:
                life = next(self.lives, None)
            if life is None:
                return
            for one in life:
                if one.step in RIVALS:
                    break
                if not self._settle([one], clients, dice):
                    return
            self._settle(dice.sample([each for each in life if each.step in RIVALS], 2), clients, dice)

    def _settle(self, rivals, clients, dice):
        """Sends them at the same time, to different nodes, until all are certain. False: the load was ended before."""
        with self._lock:
            self.appends += rivals
        open_ones = list(rivals)
        while open_ones and not self._over.is_set():
            chosen = dice.sample(clients, len(open_ones))
            waiting = [(one, client) for one, client in zip(open_ones, chosen) if self._send(one, client)]
            for one, client in waiting:
                self._receive(one, client)
            open_ones = [one for one in open_ones if one.place is None and one.refused is None]
            if open_ones or self.pause:
                self._over.wait(max(self.pause, 0.02 if open_ones else 0))
        return not open_ones

    @staticmethod
    def _send(one, client):
        one.sent = one.sent or time.monotonic()
        one.sends += 1
        try:
            client.start_submission(one.body)
            return True
        except Unreachable:
            return False

    def _receive(self, one, client):
        try:
            place, code = client.finish_submission()
        except (Unreachable, ValueError, KeyError):
            client.close()
            return
        if place is not None:
            with self._lock:
                one.acknowledged, one.place = time.monotonic(), place
                self._newest, self._acknowledged = one, self._acknowledged + 1
                self._highest = max(self._highest, place[0])
        elif code not in PASSING:
            one.refused = code

    # ---- reading ----

    def _read(self, clients, dice):
        while not self._over.wait(0.01):
            with self._lock:
                newest, least = self._newest, self._highest
            if newest is None:
                continue
            client = dice.choice(clients)
            try:
                if dice.random() < 0.5:
                    self._hold_receipt(newest, *client.get(f"/v1/receipts/{newest.id}?read=settled"))
                else:
                    self._hold_head(least, *client.get("/v1/head?read=settled"))
            except (Unreachable, ValueError):
                client.close()

    def _hold_receipt(self, newest, status, answer):
        if status == 200:
            place = (answer["receipt"]["place"]["height"], answer["receipt"]["place"]["submission"])
            self.reads += 1
            if place != newest.place:
                self.complaints.append(f"{newest.id} was acknowledged at {newest.place} and read at {place}")
        elif status == 404:
            self.complaints.append(f"{newest.id} was acknowledged at {newest.place}, then read as absent: {answer}")

    def _hold_head(self, least, status, answer):
        if status == 200 and answer.get("confirmed"):
            self.reads += 1
            if answer["height"] < least:
                self.complaints.append(f"block {least} was acknowledged, then the head was read as {answer['height']}")

"""Holds a ledger to what its clients were told. Cheap linearizability: every append returns its position.

  C1  each acknowledged submission stands exactly once, at its place
  C2  a refused one stands nowhere, and only a rival is ever refused; one of unknown outcome stands at most once
  C3  if A was acknowledged before B was first sent, A stands before B
  C4  the operations of one subject stand in the order of their steps, without a gap, and of two rivals at most one
  C5  block times strictly rise
  C6  all nodes' disks hold the same chain, and `hufu audit ledger` finds each of them clean
What readers saw is held by load.py while it happens.
"""

from .load import RIVALS
from .machine import Failed

_SHOWN = 5


class Verdict:
    """Counts of one check; `lost` are acknowledged submissions that are not at their place."""

    def __init__(self):
        self.appended = self.acknowledged = self.unknown = self.refused = self.lost = 0
        self.faults = []

    def fault(self, text):
        self.faults.append(text)

    def hold(self):
        if self.faults:
            raise Failed(f"{len(self.faults)} violations: " + "; ".join(self.faults[:_SHOWN]))
        return self


def read_chain(node):
    """Ids and times of all blocks of a running node: [(time, [id, …]), …]."""
    client, chain = node.client(30), []
    try:
        _, head = client.get("/v1/head?read=local")
        for height in range(head["height"] + 1):
            status, block = client.get(f"/v1/blocks/{height}")
            if status != 200:
                raise Failed(f"{node.name} does not serve block {height}: {block}")
            chain.append((block["header"]["time"], [one["id"] for one in block["submissions"]]))
        return chain
    finally:
        client.close()


def check_appends(appends, chain, verdict=None):
    verdict = verdict or Verdict()
    stands = {}
    for height, (_, ids) in enumerate(chain):
        for index, one in enumerate(ids):
            stands.setdefault(one, []).append((height, index))
    _check_places(appends, stands, verdict)
    _check_order(appends, verdict)
    _check_lives(appends, stands, verdict)
    times = [time for time, _ in chain]
    for height, (before, after) in enumerate(zip(times, times[1:])):
        if not before < after:  # RFC 3339 of one width: text order is time order
            verdict.fault(f"C5: block {height + 1} has time {after}, the one before it {before}")
    return verdict


def _check_places(appends, stands, verdict):
    for one in appends:
        places = stands.get(one.id, [])
        verdict.appended += 1
        if one.place is not None:
            verdict.acknowledged += 1
            if places != [one.place]:
                verdict.lost += 1
                verdict.fault(f"C1: {one.id} was acknowledged at {one.place}, stands at {places}")
        elif one.refused is not None:
            verdict.refused += 1
            if places or one.step not in RIVALS:
                verdict.fault(f"C2: {one.id}, step {one.step}, was refused with {one.refused}, stands at {places}")
        else:
            verdict.unknown += 1
            if len(places) > 1:
                verdict.fault(f"C2: {one.id} stands at {places}")


def _check_order(appends, verdict):
    done = sorted((one for one in appends if one.place is not None), key=lambda one: one.acknowledged)
    begun = sorted(done, key=lambda one: one.sent)
    highest, next_done = None, 0
    for one in begun:
        while next_done < len(done) and done[next_done].acknowledged < one.sent:
            if highest is None or done[next_done].place > highest.place:
                highest = done[next_done]
            next_done += 1
        if highest is not None and highest.place >= one.place:
            verdict.fault(f"C3: {highest.id} at {highest.place} was acknowledged before {one.id} at {one.place} was sent")


def _check_lives(appends, stands, verdict):
    lives = {}
    for one in appends:
        if one.id in stands:
            lives.setdefault(one.subject, []).append((one.step, stands[one.id][0]))
    for subject, steps in lives.items():
        steps.sort(key=lambda each: each[1])
        taken = [step for step, _ in steps]
        straight = [step for step in taken if step not in RIVALS]
        if straight != list(range(len(straight))) or len(taken) - len(straight) > 1:
            verdict.fault(f"C4: the operations of license {subject} stand as steps {taken}")
        if len(taken) > len(straight) and (len(straight) != RIVALS[0] or taken[-1] not in RIVALS):
            verdict.fault(f"C4: the rivals of license {subject} stand as steps {taken}")


def check_cluster(cluster, loads):
    """The whole check at the end of a row: waits for one head, reads the chain, stops the nodes, audits their disks."""
    height, head = cluster.until_one_head()
    chain = read_chain(cluster.nodes[0])
    verdict = check_appends([one for load in loads for one in load.appends], chain)
    for load in loads:
        verdict.faults += load.complaints
    cluster.stop()
    for node in cluster.nodes:
        answer, code = cluster.audit(node)
        if code != 0 or not answer.get("clean"):
            verdict.fault(f"C6: the audit of {node.name} is not clean: {answer}")
        elif (answer["height"], answer["headHash"]) != (height, head):
            verdict.fault(f"C6: {node.name} holds {answer['height']} {answer['headHash']}, not {height} {head}")
    return verdict.hold()

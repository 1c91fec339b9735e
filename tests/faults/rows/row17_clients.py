"""Row 17, third part: clients ask the liar. Each command refuses with its code, and with an honest node it succeeds."""

import json
import shutil
from dataclasses import dataclass
from typing import Callable

from harness.cluster import license_id
from harness.false_node import Answer, FalseApi, forged, identity
from harness.machine import Failed, call
from rows.row17_talk import hold_evidence

REFUSED, UNDETERMINED, LOCAL, ALARM = 1, 4, 7, 9
LARGEST_ANSWER = 64 << 20  # a proof file
NEW_LICENSE = 900_000


@dataclass
class Case:
    name: str
    path: str  # that the lie is about
    lie: Callable
    words: tuple
    exit: int
    said: str  # in what the command says: its code, or the check that failed


class Row:
    def __init__(self, context, cluster, false, counts):
        self.context, self.cluster, self.false, self.counts = context, cluster, false, counts
        self.liar, self.honest = cluster.nodes[0], cluster.nodes[1]
        self.serial = NEW_LICENSE
        self.subject, self.other = self.issued(), self.issued()
        self.trust = context.folder / "trust"

    # ---- commands ----

    def hufu(self, node, *words):
        return call(self.cluster.hufu, "--json", "--genesis", self.cluster.folder / "ledger.genesis", "--node",
                    f"https://{node.host}:{node.api_port}", *words, check=False)

    def new_license(self):
        self.serial += 1
        return license_id(f"{self.serial:012}")

    def issue(self, license):
        return ("issue", "license", f"certIdentifier={license}", "holderName=x", "issueDate=2024-01-02", "--public",
                "--document", self.context.folder / f"{license}.json", "--key", self.cluster.folder / "agency.key",
                "--passphrase-file", self.cluster.folder / "phrase")

    def issued(self):
        """One in force: what an honest node says of it is accepted."""
        license = self.new_license()
        self.expect_truth(*self.issue(license))
        return license

    def words(self, words):
        """A copy of the trust file for each that may write to it."""
        made = []
        for word in words:
            if word == "TRUST":
                word = self.context.folder / "trust-at-hand"
                shutil.copyfile(self.trust, word)
            made.append(word)
        return made

    def case(self, one):
        words = self.words(one.words)
        with self.false.telling(one.path, one.lie):
            done = self.hufu(self.liar, *words)
            told = self.false.told
        said = (done.stdout + done.stderr).decode(errors="replace")
        if not told:
            raise Failed(f"{one.name}: nobody asked for {one.path}: exit {done.returncode}: {said}")
        if done.returncode != one.exit or one.said not in said:
            raise Failed(f"{one.name}: exit {done.returncode} and not {one.exit} with {one.said}: {said}")
        if words[:2] == ["trust", "update"] and words[2].read_bytes() != self.trust.read_bytes():
            raise Failed(f"{one.name}: the trust file has learned from a lie")
        self.counts["clients"] += 1
        self.context.say(f"{one.name}: {one.said}, exit {one.exit}")

    def expect_truth(self, *words):
        done = self.hufu(self.honest, *self.words(words))
        if done.returncode != 0:
            said = (done.stdout + done.stderr).decode(errors="replace")
            raise Failed(f"{words}: an honest node, and yet exit {done.returncode}: {said}")

    # ---- lies ----

    def lie(self, kind, *accomplices):
        def tell(ask, target):
            true = ask(target)
            if true.status != 200:  # not certified yet, for example: the client asks again
                return true
            true.body = forged(self.context.build, kind, true.body, self.liar, *accomplices)
            return true
        return tell

    def cases(self):
        get = ("proof", "get", self.subject, "--out", self.context.folder / "proof.hufu")
        verify = ("verify", self.subject)
        audit = ("audit", "ledger")
        update = ("trust", "update", "TRUST")
        proofs, traces, posts = "/v1/proofs/", "/v1/traces", "/v1/submissions"
        block = "/v1/blocks/5"  # a block for each submission: all but the first have one
        roster = ("proof", "get", "roster:", "--out", self.context.folder / "roster.hufu")

        def issue():
            return self.issue(self.new_license())

        bad = "PROOF_INVALID"
        forged_name = "SIGNATURE_INVALID"
        false = "does not hold"
        yield Case("another root", proofs, self.lie("proof.root"), get, REFUSED, bad)
        yield Case("another root, asked by a counter", proofs, self.lie("proof.root"), verify, REFUSED, bad)
        yield Case("another root, to a trust file", proofs, self.lie("proof.root"), update, REFUSED, bad)
        yield Case("another state root", proofs, self.lie("proof.state"), verify, REFUSED, bad)
        yield Case("a spoilt cosignature", proofs, self.lie("proof.cosignature"), verify, REFUSED, forged_name)
        yield Case("the liar alone signs", proofs, self.lie("proof.one_signs"), roster, REFUSED, "checkpoint quorum")
        yield Case("a fork that the liar alone signs", proofs, self.lie("proof.fork"), roster, REFUSED, "checkpoint quorum")
        yield Case("a fork that the liar alone signs, to a trust file", proofs, self.lie("proof.fork"), update, REFUSED, bad)
        yield Case("a cosignature in another's name", proofs, self.lie("proof.name"), verify, REFUSED, forged_name)
        yield Case("cosignatures of another ledger", proofs, self.lie("proof.ledger", self.honest), verify, REFUSED, forged_name)
        yield Case("a handover that no quorum signed", proofs, self.lie("proof.handover"), update, REFUSED, "handover")
        yield Case("an agency's signature spoilt", proofs, self.lie("proof.signature"), verify, REFUSED, forged_name)
        yield Case("an operation hidden", proofs, self.lie("proof.hidden"), verify, REFUSED, bad)
        yield Case("what was issued never was", proofs, self.lie("proof.never"), verify, REFUSED, bad)
        yield Case("the proof of another subject", proofs, self.other_subject, verify, REFUSED, bad)
        yield Case("half a proof", proofs, half, get, LOCAL, "NOT_CANONICAL")
        yield Case("a proof and a byte", proofs, longer, get, LOCAL, "NOT_CANONICAL")
        yield Case("an answer larger than allowed", proofs, endless, get, UNDETERMINED, "over its limit")
        yield Case("an old proof again", proofs, self.old_proof, (*verify, "--max-age", "1s"), UNDETERMINED, "LEDGER_STALE")
        yield Case("a fork of a quorum, to a trust file", proofs, self.lie("proof.fork", self.honest), update, ALARM,
                   "FORK_DETECTED")
        yield Case("a receipt with a spoilt signature", posts, self.lie("receipt.signature"), issue(), ALARM, false)
        yield Case("a receipt under the liar's key", posts, self.lie("receipt.key"), issue(), ALARM, false)
        yield Case("a receipt of another place", posts, self.lie("receipt.place"), issue(), ALARM, false)
        yield Case("a receipt of another root", posts, self.lie("receipt.root"), issue(), ALARM, false)
        yield Case("a receipt certified by the liar alone", posts, self.lie("receipt.one_signs"), issue(), ALARM, false)
        yield Case("a block with another operation", block, self.lie("block.operation"), audit, ALARM, '"height": 5')
        yield Case("a block with another signature", block, self.lie("block.signature"), audit, ALARM, '"height": 5')
        yield Case("a block with another time", block, self.lie("block.time"), audit, ALARM, '"fault": {')
        yield Case("a block with a submission less", block, self.lie("block.hidden"), audit, ALARM, '"fault": {')
        yield Case("another block in its place", block, self.next_block, audit, ALARM, '"height": 5')
        yield Case("another head", "/v1/head", self.lie("head.root"), audit, ALARM, "ROOT_MISMATCH")
        yield Case("a checkpoint of a fork that a quorum signed", "/checkpoint", self.lie("note.fork", self.honest), audit,
                   ALARM, "FORK_DETECTED")
        yield Case("a trace that another key signed", traces, self.lie("trace.key"),
                   (*verify, "--trace", "the harness asks"), ALARM, "SIGNATURE_INVALID")

    def other_subject(self, ask, target):
        return ask(target.replace(self.subject, self.other))

    @staticmethod
    def next_block(ask, target):
        path, height = target.rsplit("/", 1)
        return ask(f"{path}/{int(height) + 1}")

    def old_proof(self, _ask, _target):
        return self.old[self.subject]

    def old_checkpoint(self):
        """It is true, and older than what the trust file has pinned: remembered, to be linked, and nothing goes back."""
        before = self.pinned(self.trust)
        with self.false.telling("/v1/proofs/", lambda _ask, _target: self.old["roster"]):
            words = self.words(("trust", "update", "TRUST"))
            self.hufu(self.liar, *words)
            if not self.false.told or self.pinned(words[2]) != before:
                raise Failed(f"an old checkpoint: {before} was pinned, now {self.pinned(words[2])}")
        done = self.hufu(self.honest, *words)  # the same file again: what was remembered is linked
        if done.returncode != 0 or self.pinned(words[2])["logSize"] < before["logSize"]:
            raise Failed(f"after an old checkpoint an honest node's is not taken: {done.stdout.decode()}")
        self.counts["clients"] += 1

    def pinned(self, file):
        return json.loads(self.hufu(self.honest, "trust", "show", file).stdout)["ledgers"][0]["pinned"]

    def record_old(self):
        """What an honest node proved some time ago."""
        self.old = {}

        def keep(name):
            def tell(ask, target):
                self.old[name] = ask(target)
                return self.old[name]
            return tell

        with self.false.telling("/v1/proofs/", keep(self.subject)):
            self.hufu(self.liar, "verify", self.subject)
        with self.false.telling("/v1/proofs/", keep("roster")):
            self.hufu(self.liar, "proof", "get", "roster:", "--out", self.context.folder / "roster.hufu")


def half(ask, target):
    true = ask(target)
    true.body = true.body[:len(true.body) // 2]
    return true


def longer(ask, target):
    true = ask(target)
    true.body += b"\0"
    return true


def endless(ask, target):
    true = ask(target)
    return Answer(true.status, true.kind, true.body, LARGEST_ANSWER + (1 << 20))


def impostor(row):
    """Somebody else's key at the node's address: no word is exchanged; the next node is asked."""
    row.false.close()
    stranger = FalseApi(row.liar, row.honest, identity(row.context.build, row.cluster.nodes[2]))
    try:
        done = row.hufu(row.liar, "verify", row.subject)
        if done.returncode != UNDETERMINED or stranger.told:
            raise Failed(f"a stranger at the node's address: exit {done.returncode}: {done.stdout.decode()}")
        done = row.hufu(row.liar, "--node", f"https://{row.honest.host}:{row.honest.api_port}", "verify", row.subject)
        if done.returncode != 0:
            raise Failed(f"a stranger at one address, an honest node at the next: exit {done.returncode}: {done.stdout.decode()}")
    finally:
        stranger.close()
    row.counts["clients"] += 1


def run(context, cluster, false, grow, counts):
    row = Row(context, cluster, false, counts)
    row.record_old()
    grow(5)
    row.expect_truth("trust", "pin", row.trust)
    every = list(row.cases())
    for one in every[::4] if context.short else every:
        row.case(one)
    row.old_checkpoint()
    for words in (("verify", row.subject), ("trust", "update", "TRUST"), ("audit", "ledger")):
        row.expect_truth(*words)
    for file in context.folder.glob("*fork*"):
        hold_evidence(cluster, file, {row.liar.name, row.honest.name})
        counts["evidence files"] += 1
    impostor(row)

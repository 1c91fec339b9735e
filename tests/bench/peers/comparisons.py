"""What is set beside what. Every comparison gives a ratio for each pair of slices, ours over theirs; a run gives the median.

A ratio of rates is better when it is larger, one of latencies when it is smaller.
"""

from statistics import median

from .slices import Slices

# name: the goal
ALL = {
    "batched_vs_etcd": ">= 3.7",
    "singles_vs_limit": ">= 0.8",
    "singles_vs_etcd": "told, no goal",
    "batched_vs_postgres": ">= 1.0",
    "p99_singles_vs_etcd": "<= 0.5",
    "commit_p50_vs_etcd_put_p50": "<= 1.5, and one verify and one sign besides",
}

OURS_BATCHED = {"workload": "submissions", "size": 1000, "clients": 8, "in_flight": 32, "wait": "committed"}
OURS_SINGLES = {"workload": "singles", "clients": 256, "in_flight": 256, "wait": "committed"}
OURS_ALONE = {"workload": "singles", "clients": 1, "in_flight": 1, "wait": "committed"}
ETCD_BATCHED = {"size": 100, "clients": 8, "in_flight": 8}
ETCD_SINGLES = {"size": 1, "clients": 8, "in_flight": 256}
ETCD_ALONE = {"size": 1, "clients": 1, "in_flight": 1}
POSTGRES_BATCHED = {"size": 1000, "clients": 8, "in_flight": 8}

SHARE = 0.6  # of etcd's largest rate of single puts
ROOM = 0.8   # of a rate that is ours at its largest, when that of etcd is beyond it


class Findings:
    def __init__(self):
        self.ratios: dict[str, dict] = {}
        self.notes: list[str] = []

    def add(self, name: str, pairs: list[float], note: str = "") -> None:
        if not pairs:
            return
        self.ratios[name] = {"median": median(pairs), "min": min(pairs), "max": max(pairs), "pairs": pairs,
                             "goal": ALL[name], **({"note": note} if note else {})}
        print(f"  {name}: {median(pairs):.2f}  (min {min(pairs):.2f}, max {max(pairs):.2f}; goal {ALL[name]})"
              f"{'  ' + note if note else ''}", flush=True)

    def as_json(self) -> dict:
        plain = {f"ratio_{name}" if "p50" not in name and "p99" not in name else name: found["median"]
                 for name, found in self.ratios.items()}
        return {**{name: round(value, 3) for name, value in plain.items()}, "ratios": self.ratios,
                "notes": self.notes}


def run(slices: Slices, rounds: int, only: list[str]) -> dict:
    wanted = set(only or ALL)
    findings = Findings()
    if "batched_vs_etcd" in wanted:
        title("many records a request: ours 1,000 a submission; etcd 100 puts a transaction, each on the condition that "
              "its key is new; 8 clients")
        rates(slices, rounds, findings, "batched_vs_etcd", OURS_BATCHED, "etcd", ETCD_BATCHED)
    singles = None
    if wanted & {"singles_vs_limit", "singles_vs_etcd", "p99_singles_vs_etcd"}:
        singles = one_a_request(slices, rounds, findings)
    if "p99_singles_vs_etcd" in wanted:
        at_a_rate(slices, rounds, findings, *singles)
    if "commit_p50_vs_etcd_put_p50" in wanted:
        one_client(slices, rounds, findings)
    if "batched_vs_postgres" in wanted:
        title("many records a request: ours 1,000 a submission; PostgreSQL 1,000 rows an insert under a unique index; "
              "8 clients")
        rates(slices, rounds, findings, "batched_vs_postgres", OURS_BATCHED, "postgres", POSTGRES_BATCHED)
    return findings.as_json()


def title(text: str) -> None:
    print(f"\n{text}", flush=True)


def in_turn(slices: Slices, rounds: int, ours: dict, peer: str, theirs: dict) -> list[tuple]:
    """Ours, the peer, ours, the peer … Who does not run is nothing in its pair."""
    if not slices.has("hufu") and not slices.has(peer):
        print("    skipped: neither runs", flush=True)
        return []
    for name, words in (("hufu", ours), (peer, theirs)):  # connections, caches and memory in the state of work
        if slices.has(name):
            slices.run(name, seconds=1, **{word: value for word, value in words.items() if word != "rate"})
    print("    (those were to warm up)", flush=True)
    pairs = []
    for _ in range(rounds):
        pairs.append((slices.run("hufu", **ours) if slices.has("hufu") else None,
                      slices.run(peer, **theirs) if slices.has(peer) else None))
    return pairs


def ratios(pairs: list[tuple], what: str) -> list[float]:
    return [ours[what] / theirs[what] for ours, theirs in pairs if ours and theirs and theirs[what]]


def rates(slices: Slices, rounds: int, findings: Findings, name: str, ours: dict, peer: str, theirs: dict) -> None:
    findings.add(name, ratios(in_turn(slices, rounds, ours, peer, theirs), "records_per_s"))


def one_a_request(slices: Slices, rounds: int, findings: Findings) -> tuple:
    """The medians of both rates, nothing for who does not run."""
    title("one record a request, 256 in flight; the limit is what the signatures alone would let through")
    pairs = in_turn(slices, rounds, OURS_SINGLES, "etcd", ETCD_SINGLES)
    mine = [ours for ours, _ in pairs if ours]
    findings.add("singles_vs_limit", [each["records_per_s"] / each["limits"]["singles_limit_per_s"] for each in mine])
    findings.add("singles_vs_etcd", ratios(pairs, "records_per_s"),
                 "etcd verifies no signature")
    others = [theirs["records_per_s"] for _, theirs in pairs if theirs]
    return (median(each["records_per_s"] for each in mine) if mine else None, median(others) if others else None)


def at_a_rate(slices: Slices, rounds: int, findings: Findings, mine: float | None, other: float | None) -> None:
    """Both at one rate, on a schedule that does not wait for answers."""
    if other is None and mine is None:
        return
    rate = SHARE * other if other is not None else ROOM * mine
    told = f"at {SHARE:.0%} of etcd's largest rate"
    if mine is not None and ROOM * mine < rate:
        rate = ROOM * mine
        told = (f"NOT at {SHARE:.0%} of etcd's largest rate, {SHARE * (other or 0):,.0f}/s, which ours does not carry: "
                f"at {ROOM:.0%} of ours")
    rate = max(1, int(rate))
    findings.notes.append(f"p99_singles_vs_etcd: {rate}/s, {told}")
    title(f"one record a request on a schedule: {rate:,}/s, {told}; latency from when a request was due")
    pairs = in_turn(slices, rounds, {**OURS_SINGLES, "rate": rate}, "etcd", {**ETCD_SINGLES, "rate": rate})
    findings.add("p99_singles_vs_etcd", ratios(pairs, "p99_ms"), f"{rate}/s, {told}")
    for ours, theirs in pairs:
        for each in (ours, theirs):
            if each and each["records_per_s"] < 0.95 * rate:
                findings.notes.append(f"{each['who']} fell behind the schedule: {each['records_per_s']:.0f}/s")


def one_client(slices: Slices, rounds: int, findings: Findings) -> None:
    title("one client, one record at a time: the median of commits")
    pairs = in_turn(slices, rounds, OURS_ALONE, "etcd", ETCD_ALONE)
    findings.add("commit_p50_vs_etcd_put_p50", ratios(pairs, "p50_ms"))
    within = []
    for ours, theirs in pairs:
        if ours and theirs:
            limits = ours["limits"]
            signatures = 1000 / limits["verify_per_s"] + 1000 / limits["sign_per_s"]
            within.append(ours["p50_ms"] / (1.5 * theirs["p50_ms"] + signatures))
    if within:
        note = f"commit_p50: {median(within):.2f} of 1.5 puts + one verify + one sign (goal <= 1)"
        findings.notes.append(note)
        print(f"  {note}", flush=True)

"""One slice of load on one server, with what else the machine did at that time.

A slice begins when the servers have come to rest from the one before, and after the disk was asked how long it takes.
"""

from .machine import Unavailable, Watch, come_to_rest, flush_us


class Slices:
    def __init__(self, servers: dict, folder: str, seconds: float):
        self.servers = servers
        self.all: list[dict] = []
        self._folder = folder
        self._seconds = seconds
        self._words = 0

    def has(self, *names: str) -> bool:
        return all(name in self.servers for name in names)

    def run(self, name: str, seconds: float | None = None, **words) -> dict:
        rested = come_to_rest()
        flush = flush_us(self._folder)
        if name != "hufu":  # whose load makes records of its own
            self._words += 1
            words["key"] = f"r{self._words}"
        watch = Watch()
        figures = self.servers[name].round(seconds=seconds or self._seconds, **words)
        used = watch.read()
        latency = figures["latency_ms"]
        latency = latency.get("committed") or latency
        result = {
            "who": name, "asked": words, "records_per_s": figures["records_per_s"],
            "p50_ms": latency["p50"], "p99_ms": latency["p99"], "errors": figures["errors"],
            "refused": figures.get("refused", 0), "limits": figures.get("limits"),
            "foreign_cpu": round(used["foreign"], 3), "own_cpu": round(used["own"], 3),
            "flush_us": round(flush, 1), "rested": rested,
        }
        self.all.append(result)
        print_slice(result)
        if figures["errors"] and not figures["records_per_s"]:
            raise Unavailable(f"{name}: nothing but errors: {figures.get('error', '')}")
        return result


def print_slice(result: dict) -> None:
    faults = ""
    if result["errors"] or result["refused"]:
        faults = f"  {result['errors']} errors, {result['refused']} refused"
    if not result["rested"]:
        faults += "  (servers not at rest before)"
    print(f"    {result['who']:<9} {result['records_per_s']:>10,.0f} records/s  p50 {result['p50_ms']:>8.2f}  "
          f"p99 {result['p99_ms']:>8.2f} ms   foreign CPU {result['foreign_cpu']:>4.0%}  "
          f"flush {result['flush_us']:>6.0f} us{faults}", flush=True)

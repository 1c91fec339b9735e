"""What a run did, as a line for each row, a table, and one JSON document."""

import json
import time

_COLUMNS = ("injected", "appended", "acknowledged", "lost", "detected")


class Report:
    def __init__(self, seed):
        self.seed, self.rows = seed, []

    def _add(self, entry):
        self.rows.append(entry)
        counts = ", ".join(f"{name} {value}" for name, value in entry["counts"].items())
        text = {"passed": counts, "skipped": entry["why"], "failed": entry["why"]}[entry["result"]]
        print(f"row {entry['row']:>2} {entry['result']}: {entry['title']}: {text}"
              + (f" ({entry['seconds']:.0f} s)" if entry["seconds"] else ""), flush=True)

    def passed(self, row, title, counts, began):
        self._add({"row": row, "title": title, "result": "passed", "why": None, "counts": counts,
                   "seconds": round(time.monotonic() - began, 1)})

    def skipped(self, row, title, why):
        self._add({"row": row, "title": title, "result": "skipped", "why": why, "counts": {}, "seconds": 0})

    def failed(self, row, title, why, began):
        self._add({"row": row, "title": title, "result": "failed", "why": why, "counts": {},
                   "seconds": round(time.monotonic() - began, 1)})

    @property
    def failures(self):
        return sum(each["result"] == "failed" for each in self.rows)

    @property
    def all_skipped(self):
        return all(each["result"] == "skipped" for each in self.rows)

    def end(self, file):
        print(f"\n{'row':>3}  {'result':8}" + "".join(f"{name:>14}" for name in _COLUMNS) + "  seconds  what")
        for each in self.rows:
            cells = "".join(f"{each['counts'].get(name, '-'):>14}" for name in _COLUMNS)
            why = f": {each['why']}" if each["why"] else ""
            print(f"{each['row']:>3}  {each['result']:8}{cells}  {each['seconds']:>7}  {each['title']}{why}")
        if file:
            with open(file, "w", encoding="utf-8") as out:
                json.dump({"seed": self.seed, "rows": self.rows}, out, indent=1, ensure_ascii=False)

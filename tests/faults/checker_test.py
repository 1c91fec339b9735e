#!/usr/bin/env python3
"""The checker, the damage and its repair, held to small cases each: what must be found is found, what is right is not accused."""

import random
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from harness.checker import check_appends  # noqa: E402
from harness.damage import PLACES, WAYS, harm, repair  # noqa: E402
from harness.load import Append  # noqa: E402


def append(subject, step, place=None, sent=0.0, acknowledged=0.0, refused=None):
    return Append(f"{subject}/{step}", subject, step, b"", sent, acknowledged, place, refused)


def chain(*blocks):
    return [(f"2026-01-01T00:00:{number:02}.000Z", list(ids)) for number, ids in enumerate(((), *blocks))]


def faults(appends, blocks):
    return [text[:2] for text in check_appends(appends, blocks).faults]


class Checker(unittest.TestCase):
    def setUp(self):
        self.life = [append(1, 0, (1, 0), 1, 2), append(1, 1, (2, 0), 3, 4), append(1, 2, (3, 0), 5, 6),
                     append(1, 3, (4, 0), 7, 8), append(1, 4, refused="LIC_TERMINAL", sent=7)]
        self.chain = chain(["1/0"], ["1/1"], ["1/2"], ["1/3"])

    def test_a_sound_history_is_not_accused(self):
        verdict = check_appends(self.life, self.chain)
        self.assertEqual(([], 0, 4, 1), (verdict.faults, verdict.lost, verdict.acknowledged, verdict.refused))

    def test_c1_an_acknowledged_append_is_missing(self):
        verdict = check_appends(self.life, self.chain[:-1])
        self.assertEqual((["C1"], 1), ([text[:2] for text in verdict.faults], verdict.lost))

    def test_c1_an_acknowledged_append_stands_elsewhere(self):
        self.assertIn("C1", faults(self.life, chain(["1/0"], ["1/1"], ["1/2"], [], ["1/3"])))

    def test_c1_an_acknowledged_append_stands_twice(self):
        self.assertIn("C1", faults(self.life, chain(["1/0"], ["1/1"], ["1/2"], ["1/3", "1/3"])))

    def test_c2_a_refused_append_stands(self):
        self.assertIn("C2", faults(self.life, chain(["1/0"], ["1/1"], ["1/2"], ["1/3"], ["1/4"])))

    def test_c2_what_is_no_rival_is_refused(self):
        self.assertEqual(["C2"], faults([append(1, 0, refused="NOT_FOUND")], chain()))

    def test_c2_an_unknown_outcome_may_be_either_but_not_twice(self):
        unknown = [append(1, 0)]
        self.assertEqual([[], [], ["C2"]], [faults(unknown, chain(ids)) for ids in ([], ["1/0"], ["1/0", "1/0"])])

    def test_c3_what_was_acknowledged_first_stands_behind(self):
        both = [append(1, 0, (2, 0), sent=1, acknowledged=2), append(2, 0, (1, 0), sent=3, acknowledged=4)]
        self.assertEqual(["C3"], faults(both, chain(["2/0"], ["1/0"])))
        both[1].sent = 1.5  # at the same time either order is right
        self.assertEqual([], faults(both, chain(["2/0"], ["1/0"])))

    def test_c4_a_step_is_left_out_or_both_rivals_stand(self):
        unknown = [append(1, step) for step in range(5)]
        self.assertIn("C4", faults(unknown, chain(["1/0"], ["1/2"])))
        self.assertIn("C4", faults(unknown, chain(["1/0", "1/1", "1/2"], ["1/3"], ["1/4"])))
        self.assertIn("C4", faults(unknown, chain(["1/0", "1/1"], ["1/3"])))
        self.assertEqual([], faults(unknown, chain(["1/0", "1/1", "1/2"], ["1/4"])))

    def test_c5_a_block_time_does_not_rise(self):
        blocks = chain(["1/0"], ["1/1"], ["1/2"], ["1/3"])
        blocks[2] = (blocks[1][0], blocks[2][1])
        self.assertEqual(["C5"], faults(self.life, blocks))


class Damaging(unittest.TestCase):
    def test_every_damage_changes_the_file_and_its_repair_undoes_it(self):
        with tempfile.TemporaryDirectory() as folder:
            file, before = Path(folder) / "file", bytes(range(1, 256)) * 20
            for way in WAYS:
                for place in PLACES:
                    file.write_bytes(before)
                    done = harm(file, way, place, random.Random(f"{way}/{place}"), folder)
                    self.assertNotEqual(before, file.read_bytes() if file.exists() else None, done.text)
                    repair(done)
                    self.assertEqual(before, file.read_bytes(), done.text)


if __name__ == "__main__":
    unittest.main()

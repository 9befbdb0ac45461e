"""One seed is one run, to the byte: whatever the hash seed, the number of workers or the time of day."""

from __future__ import annotations

import hashlib
from pathlib import Path

SELECTION = (
    "scenarios/buttons/test_gestures.py::test_double_press_replays_the_last_message",
    "scenarios/buttons/test_integrity.py",
    "scenarios/login/test_code.py::test_a_camera_reads_the_code",
    "scenarios/logout/test_leaving.py::test_leaving_logs_out",
    "scenarios/messages/test_sending.py::test_what_the_driver_says_arrives_whole",
)
WALL = {"meta.json"}
"""What may differ: facts of the run, never of the case."""


def contents(out: Path) -> dict[str, str]:
    files = sorted(p for p in (out / "cases").rglob("*") if p.is_file() and p.name not in WALL)
    return {str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_two_runs_of_one_seed_are_the_same_bytes_and_another_seed_is_not(scenarios, tmp_path: Path) -> None:
    alone = scenarios(tmp_path / "alone", *SELECTION, "--seed", "11", hash_seed="1")
    shared = scenarios(tmp_path / "shared", *SELECTION, "--seed", "11", "-n", "3", hash_seed="4711")
    assert alone.code == shared.code == 0, alone.output + shared.output

    one, other = contents(tmp_path / "alone"), contents(tmp_path / "shared")
    assert len([name for name in one if name.endswith("journal.jsonl")]) == len(alone.cases) >= 10
    assert any(name.endswith("body.log") for name in one)
    assert any(name.endswith(".wav") for name in one)
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []

    scenarios(tmp_path / "seed", SELECTION[0], "--seed", "12")
    seed = contents(tmp_path / "seed")
    journals = [name for name in seed if name.endswith("journal.jsonl")]
    assert journals
    assert all(seed[name] != one[name] for name in journals)


def test_the_merged_journal_is_the_same_bytes(scenarios, tmp_path: Path) -> None:
    from harness.evidence.finish import finish

    merged = []
    for name, more, hash_seed in (("one", (), "1"), ("two", ("-n", "2"), "2")):
        out = tmp_path / name
        scenarios(out, *SELECTION[1:2], *more, hash_seed=hash_seed)
        finish(out, allure=False)
        merged.append((out / "journal.jsonl").read_bytes())
    assert merged[0].count(b"\n") > 20
    assert merged[0] == merged[1]

"""A few cases run once with their recordings, as people run them, and copies of them to be changed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.audio.stimuli import Library
from harness.evidence.case import CaseRecord, read_case
from harness.evidence.finish import finish
from harness.evidence.rejudge.case import CaseAgain, judge_again
from harness.evidence.rejudge.found import Found, Standing
from harness.evidence.rejudge.question import Sounds
from harness.evidence.rejudge.recorded_screen import Decoded
from harness.judging.requirements import load_requirements
from harness.vehicle.load import load_vehicle

ROOT = Path(__file__).resolve().parents[2]
CASES = (
    "buttons/test_press.py::test_too_few_frames_are_no_press[gs4]",
    "buttons/test_stuck.py::test_a_stuck_button_stores_one_code[gs4]",
    "calls/test_call.py::test_a_call_is_taken_and_ended_by_button[gs4]",
    "login/test_code.py::test_driving_off_takes_the_code_away[gs4-crawl]",
    "login/test_code_secrets.py::test_codes_tell_nothing_of_the_last_driver[gs4]",
    "login/test_login.py::test_a_code_works_once[gs4]",
    "login/test_login.py::test_scan_and_confirm_log_in[gs4]",
    "login/test_network.py::test_no_secret_leaves_the_unit[gs4]",
    "messages/test_music.py::test_music_gives_way_to_a_message[gs4]",
    "messages/test_quality.py::test_playback_is_intelligible_and_whole[gs4-call_me_later.en]",
    "messages/test_sending.py::test_a_message_is_sent_once[gs4]",
    "messages/test_sending.py::test_what_the_driver_says_arrives_whole[gs4-on_my_way.zh]",
)
KINDS = (
    "accepted", "arrives", "call_is", "canaries", "changed", "changes", "clipping", "code_gone", "delivered",
    "end_loss", "gaps", "gaps_of", "gives_way", "in_answers", "in_files", "level_change", "on_the_buses",
    "on_the_console", "onset_loss", "place", "plays_speech", "reaches", "returns", "session_is", "shows", "silent_of",
    "snr", "stays", "stoi", "stoi_of", "stored",
)  # fmt: skip
"""Of questions that these cases ask."""


@dataclass(frozen=True)
class Again:
    """What judging one case again found, and where the case lies."""

    folder: Path
    again: CaseAgain

    def different(self) -> list[Found]:
        return [found for found in self.again.found if found.standing is Standing.DIFFERENT]

    def lines(self) -> str:
        return "\n".join(found.line() for found in self.different())


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder, with its ``run.json``."""
    out = tmp_path_factory.mktemp("rejudge") / "run"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")} | {"PYTHONPATH": ""}
    command = [sys.executable, "-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--hil-out", str(out)]
    command += [f"scenarios/{case}" for case in CASES]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    facts = {"vehicle": "gs4", "seed": 7, "rig": "virtual.yaml", "clock": "virtual", "wall_s": 1.0,
             "command": "./hil run", "versions": {}, "vehicles": {"gs4": {"name": "GS4", "note": ""}},
             "started": "2026-03-01T10:00:00+00:00", "ended": "2026-03-01T10:00:09+00:00"}  # fmt: skip
    if not (out / "meta.json").exists():
        (out / "meta.json").write_text(json.dumps(facts), encoding="utf-8")
    finish(out, allure=False)
    return out


@pytest.fixture(scope="session")
def judge() -> Callable[[Path], Again]:
    """Judges one case's folder again, by the project's requirements."""
    vehicle = load_vehicle(ROOT / "dbc" / "gs4")
    catalogue = load_requirements(ROOT / "scenarios" / "requirements").for_vehicle(vehicle)
    sounds, decoded = Sounds(Library.load(ROOT / "scenarios" / "stimuli")), Decoded()
    return lambda folder: Again(folder, judge_again(read_case(folder), vehicle, catalogue, sounds, decoded))


@pytest.fixture
def case(run: Path, tmp_path: Path) -> Callable[[str], Path]:
    """A copy of the case whose folder's name holds these words, to be changed."""

    def copied(words: str) -> Path:
        found = next(path for path in sorted((run / "cases").iterdir()) if words in path.name)
        return Path(shutil.copytree(found, tmp_path / found.name))

    return copied


@pytest.fixture
def records() -> Callable[[Path, str], list[dict[str, Any]]]:
    """The records of one kind in a case's journal."""

    def of(folder: Path, kind: str) -> list[dict[str, Any]]:
        found: CaseRecord = read_case(folder)
        return [dict(r) for r in found.records if r["kind"] == kind]

    return of


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kind" in metafunc.fixturenames:
        metafunc.parametrize("kind", KINDS)

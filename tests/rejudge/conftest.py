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

import numpy as np
import pytest
import soundfile
from PIL import Image

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


@dataclass(frozen=True)
class Changes:
    """What somebody might change in a case's recordings afterwards."""

    folder: Path

    def _ref(self, observation: str) -> dict[str, Any]:
        checks = (r for r in read_case(self.folder).records if r["kind"] == "check")
        return dict(next(c for c in checks if c["observation"] == observation)["refs"][0])

    def line(self, ref: dict[str, Any], change: Callable[[str], str]) -> None:
        """Apply ``change`` to the line of the frame that something points at."""
        path = self.folder / f"{ref['track'].removeprefix('can/')}.log"
        lines = path.read_text(encoding="ascii").splitlines(keepends=True)
        stamp = f"({ref['t'] // 10**9}.{ref['t'] % 10**9:09d})"
        token = f" {ref['id']:03X}#" if "id" in ref else "#"
        place = next(n for n, line in enumerate(lines) if line.startswith(stamp) and token in line)
        before, lines[place] = lines[place], change(lines[place])
        assert lines[place] != before
        path.write_text("".join(lines), encoding="ascii")

    def payload(self) -> None:
        """The frame that a state was read from holds nothing but zeros."""
        self.line(self._ref("reaches"), _emptied)

    def stamp(self) -> None:
        """The frame that a state was read from came at another time."""
        cut = lambda line: line.find(")")  # noqa: E731
        self.line(self._ref("reaches"), lambda line: f"{line[: cut(line) - 4]}1234{line[cut(line) :]}")

    def samples(self) -> None:
        """A quarter of a second of what the microphone heard is silent."""
        path = self.folder / "mic.driver.wav"
        samples, rate = soundfile.read(path, dtype="int16")
        middle = int(np.flatnonzero(samples).mean())
        samples[middle - rate // 8 : middle + rate // 8] = 0
        soundfile.write(path, samples, rate, subtype="PCM_16")

    def picture(self) -> None:
        """The picture that something was seen on is of one colour."""
        rows = [line.split(",") for line in (self.folder / "screen.csv").read_text().splitlines()[1:]]
        file = self.folder / next(row[3] for row in rows if int(row[0]) == self._ref("shows")["t"])
        pixels = np.array(Image.open(file))
        pixels[:] = pixels[0, 0]
        Image.fromarray(pixels).save(file)


def _emptied(line: str) -> str:
    head, _, data = line.removesuffix(" R\n").rpartition("#")
    flags = data[:1] if head.endswith("#") else ""
    return f"{head}#{flags}{'0' * (len(data) - len(flags))} R\n"


@pytest.fixture
def changes() -> type[Changes]:
    return Changes


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kind" in metafunc.fixturenames:
        metafunc.parametrize("kind", KINDS)

"""A run of two cars as its workers leave it, small: every verdict, a deviation, two attempts, a case cut off."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.finish import finish
from harness.evidence.paper.write import write_pdf
from harness.foundation.journal import Journal
from harness.foundation.stamps import Interval
from harness.foundation.units import MS, S
from harness.foundation.values import Check, Limit, Measurement, Verdict

LATENCY = Limit("s", high=0.25, source="NHTSA Phase 1", status="guideline", text="<= 250 ms")
CARS = {"gs4": "GAC Trumpchi GS4", "f5": "Haval F5"}


class Run:
    """A run's folder under construction."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.collected: list[dict[str, Any]] = []
        (out / "cases").mkdir(parents=True)

    def meta(self, **facts: Any) -> None:
        told = {
            "schema": 1, "command": "./hil run --vehicle gs4,f5", "seed": 7, "rig": "rigs/virtual.yaml",
            "clock": "virtual", "vehicle": "gs4,f5", "defect": ["btn-01-slow"], "variant_seed": None,
            "vehicles": {car: {"name": name, "note": ""} for car, name in CARS.items()},
            "versions": {"headunit-hil": "0.3.0"}, "wall_s": 4.0, "software": "2.4.1",
            "started": "2026-03-01T10:00:00+00:00", "ended": "2026-03-01T10:00:04+00:00",
            "requirements": {
                "BTN-01": {"title": "A press wakes messaging", "text": "Pressing the button opens the microphone.",
                           "rationale": "Eyes stay on the road.", "version": 3, "status": "active",
                           "title_zh": "按键唤醒消息应用"},
                "OUT-01": {"title": "Leaving logs out", "text": "All gone.", "rationale": "Privacy.", "version": 1},
                "PWR-01": {"title": "Cranking interrupts nothing", "text": "No.", "rationale": "Cold.", "version": 1},
            },
            **facts,
        }  # fmt: skip
        (self.out / "meta.json").write_text(json.dumps(told), encoding="utf-8")

    def case(
        self, name: str, verdict: Verdict | None = Verdict.PASS, *, car: str = "gs4", latency: float = 0.16,
        requirement: str = "BTN-01", attempt: int = 1, reason: str = "", pictures: tuple[str, ...] = (),
        also: dict[str, Any] | None = None, title: str = "",
    ) -> Path:  # fmt: skip
        identity = {"id": f"scenarios/buttons/test_press.py::{name}[{car}]", "runner": "pytest", "vehicle": car,
                    "title": title or name.replace("_", " "), "requirements": [requirement]}  # fmt: skip
        if attempt == 1:
            self.collected.append(identity)
            (self.out / "collected-pytest.json").write_text(json.dumps({"cases": self.collected}), encoding="utf-8")
        folder = self.out / "cases" / f"{name}-{car}.{attempt}"
        folder.mkdir()
        pending = {**identity, "attempt": attempt}
        (folder / "pending.json").write_text(json.dumps(pending), encoding="utf-8")
        journal = Journal(folder / "journal.jsonl")
        journal.write("case", 0, **pending, rig="virtual", clock="virtual", seed=7)
        journal.write("step", 1 * S, name="driver presses messaging", depth=0)
        if verdict is None:
            journal.close()
            return folder
        if verdict in (Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE):
            value = Interval(latency, latency - 0.001, latency + 0.002)
            found = Measurement("latency", "s", value, window=(2200 * MS, 2500 * MS), detail="listening")
            check = Check(requirement, "reaches", {}, found, LATENCY, verdict, 0.25 - latency - 0.002, reason)
            journal.write("check", 2500 * MS, **{**check.to_json(), **(also or {})})
        self._record(folder, journal, pictures)
        journal.write("verdict", 3 * S, verdict=str(verdict), reason=reason, prerequisite=False)
        journal.close()
        return folder

    def _record(self, folder: Path, journal: Journal, pictures: tuple[str, ...]) -> None:
        from PIL import Image

        points = [[0, "idle"], [2360 * MS, "listening"]]
        signals = {"window": [1700 * MS, 3700 * MS], "marks": [{"t": 2200 * MS, "label": "press messaging"}],
                   "tracks": [{"name": "head_unit.app", "unit": "", "points": points}]}  # fmt: skip
        (folder / "signals.json").write_text(json.dumps(signals), encoding="utf-8")
        journal.write("attach", 3 * S, name="signals", file="signals.json", type="application/json")
        for n, place in enumerate(pictures):
            (folder / place).parent.mkdir(exist_ok=True)
            Image.new("RGB", (64 + n, 36), "#204060").save(folder / place)
            journal.write("attach", 3 * S, name=f"screen at {n + 1}.000 s", file=place, type="image/png")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """An empty run with its facts."""
    made = Run(tmp_path / "0007-2026-03-01")
    made.meta()
    return made


@pytest.fixture(scope="session")
def every_verdict(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run with one case of every verdict; nobody changes it."""
    made = tmp_path_factory.mktemp("paper")
    run = Run(made / "0007-2026-03-01")
    run.meta()
    run.case("test_wakes", pictures=("screen-0001.png", "screen-0002.png"))
    run.case("test_wakes", car="f5", latency=0.21)
    run.case("test_slow", Verdict.FAIL, latency=0.31, reason="listening after 310 ms", pictures=("screen-0001.png",))
    run.case("test_edge", Verdict.INCONCLUSIVE, latency=0.2495, reason="straddles 250 ms")
    run.case("test_rig", Verdict.BLOCKED, reason="the amplifier has delivered nothing for 2 s")
    run.case("test_bug", Verdict.ERROR, reason="KeyError: 'chime'")
    run.case("test_ladder", Verdict.NOT_APPLICABLE, car="f5", reason="the car has no ladder")
    run.case("test_logout", requirement="OUT-01")
    run.case("test_flaky", Verdict.FAIL, latency=0.4, reason="listening after 400 ms")
    run.case("test_flaky", attempt=2)
    run.case("test_killed", None)
    deviations = made / "deviations.yaml"
    deviations.write_text(
        'schema: 1\ndeviations:\n  - {case: "scenarios/buttons/test_press.py::test_slow[gs4]", ticket: HU-1042, '
        'approver: A. Meier, expires: "2027-01-31"}\n',
        encoding="utf-8",
    )
    finish(run.out, deviations=deviations, allure=False)
    return run.out


LAB = """\
schema: 1
laboratory: {name: 北方实验室, address: Tianjin Road 68, contact: lab@example.org}
place: Hall 2
customer: {name: Customer AG, address: Shanghai, contact: Zhang Wei}
item: {description: head unit, serial: 2026-000123, received: 2026-02-11, software: "9.9"}
method: {specification: MRS-7, version: "3.1", approved_by: Li Na, approved_on: 2026-01-30}
ran: [{name: Wang Fang, function: engineer}]
authorises: {name: Chen Jie, function: head of laboratory}
environment: {temperature: 23 °C, humidity: 45 %}
instruments:
  - {name: Supply, type: PS 9080, serial: 2031, calibrated: 2025-03-01, due: 2027-03-01, certificate: K-1}
external: none
report: {prefix: NAL, issued: 2026-03-05}
"""


@pytest.fixture
def changed(every_verdict: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(every_verdict, tmp_path / every_verdict.name))


@pytest.fixture(scope="session")
def full_lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A laboratory's file with nothing missing."""
    path = tmp_path_factory.mktemp("lab") / "lab.yaml"
    path.write_text(LAB, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory, every_verdict: Path) -> Callable[..., Any]:
    """Writes a report and opens it: ``paper(folder, lang="en", lab=None)`` -> (pypdf reader, what was missing). One of
    the run that nobody changes is made once."""
    pypdf = pytest.importorskip("pypdf")
    known: dict[tuple[str, Path | None], Any] = {}

    def made(folder: Path, lang: str = "en", lab: Path | None = None, **more: Any) -> tuple[Any, list[str]]:
        key = (lang, lab)
        if folder == every_verdict and not more and key in known:
            return known[key]
        out = tmp_path_factory.mktemp("out") / f"report-{lang}.pdf"
        missing = write_pdf(folder, out, lang=lang, lab=lab, **more)  # type: ignore[arg-type]
        found = (pypdf.PdfReader(out), missing)
        if folder == every_verdict and not more:
            known[key] = found
        return found

    return made


@pytest.fixture(scope="session")
def text() -> Callable[[Any], str]:
    """All text of a report without any white space, because a cell may break anywhere; read once."""
    known: dict[int, tuple[Any, str]] = {}

    def read(reader: Any) -> str:
        if id(reader) not in known:
            said = re.sub(r"\s+", "", "\n".join(page.extract_text() for page in reader.pages))
            known[id(reader)] = (reader, said)
        return known[id(reader)][1]

    return read


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """An empty project that is the working folder while the test runs."""
    with contextlib.chdir(tmp_path):
        yield tmp_path

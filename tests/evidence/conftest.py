"""Case folders as a worker leaves them, written with the real journal and real checks."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from harness.foundation.journal import Journal
from harness.foundation.stamps import Interval
from harness.foundation.units import MS, S
from harness.foundation.values import Check, Limit, Measurement, Verdict

LATENCY = Limit("s", high=0.25, source="NHTSA Phase 1 Visual-Manual Guidelines", status="guideline", text="<= 250 ms")
LOGOUT = Limit("s", high=5.0, text="<= 5 s")


class Folder:
    """A run folder under construction. ``case`` adds one; ``collect`` names cases without starting them."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.collected: dict[str, list[dict[str, Any]]] = {"pytest": [], "robot": []}
        (out / "cases").mkdir(parents=True)

    def meta(self, **facts: Any) -> None:
        (self.out / "meta.json").write_text(
            json.dumps(
                {
                    "command": "./hil run --rig rigs/virtual.yaml --seed 7",
                    "seed": 7,
                    "rig": "rigs/virtual.yaml",
                    "vehicle": "gs4",
                    "vehicle_name": "GAC Trumpchi GS4, second generation",
                    "clock": "virtual",
                    "versions": {"headunit-hil": "0.1.0", "Python": "3.11.7"},
                    "started": "2026-03-01T10:00:00+00:00",
                    "ended": "2026-03-01T10:00:04+00:00",
                    "started_ms": 1772359200000,
                    "wall_s": 4.0,
                    "requirements": {
                        "BTN-01": {"title": "A press wakes messaging"},
                        "OUT-01": {"title": "The driver leaves: logged out"},
                    },
                    **facts,
                }
            )
        )

    def collect(
        self, name: str, runner: str = "pytest", requirements: Sequence[str] = ("BTN-01",), vehicle: str = "gs4"
    ) -> dict[str, Any]:
        identity = {
            "id": name,
            "nodeid": f"scenarios/buttons/test_press.py::{name}" if runner == "pytest" else f"Robot.Buttons.{name}",
            "runner": runner,
            "title": name.partition("[")[0].replace("test_", "").replace("_", " ").capitalize(),
            "vehicle": vehicle,
            "requirements": list(requirements),
        }
        self.collected[runner].append(identity)
        path = self.out / f"collected-{runner}.json"
        path.write_text(json.dumps({"cases": self.collected[runner]}))
        return identity

    def case(
        self,
        name: str,
        verdict: Verdict | None = Verdict.PASS,
        *,
        latency: float | None = 0.16,
        runner: str = "pytest",
        attempt: int = 1,
        reason: str = "",
        collect: bool = True,
        recordings: bool = False,
        limit: Limit = LATENCY,
        requirement: str = "BTN-01",
        vehicle: str = "gs4",
        software: str = "",
    ) -> Path:
        identity = (
            self.collect(name, runner, (requirement,), vehicle)
            if collect
            else {**self.collected[runner][-1], "id": name}
        )
        folder = self.out / "cases" / f"{name.replace('[', '-').replace(']', '')}.{attempt}"
        folder.mkdir()
        pending = {**identity, "attempt": attempt, "behaviour": ["Buttons", "Messaging button", identity["title"]]}
        (folder / "pending.json").write_text(json.dumps(pending))
        journal = Journal(folder / "journal.jsonl")
        opening = {**pending, "text": "CAN, chime and screen agree.", "rig": "rigs/virtual.yaml", "clock": "virtual"}
        journal.write("case", 0, **opening, seed=7)
        journal.write("step", 0, name="the unit is on and logged in", depth=0)
        journal.write("step", 1 * S, name="ignition on", depth=1)
        journal.write("step", 2200 * MS, name="driver presses messaging", depth=0)
        began = [2200 * MS, 2199 * MS, 2201 * MS]
        journal.write(
            "stimulus",
            2200 * MS,
            what="driver.press",
            arguments={"button": "messaging", "hold": "120 ms"},
            began=began,
            ended=[2320 * MS, 2320 * MS, 2320 * MS],
            track="can/body",
            ref={},
        )
        if software:
            journal.write("identity", 2400 * MS, software=software, serial="HU-1")
        if verdict is None:
            journal.close()
            return folder
        if verdict not in (Verdict.NOT_APPLICABLE, Verdict.NOT_EXECUTED):
            value = None if latency is None else Interval(latency, latency - 0.001, latency + 0.001)
            found = Measurement("latency", "s", value, detail="reached listening", window=(2200 * MS, 7200 * MS))
            high = limit.high or 0.0
            outcome = Verdict.FAIL if latency is None or latency > high else Verdict.PASS
            margin = None if latency is None else high - latency - 0.001
            check = Check(
                requirement,
                "reaches",
                {"state": "listening"},
                found,
                limit,
                outcome,
                margin,
                "" if outcome is Verdict.PASS else f"listening after {latency} s, limit {limit.text}",
            )
            journal.write("check", 2500 * MS, **check.to_json())
        if recordings:
            self.record(folder, journal)
        journal.write("verdict", 3 * S, verdict=str(verdict), reason=reason, prerequisite=False)
        journal.close()
        (folder / "meta.json").write_text(json.dumps({"wall_s": 0.05, "simulated_s": 3.0, "worker": "gw0"}))
        return folder

    def record(self, folder: Path, journal: Journal) -> None:
        """The recordings a case leaves, small."""
        import numpy
        import soundfile
        from PIL import Image

        frames = [f"({n * 10 // 1000:010d}.{n * 10 % 1000:03d}000) body 3B2#00112233" for n in range(400)]
        (folder / "body.log").write_text("\n".join(frames) + "\n")
        time = numpy.arange(16000) / 16000
        sound = 0.3 * numpy.sin(2 * numpy.pi * (400 + 2000 * time) * time) * (numpy.sin(9 * time) > 0)
        soundfile.write(folder / "amplifier.wav", sound.astype("float32"), 16000)
        Image.new("RGB", (160, 90), "#204060").save(folder / "screen-0001.png")
        (folder / "console.log").write_text("boot\nlogin code ****\n")
        tracks = [
            {
                "name": "SWC_Buttons.SWC_Msg",
                "unit": "",
                "points": [[0, "Released"], [2200 * MS, "Pressed"], [2320 * MS, "Released"]],
            },
            {"name": "HU_Status.AppState", "unit": "", "points": [[0, "idle"], [2360 * MS, "listening"]]},
            {
                "name": "ESP_Speed.VehSpd",
                "unit": "km/h",
                "points": [[n * 20 * MS, 40 + 10 * math.sin(n / 20)] for n in range(200)],
            },
        ]
        marks = [{"t": 2200 * MS, "label": "press messaging"}, {"t": 2360 * MS, "label": "listening"}]
        (folder / "signals.json").write_text(
            json.dumps({"window": [1700 * MS, 3700 * MS], "tracks": tracks, "marks": marks})
        )
        for name, file, mime in (
            ("Bus body", "body.log", "text/plain"),
            ("Amplifier, driver", "amplifier.wav", "audio/wav"),
            ("Screen", "screen-0001.png", "image/png"),
            ("Console", "console.log", "text/plain"),
            ("Signals", "signals.json", "application/json"),
        ):
            journal.write("attach", 3 * S, name=name, file=file, type=mime)


@pytest.fixture
def run_folder(tmp_path: Path) -> Folder:
    """An empty run folder with its meta.json."""
    folder = Folder(tmp_path / "0007-virtual")
    folder.meta()
    return folder


@pytest.fixture
def new_run_folder() -> Callable[[Path], Folder]:
    return Folder


@pytest.fixture
def every_verdict(run_folder: Folder) -> Folder:
    """One case of every verdict, one that was cut off, one that never began, one by Robot, one twice."""
    run_folder.case("test_press_wakes_messaging[gs4]", recordings=True)
    run_folder.case("test_second_press[gs4]", latency=0.21)
    run_folder.case(
        "test_slow_press[gs4]", Verdict.FAIL, latency=0.31, reason="listening after 310 ms", recordings=True
    )
    run_folder.case("test_never[gs4]", Verdict.FAIL, latency=None, reason="listening never seen (waited 5 s)")
    run_folder.case("test_rig[gs4]", Verdict.BLOCKED, reason="audio/amplifier has delivered nothing for 2 s")
    run_folder.case("test_bug[gs4]", Verdict.ERROR, reason="KeyError: 'chime'")
    run_folder.case("test_edge[gs4]", Verdict.INCONCLUSIVE, latency=0.2495, reason="249.5 ms +/- 1 ms straddles 250 ms")
    run_folder.case("test_ladder[gs4]", Verdict.NOT_APPLICABLE, reason="the car has no resistor ladder")
    run_folder.case("test_logout[gs4]", latency=1.9, limit=LOGOUT, requirement="OUT-01")
    run_folder.case("test_killed[gs4]", None)
    run_folder.collect("test_after_the_kill[gs4]")
    run_folder.case("test_flaky[gs4]", Verdict.FAIL, latency=0.4, reason="listening after 400 ms")
    run_folder.case("test_flaky[gs4]", attempt=2, collect=False)
    run_folder.case("Press Wakes Messaging", runner="robot", latency=0.17)
    return run_folder


@pytest.fixture
def environment() -> Iterator[Callable[[str, str], None]]:
    """Set variables for child processes; put back afterwards."""
    before = dict(os.environ)

    def put(name: str, value: str) -> None:
        os.environ[name] = value

    yield put
    os.environ.clear()
    os.environ.update(before)

"""Whoever dies, at whatever moment, the keeper leaves the rig safe and writes down what it did.

``HIL_KILLS=50`` kills at fifty moments; without it there are a few, for every day. """

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.foundation.clock import WallClock, pause, stopwatch
from harness.foundation.units import MS, S
from harness.rig.keeper.child import KeeperChild

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("HIL_KILLS", "6"))
RIG_IN_USE = f"""
import random, sys
from pathlib import Path
from harness.rig.keeper.link import Address
from harness.rig.load import load_rig
from harness.rig.rig import open_rig
from harness.vehicle.load import load_vehicle

folder = Path(sys.argv[2])
print("begun", flush=True)
rig = open_rig(load_rig(Path(sys.argv[1])), load_vehicle(Path({str(ROOT / "dbc" / "gs4")!r})), random.Random(1),
               logs=folder, keeper=Address.from_environment())
(folder / "zero").write_text(str(rig.clock.zero))
rig.supply.set_voltage(13.5)
rig.supply.output(True)
for line in ("ACC", "KL15"):
    rig.io.set(line, True)
buses = [rig.restbus(name, random.Random(1)) for name in rig.can]
for bus in buses:
    bus.start()
(folder / "in use").touch()
while True:
    rig.clock.run_until(rig.clock.now() + 50_000_000)
    buses[0].set("SWC_Buttons", {{"SWC_Msg": 1}})
"""


@pytest.fixture(scope="module")
def udp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import socket

    def free_port(_: object) -> str:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.bind(("", 0))
            return f"port: {one.getsockname()[1]}"

    text = re.sub(r"port: \d+", free_port, (ROOT / "rigs" / "udp.yaml").read_text("utf-8"))
    text = re.sub(r"audio: .*", "audio: {driver: none}", text)  # one set of sinks serves one rig
    path = tmp_path_factory.mktemp("rig") / "udp.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(scope="module")
def keeper(udp: Path) -> Iterator[KeeperChild]:
    child = KeeperChild(udp)
    yield child
    child.close()


def in_use(udp: Path, folder: Path, variables: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-c", RIG_IN_USE, str(udp), str(folder)], env={**os.environ, **variables}, cwd=ROOT,
        stdout=subprocess.PIPE,
    )  # fmt: skip


def wait_for(condition: Any, what: str, within_s: float = 30.0) -> None:
    watch = stopwatch()
    while not condition():
        if watch() > within_s:
            pytest.fail(f"not within {within_s:g} s: {what}")
        pause(0.01)


def records(folder: Path) -> list[dict[str, Any]]:
    path = folder / "safe_state.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def ended(folder: Path) -> bool:
    found = records(folder)
    return bool(found) and "ends" in found[-1]


@pytest.mark.slow
@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_test_process_leaves_a_safe_rig(
    udp: Path, keeper: KeeperChild, tmp_path: Path, number: int
) -> None:
    process = in_use(udp, tmp_path, keeper.address.to_environment())
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    wait_for((tmp_path / "zero").exists, "the rig is open")
    moment = random.Random(f"kill {number}").uniform(0, 1.2)
    watch = stopwatch()
    while watch() < moment:
        pause(0.001)
    clock = WallClock(zero=int((tmp_path / "zero").read_text()))
    killed = clock.now()
    process.kill()
    process.wait()
    wait_for(lambda: ended(tmp_path), "the safe state is reached")
    begins, *steps, end = records(tmp_path)
    assert begins["because"] == "the test process is gone"
    assert killed - 5 * MS <= begins["t"] <= killed + 1 * S
    assert [step["step"] for step in steps if "late" in step["said"] or "failed" in step["said"]] == []
    assert [step["step"] for step in steps][:3] == ["ACC off", "KL15 off", "rest-bus and network management silent"]
    assert steps[-1]["step"] == "KL30 off"
    assert end["good"] is True


@pytest.mark.slow
def test_the_trace_of_a_killed_case_goes_on_until_the_rig_is_safe(
    udp: Path, keeper: KeeperChild, tmp_path: Path
) -> None:
    process = in_use(udp, tmp_path, keeper.address.to_environment())
    wait_for((tmp_path / "in use").exists, "the rig is in use")
    process.kill()
    process.wait()
    wait_for(lambda: ended(tmp_path), "the safe state is reached")
    silent = next(r["t"] for r in records(tmp_path) if r.get("step", "").startswith("rest-bus"))
    wait_for(lambda: keeper_is_free(udp, keeper, tmp_path), "the keeper is free again")
    own = [line for line in (tmp_path / "body.log").read_text("ascii").splitlines() if line.endswith(" T")]
    last = float(own[-1].split(")")[0].strip("(")) * 1e9
    assert silent - 300 * MS < last < silent + 50 * MS  # the beats are at most 100 ms apart, and none comes after


def keeper_is_free(udp: Path, keeper: KeeperChild, folder: Path) -> bool:
    other = folder / "next"
    other.mkdir(exist_ok=True)
    process = in_use(udp, other, keeper.address.to_environment())
    try:
        wait_for(lambda: (other / "in use").exists() or process.poll() is not None, "the next one has the rig")
        return process.poll() is None
    finally:
        process.kill()
        process.wait()
        wait_for(lambda: ended(other), "the next one's rig is safe")


@pytest.mark.slow
def test_a_killed_supervisor_leaves_a_safe_rig(udp: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "harness", "run", "scenarios/login", "--rig", str(udp), "--out"]
    out = tmp_path / "run"
    process = subprocess.Popen(
        [*command, str(out), "-k", "test_cold_start_shows_a_code"], cwd=ROOT, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    wait_for(lambda: list(out.glob("cases/*/body.log")), "a case is running", 60)
    (folder,) = out.glob("cases/*")
    wait_for(lambda: (folder / "body.log").stat().st_size > 1000, "the car is awake")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    wait_for(lambda: ended(folder), "the safe state is reached")
    begins, *_, kl30, end = records(folder)
    assert begins["because"] in ("who started the keeper is gone", "the test process is gone")
    assert (kl30["step"], end["good"]) == ("KL30 off", True)

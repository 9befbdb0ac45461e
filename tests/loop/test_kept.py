"""What a keeper holds keeps the contract of its port, and outlives what is killed."""

from __future__ import annotations

import os
import random
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.can.candump import read_candump
from harness.can.port import Frame, Heard
from harness.can.python_can import PythonCan, open_python_can
from harness.contracts.can import CanContract, CanEnds
from harness.foundation.clock import pause
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.units import MS, Ns
from harness.rig.keeper.child import KeeperChild
from harness.rig.keeper.link import Address, Link
from harness.rig.load import load_rig
from harness.rig.rig import Rig, open_rig
from harness.vehicle.load import load_vehicle
from harness.vehicle.vehicle import Vehicle

ROOT = Path(__file__).parents[2]
GROUP = "239.74.163.9"
ROOMS = ("audio", "supply", "console", "screen", "phone", "network", "io")


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def vehicle() -> Vehicle:
    return load_vehicle(ROOT / "dbc" / "gs4")


@pytest.fixture(scope="module")
def rig_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wall-clock rig without a unit: real buses, and everything else in memory."""
    lines = ["schema: 1", "clock: wall", "level: vcan", "lateness: 40 ms", "safe_state: [{supply: off}]", "can:"]
    lines += [
        f"  {bus}: {{driver: python-can, interface: udp_multicast, channel: {GROUP}, port: {free_port()}}}"
        for bus in ("body", "infotainment")
    ]
    lines += [f'{room}: {{driver: "harness.rig.embedded:{room}"}}' for room in ROOMS]
    path = tmp_path_factory.mktemp("kept") / "kept.yaml"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def keeper(rig_file: Path) -> Iterator[KeeperChild]:
    child = KeeperChild(rig_file)
    yield child
    child.close()


@pytest.fixture
def rig(rig_file: Path, keeper: KeeperChild, vehicle: Vehicle, tmp_path: Path) -> Iterator[Rig]:
    opened = open_rig(load_rig(rig_file), vehicle, random.Random(1), logs=tmp_path, keeper=keeper.address)
    yield opened
    opened.close()


def other_node(rig: Rig, rig_file: Path, bus: str) -> PythonCan:
    settings = load_rig(rig_file).model.can[bus].settings
    return open_python_can(rig.clock, bus, settings, 500_000, 2_000_000)


class TestKeptCan(CanContract):
    @pytest.fixture
    def ends(self, rig: Rig, rig_file: Path) -> Iterator[CanEnds]:
        far = other_node(rig, rig_file, "infotainment")
        yield CanEnds(rig.clock, rig.can["infotainment"], far, settle=100 * MS)
        far.close()


def test_overlays_are_whole_within_a_cycle_and_no_counter_is_out_of_turn(
    rig: Rig, rig_file: Path, vehicle: Vehicle
) -> None:
    message = vehicle.buses["body"].database.by_name("SWC_Buttons")
    pressed, counter, cycle = message.signals["SWC_Msg"], message.signals["SWC_Counter"], message.cycle or 0
    from harness.can.protection import Protector

    protector = Protector(message, vehicle.protection["body", "SWC_Buttons"])
    heard: list[Heard] = []
    far = other_node(rig, rig_file, "body")
    far.listen(lambda h: heard.append(h) if h.frame is not None and h.frame.key == message.key else None)
    bus = rig.restbus("body", random.Random(1))
    bus.start(["SWC_Buttons"])
    rng = random.Random("overlays")
    asked: list[tuple[Ns, int]] = []
    for n in range(40):
        rig.clock.run_until(rig.clock.now() + rng.randrange(5 * MS, 70 * MS))
        bus.set("SWC_Buttons", {"SWC_Msg": n % 2})
        asked.append((rig.clock.now(), n % 2))
    rig.clock.run_until(rig.clock.now() + 200 * MS)
    far.close()
    frames = [h.frame.data for h in heard if h.frame is not None]
    counters = [counter.read_raw(data) for data in frames]
    assert counters == [(counters[0] + n) % 15 for n in range(len(counters))]
    for data in frames:  # a torn frame would not carry the checksum of its own contents
        assert protector.apply(data, counter.read_raw(data)) == data
    for (since, value), (until, _) in zip(asked, [*asked[1:], (rig.clock.now(), 0)], strict=True):
        if until - since > 2 * cycle:
            first = next(h for h in heard if h.frame is not None and h.early > since)
            assert first.t - since <= cycle + 10 * MS
            assert pressed.read_raw(first.frame.data) == value  # type: ignore[union-attr]


def test_a_killed_keeper_loses_no_more_than_the_last_100_ms_and_is_told(
    rig_file: Path, vehicle: Vehicle, tmp_path: Path
) -> None:
    child = KeeperChild(rig_file, tmp_path)
    rig = open_rig(load_rig(rig_file), vehicle, random.Random(1), logs=tmp_path, keeper=child.address)
    far = other_node(rig, rig_file, "body")
    for n in range(300):
        far.send(Frame(0x7B0, n.to_bytes(4, "big")))
        rig.clock.run_until(rig.clock.now() + 3 * MS)
    killed = rig.clock.now()
    os.kill(child._member._process.pid, signal.SIGKILL)
    child._member._process.wait()
    kept = [h for _, h in read_candump(tmp_path / "body.log") if h.frame is not None and h.frame.id == 0x7B0]
    assert [int.from_bytes(h.frame.data, "big") for h in kept if h.frame] == list(range(len(kept)))
    assert killed - kept[-1].t <= 100 * MS
    with pytest.raises(RigFault, match="keeper is gone"):
        rig.can["body"].send(Frame(0x100, b""))
    rig.clock.run_until(rig.clock.now() + 20 * MS)
    seen = rig.can["body"].seen_to()
    rig.clock.run_until(rig.clock.now() + 50 * MS)
    assert rig.can["body"].seen_to() == seen  # the watermark stands still: judging comes to BLOCKED
    far.close()
    with pytest.raises(RigFault):
        rig.close()


def test_two_cannot_have_one_rig(rig: Rig, rig_file: Path, keeper: KeeperChild, vehicle: Vehicle) -> None:
    with pytest.raises(RigFault, match="in use"):
        open_rig(load_rig(rig_file), vehicle, random.Random(2), keeper=keeper.address)
    rig.can["body"].send(Frame(0x100, b""))  # and the first is none the worse for it


def test_only_what_is_meant_to_be_asked_can_be_asked(rig: Rig) -> None:
    link: Any = rig.held._link  # type: ignore[union-attr]
    for target, method in (("can/body", "close"), ("keeper", "run"), ("supply/", "_beat"), ("nothing", "send")):
        with pytest.raises(HarnessError, match="keeper"):
            link.call(target, method)


def test_without_the_key_nobody_gets_in(keeper: KeeperChild) -> None:
    with pytest.raises(RigFault, match="cannot be reached"):
        Link(Address(keeper.address.where, "00" * 32))
    Link(keeper.address).close()


def test_a_case_that_ends_leaves_the_supply_off(
    rig_file: Path, keeper: KeeperChild, vehicle: Vehicle, tmp_path: Path
) -> None:
    opened = open_rig(load_rig(rig_file), vehicle, random.Random(1), logs=tmp_path, keeper=keeper.address)
    opened.supply.set_voltage(12)
    opened.supply.output(True)
    assert opened.supply.read().volts == 12
    opened.close()
    pause(0.05)
    assert '"KL30 off"' in (tmp_path / "safe_state.jsonl").read_text("utf-8")

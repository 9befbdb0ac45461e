"""The example of a bench: a rig file that loads, whose every setting its driver accepts, and whose ports are told one
by one where they are not there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from can import BitTiming, BitTimingFd

from harness.rig.check import check_wall
from harness.rig.load import ROOMS, load_rig
from harness.rig.probing.ports import names
from harness.vehicle.load import load_vehicle

ROOT = Path(__file__).parents[2]
BENCH = ROOT / "rigs" / "bench.yaml"


def test_it_loads_and_names_every_room_the_car_needs() -> None:
    file = load_rig(BENCH)
    assert file.model.head_unit.simulated is None
    assert file.model.level == "bench"
    car = load_vehicle(ROOT / "dbc" / file.model.vehicle)
    assert set(file.model.can) == set(car.buses)
    assert set(names(file, car.buses)) == {*ROOMS, *(f"can/{bus}" for bus in car.buses)}
    assert "EXAMPLE" in BENCH.read_text("utf-8").splitlines()[0]


def test_its_safe_state_takes_the_lines_before_the_supply() -> None:
    steps = [str(step) for step in load_rig(BENCH).model.safe_state]
    assert steps[-1] == "KL30 off"
    assert [step for step in steps if step.endswith(" off")] == [
        "bus_short off", "reverse off", "ACC off", "KL15 off", "KL30 off",
    ]  # fmt: skip
    assert any("sleep" in step for step in steps)


def test_its_sample_points_can_be_had_from_its_clocks() -> None:
    for name, port in load_rig(BENCH).model.can.items():
        s = port.settings
        if s.get("fd") is False:
            timing = BitTiming.from_sample_point(s["f_clock"], s["bitrate"], s["sample_point"])
            assert (timing.bitrate, timing.sample_point) == (s["bitrate"], s["sample_point"]), name
        else:
            fd = BitTimingFd.from_sample_point(
                s["f_clock"], s["bitrate"], s["sample_point"], s["data_bitrate"], s["data_sample_point"]
            )
            assert (fd.nom_bitrate, fd.data_bitrate) == (s["bitrate"], s["data_bitrate"]), name
            assert (fd.nom_sample_point, fd.data_sample_point) == (s["sample_point"], s["data_sample_point"]), name


def test_where_nothing_of_it_is_there_each_port_says_so_and_no_setting_is_refused(tmp_path: Path) -> None:
    if any(Path(f"/dev/hil/{name}").exists() for name in ("console", "relays", "supply", "camera")):
        pytest.skip("this computer has such a bench")
    path = tmp_path / "bench.yaml"
    shutil.copy(BENCH, path)
    text = path.read_text("utf-8").replace("dialog: generic", f"dialog: generic\n  state: {tmp_path / 'accounts.json'}")
    path.write_text(text.replace("prefix: [sudo, -n]", f"prefix: [{tmp_path / 'no-sudo'}]"), "utf-8")
    file = load_rig(path)
    car = load_vehicle(ROOT / "dbc" / file.model.vehicle)
    told: list[str] = []
    findings, bad_file = check_wall(file, car, power=False, tell=lambda one: told.append(one.finding.port), begin=_idle)
    assert told == names(file, car.buses)
    assert not bad_file
    state = {port.port: port.state for port in findings.ports}
    assert state.pop("audio") in ("missing", "wrong")  # "wrong": it was never calibrated
    assert set(state.values()) == {"missing"}
    assert all(port.said and "\n" not in port.said for port in findings.ports)
    assert findings.events == ()
    assert "keeper needs" in findings.no_event


def _idle(_: str) -> None:
    return None

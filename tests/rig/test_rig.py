"""Opening and closing a rig: order, and whose fault it is when it does not work."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.foundation.errors import BadInput, RigFault, SeveralBadInputs
from harness.rig import embedded
from harness.rig.load import load_rig
from harness.rig.rig import Rig, open_rig
from harness.vehicle.load import load_vehicle

ROOT = Path(__file__).resolve().parents[2]
VIRTUAL = (ROOT / "rigs" / "virtual.yaml").read_text()


@pytest.fixture(scope="module")
def gs4():
    return load_vehicle(ROOT / "dbc" / "gs4")


@pytest.fixture
def rig_file(tmp_path: Path):
    def write(*changes: tuple[str, str]) -> Path:
        text = VIRTUAL
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "rig.yaml"
        path.write_text(text)
        return path

    return write


def opened(path: Path, vehicle, **more) -> Rig:
    return open_rig(load_rig(path), vehicle, random.Random(1), **more)


@pytest.mark.parametrize(
    ("old", "new", "line", "problem", "remedy"),
    [
        ("supply:  {driver: memory}", "supply:  {driver: memroy}", 12, "no such driver for supply", "'memory'"),
        ("clock: virtual", "clock: wall", 8, "needs a virtual clock", "clock: virtual"),
        ("audio:   {driver: memory}", "adio:   {driver: memory}", 11, "unknown key", "'audio'"),
        ("screen:  {driver: memory}\n", "", None, "is missing", "'screen'"),
        ("head_unit: {simulated: embedded}", "head_unit: {simulated: somewhere}", 6, "embedded", "type"),
    ],
)
def test_a_wrong_rig_file_is_bad_input_with_its_line(rig_file, old, new, line, problem, remedy) -> None:
    path = rig_file((old, new))
    with pytest.raises((BadInput, SeveralBadInputs)) as why:
        load_rig(path)
    errors = getattr(why.value, "errors", [why.value])
    fitting = [e for e in errors if problem in e.problem and remedy in e.remedy]
    assert fitting, [str(e) for e in errors]
    assert line is None or line in [e.line for e in fitting]
    assert all(str(path) in str(e) for e in errors)


def test_a_bus_that_the_car_needs_and_the_rig_has_not_is_bad_input(rig_file, gs4) -> None:
    with pytest.raises(BadInput, match="infotainment: the rig has no such bus"):
        opened(rig_file(("  infotainment: {driver: memory}\n", ""), ("  '*':          {driver: memory}\n", "")), gs4)


def test_a_star_stands_for_the_buses_that_are_not_named(rig_file, gs4) -> None:
    rig = opened(rig_file(("  infotainment: {driver: memory}\n", "")), gs4)
    assert set(rig.can) == {"body", "infotainment"}
    rig.close()


def test_a_star_is_no_bus_on_a_wall_clock(rig_file) -> None:
    with pytest.raises(SeveralBadInputs, match="stands for any bus"):
        load_rig(rig_file(("clock: virtual", "clock: wall")))


def test_a_bus_that_the_car_has_not_is_left_alone(rig_file, gs4) -> None:
    rig = opened(rig_file(("  infotainment:", "  chassis: {driver: 'nowhere:bus'}\n  infotainment:")), gs4)
    assert set(rig.can) == {"body", "infotainment"}
    rig.close()


def test_without_a_simulated_unit_there_are_no_defects(rig_file, gs4) -> None:
    path = rig_file(("head_unit: {simulated: embedded}\n", ""))
    with pytest.raises(BadInput, match="takes no defects"):
        opened(path, gs4, defects=("btn-01-chime-late",))
    with pytest.raises(BadInput, match="takes no defects or variants"):
        opened(path, gs4, variant_seed=1)
    rig = opened(path, gs4)
    assert rig.unit is None
    rig.close()


def test_an_unknown_defect_gets_a_suggestion(rig_file, gs4) -> None:
    with pytest.raises(BadInput, match="Did you mean 'btn-01-chime-late'"):
        opened(rig_file(), gs4, defects=("btn-01-chime-lat",))


def test_a_driver_that_is_not_installed_is_the_rigs_fault(rig_file, gs4) -> None:
    path = rig_file(("supply:  {driver: memory}", "supply:  {driver: 'no_such_package:supply'}"))
    with pytest.raises(RigFault, match=r"supply cannot be opened by no_such_package:supply"):
        opened(path, gs4)


def test_a_driver_without_that_function_is_the_rigs_fault(rig_file, gs4) -> None:
    path = rig_file(("supply:  {driver: memory}", "supply:  {driver: 'harness.rig.embedded:suply'}"))
    with pytest.raises(RigFault, match="supply cannot be opened"):
        opened(path, gs4)


class Watched:
    """A port that says when it is closed, and may fail to."""

    def __init__(self, port, name: str, log: list[str], broken: bool) -> None:
        self._port, self._name, self._log, self._broken = port, name, log, broken

    def __getattr__(self, name: str):
        return getattr(self._port, name)

    def close(self) -> None:
        self._log.append(f"close {self._name}")
        if self._broken:
            raise OSError("relay welded")
        self._port.close()


@pytest.fixture
def watched():
    """A module of drivers as another repository would have one; ``broken`` names ports that do not close or open."""
    module = SimpleNamespace(log=[], broken=set(), missing=set())

    def driver(room: str):
        def fit(site, name, settings):
            module.log.append(f"open {name}")
            if name in module.missing:
                raise OSError("no such device")
            fitted = getattr(embedded, room)(site, name, settings)
            return fitted.__class__(Watched(fitted.port, name, module.log, name in module.broken), fitted.far)

        return fit

    for room in ("can", "audio", "supply", "console", "screen", "network", "io"):
        setattr(module, room, driver(room))
    sys.modules["watched_drivers"] = module  # type: ignore[assignment]
    yield module
    del sys.modules["watched_drivers"]


def watching(rig_file) -> Path:
    rooms = ("audio", "supply", "console", "screen", "network", "io")
    changes = [("body:         {driver: memory}", "body:         {driver: 'watched_drivers:can'}"),
               ("infotainment: {driver: memory}", "infotainment: {driver: 'watched_drivers:can'}")]  # fmt: skip
    line = {room: next(x for x in VIRTUAL.splitlines() if x.startswith(f"{room}:")) for room in rooms}
    changes += [(line[r], line[r].replace("memory", f"'watched_drivers:{r}'")) for r in rooms]
    return rig_file(*changes)


def test_ports_are_closed_in_the_opposite_order(rig_file, gs4, watched) -> None:
    rig = opened(watching(rig_file), gs4)
    order = [entry.removeprefix("open ") for entry in watched.log]
    assert order[:2] == ["body", "infotainment"]
    watched.log.clear()
    rig.close()
    closed = [entry.removeprefix("close ") for entry in watched.log]
    assert closed == order[::-1]
    watched.log.clear()
    rig.close()
    assert watched.log == [], "closing twice closes nothing twice"


def test_a_port_that_does_not_close_is_the_rigs_fault_and_the_others_are_closed(rig_file, gs4, watched) -> None:
    watched.broken = {"supply", "screen"}
    rig = opened(watching(rig_file), gs4)
    with pytest.raises(RigFault, match=r"screen did not close: .*relay welded.*; supply did not close"):
        rig.close()
    assert {"close body", "close audio", "close io"} <= set(watched.log)


def test_what_was_opened_is_closed_when_a_later_port_does_not_open(rig_file, gs4, watched) -> None:
    watched.missing = {"screen"}
    with pytest.raises(RigFault, match="screen cannot be opened by watched_drivers:screen: no such device"):
        opened(watching(rig_file), gs4)
    left_open = {e.removeprefix("open ") for e in watched.log if e.startswith("open ")} - {"screen"}
    assert {e.removeprefix("close ") for e in watched.log if e.startswith("close ")} == left_open

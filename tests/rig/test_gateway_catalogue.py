"""The disturbances as a whole: each is told, has a scenario that exists, and can be put before a rig's ports."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path
from random import Random

import pytest

from harness.audio.none import NoAudio
from harness.foundation.clock import VirtualClock
from harness.foundation.errors import BadInput, NotOffered
from harness.foundation.places import find
from harness.foundation.values import Verdict
from harness.judging.requirements import Catalogue, load_requirements
from harness.rig.gateway.catalogue import disturbances
from harness.rig.gateway.disturbance import Place, disturbed
from harness.rig.load import RigFile, load_rig
from harness.rig.rig import open_rig
from harness.vehicle.load import load_vehicle
from harness.vehicle.vehicle import Vehicle

ROOT = Path(__file__).parents[2]
ROOMS = {"can", "sound", "screen", "supply", "io", "console", "phone", "network"}


@lru_cache
def functions(path: Path) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def verified(node: ast.FunctionDef) -> list[object]:
    """The ids in ``@verifies(...)``."""
    calls = [call for call in node.decorator_list if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)]
    ours = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "verifies"]
    return [arg.value for call in ours for arg in call.args if isinstance(arg, ast.Constant)]


def test_there_are_thirty_and_more_of_every_port_family() -> None:
    known = disturbances()
    assert len(known) >= 30
    assert {one.room for one in known.values()} == ROOMS
    assert {one.answer for one in known.values()} == {Verdict.FAIL, Verdict.BLOCKED}


@pytest.fixture(scope="module")
def vehicle() -> Vehicle:
    return load_vehicle(find("dbc", "gs4", project=ROOT))


@pytest.fixture(scope="module")
def file() -> RigFile:
    return load_rig(ROOT / "rigs" / "virtual.yaml")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_requirements(ROOT / "scenarios" / "requirements")


@pytest.mark.parametrize("name", disturbances())
def test_each_is_told_and_its_scenario_verifies_what_it_is_to_answer(name: str, catalogue: Catalogue) -> None:
    one = disturbances()[name]
    assert re.fullmatch(r"[A-Z].*[^.]\.", one.stands_for)
    assert one.requirement in catalogue
    path, _, function = one.scenario.partition("[")[0].partition("::")
    assert one.requirement in verified(functions(ROOT / path)[function])


@pytest.mark.parametrize("name", disturbances())
def test_each_can_be_put_before_the_ports_of_a_rig(name: str, vehicle: Vehicle, file: RigFile) -> None:
    rig = open_rig(file, vehicle, Random(1), disturbances=(name,))
    ports = (*rig.can.values(), rig.audio, rig.screen, rig.supply, rig.io, rig.console, rig.service, rig.network)
    assert [port for port in ports if type(port).__module__.startswith("harness.rig.gateway.")]
    rig.clock.run_until(1_000_000)
    rig.close()


def test_an_unknown_one_is_refused_with_a_suggestion(vehicle: Vehicle, file: RigFile) -> None:
    with pytest.raises(BadInput, match="can-state-late"):
        open_rig(file, vehicle, Random(1), disturbances=("can-state-lat",))


def test_where_a_keeper_sends_no_gateway_can_stand_before_the_unit(vehicle: Vehicle, file: RigFile) -> None:
    rig = open_rig(file, vehicle, Random(1))
    ports = {f"can/{bus}": port for bus, port in rig.can.items()}
    kept = Place(rig.clock, rig.vehicle, ports, kept=True)
    with pytest.raises(BadInput, match="keeper"):
        disturbed(kept, ("can-wheel-lost",), disturbances())
    assert disturbed(kept, ("can-state-lost",), disturbances()) != ports
    rig.close()


def test_what_a_rig_does_not_have_cannot_be_disturbed(vehicle: Vehicle) -> None:
    clock = VirtualClock()
    with pytest.raises(NotOffered, match="no audio"):
        disturbed(Place(clock, vehicle, {"audio": NoAudio()}), ("sound-late",), disturbances())


def test_each_is_told_in_the_reference_as_it_is() -> None:
    page = (ROOT / "docs" / "reference" / "disturbances.md").read_text("utf-8")
    told = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `") and line.count("`") == 4}
    assert list(told) == list(disturbances())
    for one in disturbances().values():
        answer = f"FAIL of {one.requirement}" if one.answer is Verdict.FAIL else "BLOCKED"
        assert f"| {one.stands_for} | {answer} |" in told[one.id]
        assert one.scenario.partition("::")[2] in told[one.id]
        assert told[one.id].endswith("| virtual |" if one.only_virtual else "| any |")

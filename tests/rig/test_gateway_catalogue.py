"""The disturbances as a whole: each is told, has a scenario that exists, and can be put before a rig's ports."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from random import Random

import pytest

from harness.foundation.errors import BadInput
from harness.foundation.places import find
from harness.foundation.values import Verdict
from harness.judging.requirements import load_requirements
from harness.rig.gateway.catalogue import disturbances
from harness.rig.gateway.disturbance import Place, disturbed
from harness.rig.load import load_rig
from harness.rig.rig import open_rig
from harness.vehicle.load import load_vehicle

ROOT = Path(__file__).parents[2]
ROOMS = {"can", "sound", "screen", "supply", "io", "console", "phone", "network"}


def functions(path: Path) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_there_are_thirty_and_more_of_every_port_family() -> None:
    known = disturbances()
    assert len(known) >= 30
    assert {one.room for one in known.values()} == ROOMS
    assert {one.answer for one in known.values()} == {Verdict.FAIL, Verdict.BLOCKED}


@pytest.mark.parametrize("name", disturbances())
def test_each_is_told_and_its_scenario_verifies_what_it_is_to_answer(name: str) -> None:
    one = disturbances()[name]
    assert re.fullmatch(r"[A-Z].*[^.]\.", one.stands_for)
    assert one.requirement in load_requirements(ROOT / "scenarios" / "requirements")
    file, _, function = one.scenario.partition("[")[0].partition("::")
    node = functions(ROOT / file)[function]
    verified = [arg.value for call in node.decorator_list if isinstance(call, ast.Call) for arg in call.args
                if isinstance(call.func, ast.Name) and call.func.id == "verifies" and isinstance(arg, ast.Constant)]  # fmt: skip
    assert one.requirement in verified


@pytest.mark.parametrize("name", disturbances())
def test_each_can_be_put_before_the_ports_of_a_rig(name: str) -> None:
    vehicle = load_vehicle(find("dbc", "gs4", project=ROOT))
    file = load_rig(ROOT / "rigs" / "virtual.yaml")
    plain = open_rig(file, vehicle, Random(1))
    rig = open_rig(file, vehicle, Random(1), disturbances=(name,))
    ports = {**rig.can, "audio": rig.audio, "screen": rig.screen, "supply": rig.supply, "io": rig.io,
             "console": rig.console, "phone": rig.service, "network": rig.network}  # fmt: skip
    without = {**plain.can, "audio": plain.audio, "screen": plain.screen, "supply": plain.supply, "io": plain.io,
               "console": plain.console, "phone": plain.service, "network": plain.network}  # fmt: skip
    assert [key for key in ports if type(ports[key]) is not type(without[key])]
    rig.clock.run_until(1_000_000)
    rig.close()
    plain.close()


def test_an_unknown_one_is_refused_with_a_suggestion() -> None:
    vehicle = load_vehicle(find("dbc", "gs4", project=ROOT))
    with pytest.raises(BadInput, match="can-state-late"):
        open_rig(load_rig(ROOT / "rigs" / "virtual.yaml"), vehicle, Random(1), disturbances=("can-state-lat",))


def test_where_a_keeper_sends_no_gateway_can_stand_before_the_unit() -> None:
    rig = open_rig(load_rig(ROOT / "rigs" / "virtual.yaml"), load_vehicle(find("dbc", "gs4", project=ROOT)), Random(1))
    ports = {f"can/{bus}": port for bus, port in rig.can.items()}
    kept = Place(rig.clock, rig.vehicle, ports, kept=True)
    with pytest.raises(BadInput, match="keeper"):
        disturbed(kept, ("can-wheel-lost",), disturbances())
    assert disturbed(kept, ("can-state-lost",), disturbances()) != ports
    rig.close()

"""How a scenario ends decides its verdict, in pytest as in every report."""

from __future__ import annotations

SCENARIOS = """
import pytest


@verifies("ZZZ-01")
def test_passes(world, judge):
    judge("ZZZ-01", share(world, 80))


@verifies("ZZZ-01")
def test_fails(world, judge):
    judge("ZZZ-01", share(world, 20))


@verifies("ZZZ-01")
def test_is_open(world, judge):
    judge("ZZZ-01", share(world, 40, 60))


@verifies("ZZZ-02")
def test_does_not_apply(world, judge):
    judge("ZZZ-02", share(world, 80))


@verifies("ZZZ-01")
def test_rig_breaks(world, judge):
    judge("ZZZ-01", share(world, 80))
    raise RigFault("the supply is silent")


@verifies("ZZZ-01")
def test_rig_breaks_after_a_fail(world, judge):
    judge("ZZZ-01", share(world, 20))
    raise RigFault("the supply is silent")


@verifies("ZZZ-01")
def test_our_mistake(world, judge):
    judge("ZZZ-01", share(world, 20))
    raise KeyError("ours")


def hears_badly(world, car):
    # a listener of the bench's own bus raises while the car's other nodes talk

    def stumbles(heard):
        raise KeyError("no such frame")

    next(iter(world.ports.can.values())).listen(stumbles)
    car.gets_power()
    car.starts()
    world.wait(1_000_000_000)


@verifies("ZZZ-01")
def test_a_listener_stumbles(world, car, judge):
    hears_badly(world, car)
    judge("ZZZ-01", share(world, 80))


@verifies("ZZZ-01")
def test_a_listener_stumbles_before_a_fail(world, car, judge):
    hears_badly(world, car)
    judge("ZZZ-01", share(world, 20))


@verifies("ZZZ-01")
def test_judges_nothing(world, judge):
    pass


@verifies("ZZZ-01")
def test_forgets_a_question(world, judge):
    judge("ZZZ-01", share(world, 80))
    share(world, 20)


@verifies("ZZZ-01", "DRV-01")
def test_forgets_a_requirement(world, judge):
    judge("ZZZ-01", share(world, 80))


@verifies("ZZZ-01")
def test_require_stops(world, judge, require):
    require("ZZZ-01", share(world, 20))
    raise KeyError("never reached")


@verifies("ZZZ-01")
def test_goes_on_after_a_fail(world, judge):
    judge("ZZZ-01", share(world, 20))
    judge("ZZZ-01", share(world, 80))


@verifies("ZZZ-01")
@repeats("ZZZ-01")
def test_repeats(world, judge, head_unit):
    judge("ZZZ-01", share(world, 80))


@pytest.fixture
def broken(world):
    raise RigFault("no link to the camera")


@pytest.fixture
def mistaken(world):
    raise KeyError("ours")


@verifies("ZZZ-01")
def test_setup_blocks(broken, judge):
    pass


@verifies("ZZZ-01")
def test_setup_is_wrong(mistaken, judge):
    pass


def test_of_ones_own():
    assert True
"""

EXPECTED = {
    "test_passes": ("PASS", "PASSED"),
    "test_fails": ("FAIL", "FAILED"),
    "test_is_open": ("INCONCLUSIVE", "FAILED"),
    "test_does_not_apply": ("NOT_APPLICABLE", "SKIPPED"),
    "test_rig_breaks": ("BLOCKED", "FAILED"),
    "test_rig_breaks_after_a_fail": ("FAIL", "FAILED"),
    "test_our_mistake": ("ERROR", "FAILED"),
    "test_a_listener_stumbles": ("ERROR", "FAILED"),
    "test_a_listener_stumbles_before_a_fail": ("ERROR", "FAILED"),
    "test_judges_nothing": ("ERROR", "FAILED"),
    "test_forgets_a_question": ("ERROR", "FAILED"),
    "test_forgets_a_requirement": ("ERROR", "FAILED"),
    "test_require_stops": ("FAIL", "FAILED"),
    "test_goes_on_after_a_fail": ("FAIL", "FAILED"),
    "test_repeats": ("PASS", "PASSED"),
    "test_setup_blocks": ("BLOCKED", ""),
    "test_setup_is_wrong": ("ERROR", ""),
}


def test_each_ending_has_its_verdict(project) -> None:
    project.with_requirements().scenario(SCENARIOS)

    done, data = project.run("-vv", "scenarios")

    found = {case["id"].split("::")[1].split("[")[0]: case for case in data["cases"]}
    assert {n: c["verdict"] for n, c in found.items()} == {n: v for n, (v, _) in EXPECTED.items()}
    assert done.returncode == 1
    assert data["exit_code"] == 4, "the worst of 4, 1, 3, 5"
    for name, (_, word) in EXPECTED.items():
        lines = [line for line in done.stdout.splitlines() if f"::{name}[" in line]
        assert any(word in line for line in lines), (name, lines)
    assert "1 failed" not in done.stdout
    assert "KeyError: 'ours'" in done.stdout, "our own bug keeps its traceback"
    assert "the share: 20 %, limit" in found["test_fails"]["reason"]
    assert "the supply is silent" in found["test_rig_breaks"]["reason"]
    assert "KeyError: 'no such frame'" in found["test_a_listener_stumbles"]["reason"]
    assert "ZZZ-02" in found["test_does_not_apply"]["reason"]
    assert "never judged" in found["test_forgets_a_question"]["reason"]
    assert "DRV-01" in found["test_forgets_a_requirement"]["reason"]
    assert len(found["test_goes_on_after_a_fail"]["measurements"]) == 2
    assert found["test_repeats"]["measurements"][0]["samples"] == 3
    assert "no link to the camera" in found["test_setup_blocks"]["reason"]


def test_a_rig_that_cannot_be_restored_blocks(project) -> None:
    project.with_requirements().scenario(
        '@verifies("ZZZ-01")\ndef test_passes(world, judge):\n    judge("ZZZ-01", share(world, 80))\n'
    )
    project.write(
        "stuck.py",
        "from harness.rig import embedded\n\n\n"
        "class Stuck:\n"
        "    def __init__(self, port):\n        self._port = port\n"
        "    def __getattr__(self, name):\n        return getattr(self._port, name)\n"
        "    def close(self):\n        raise OSError('relay welded')\n\n\n"
        "def supply(site, name, settings):\n"
        "    fitted = embedded.supply(site, name, settings)\n"
        "    return fitted.__class__(Stuck(fitted.port), fitted.far)\n",
    )
    from pathlib import Path

    rig = (Path(__file__).resolve().parents[2] / "rigs" / "virtual.yaml").read_text()
    project.write("rigs/stuck.yaml", rig.replace("supply:  {driver: memory}", "supply:  {driver: 'stuck:supply'}"))

    done, data = project.run("--rig", "stuck", "scenarios")

    assert done.returncode == 1
    assert "restoring the rig failed" in done.stdout
    assert "relay welded" in done.stdout
    assert data["cases"][0]["verdict"] == "PASS", "restoring comes after the verdict and does not change it"
    assert data["exit_code"] == 3

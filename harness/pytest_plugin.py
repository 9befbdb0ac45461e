"""The pytest front door.

Theory. Loaded everywhere pytest runs with this package installed, so it imports nothing heavy and stays out of the
way: its fixtures exist only where ``hil_rig`` (ini) or ``--rig`` is set. The verdict of a case is decided around the
call phase; setup failures are decided where they are reported. A worker writes only below ``cases/``.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("hil", "head unit test harness")
    group.addoption("--rig", help="rig file or name; switches the harness on (ini: hil_rig)")
    group.addoption("--vehicle", default="", help="car, several with commas, or all (default: the rig's)")
    group.addoption("--defect", action="append", default=[], help="seed a defect into the simulated head unit")
    group.addoption("--disturb", action="append", default=[], help="make something wrong between unit and bench")
    group.addoption("--variant-seed", type=int, default=None, help="use a right variant of the simulated head unit")
    group.addoption("--seed", type=int, default=7, help="seed of everything random (default: 7)")
    group.addoption("--hil-out", default="", help="run folder; given by 'hil run' (default: a new one below reports/)")
    group.addoption(
        "--hold-on-fail", action="store_true", help="on a real bench: stop at the first failure and leave it powered"
    )
    group.addoption("--hil-no-recordings", action="store_true", help="write journals only: no traces, sound, pictures")
    group.addoption("--no-sweep", action="store_true", help="leave out scenarios that open hundreds of worlds")
    group.addoption("--requirement", action="append", default=[], help="only scenarios that verify this id")
    parser.addini("hil_rig", "rig of this project; switches the harness on")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(*offers): what the scenario asks of a car, such as button.level")
    config.addinivalue_line("markers", "verifies(*ids): requirement ids the scenario verifies")
    config.addinivalue_line("markers", "sweeps(id): opens hundreds of worlds; --no-sweep leaves it out")
    config.addinivalue_line("markers", "repeats(id): repeat as often as the requirement asks for")
    rig = config.getoption("--rig") or config.getini("hil_rig")
    if not rig or config.getoption("--help", default=False):
        return
    from harness.pytest_runner import register

    register(config, str(rig))

"""./hil: makes its environment once, notices what makes it stale, and says what it does."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_first_start_says_what_it_does_installs_and_hands_over(checkout: Any) -> None:
    first = checkout.start("run", "-k", "a b")
    assert first.returncode == 0, first.stderr
    assert first.stdout == "started with run -k a b PYTHONPATH=unset PYTHONHOME=unset\n"
    assert "first start: making .venv" in first.stderr
    assert "minutes" in first.stderr
    assert checkout.logged() == ["venv", "pip"]
    assert not (checkout.root / ".venv.lock").exists()


def test_the_second_start_does_nothing_but_hand_over(checkout: Any) -> None:
    checkout.start("--version")
    second = checkout.start("--version")
    assert second.stderr == ""
    assert checkout.logged() == ["venv", "pip"]


def test_variables_that_lead_python_astray_are_unset(checkout: Any) -> None:
    started = checkout.start("x", PYTHONPATH="/elsewhere", PYTHONHOME="/elsewhere")
    assert started.stdout == "started with x PYTHONPATH=unset PYTHONHOME=unset\n"


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_new_requirements_are_installed_into_the_same_environment(checkout: Any, name: str) -> None:
    checkout.start()
    with (checkout.root / name).open("a") as file:
        file.write("# new\n")
    again = checkout.start()
    assert "bringing .venv up to date" in again.stderr
    assert checkout.logged() == ["venv", "pip", "pip"]
    assert checkout.start().stderr == ""


def test_a_moved_checkout_gets_a_new_environment(checkout: Any) -> None:
    checkout.start()
    moved = checkout.root.with_name("moved")
    checkout.root.rename(moved)
    checkout.root = moved
    assert "first start" in checkout.start().stderr
    assert checkout.logged() == ["venv", "pip", "venv", "pip"]


def test_another_python_behind_the_environment_gets_a_new_one(checkout: Any) -> None:
    checkout.start()
    checkout.python("3.13.0")
    shutil.copy(checkout.tools / "python3", checkout.root / ".venv" / "bin" / "python")
    assert "first start" in checkout.start().stderr
    assert checkout.logged() == ["venv", "pip", "venv", "pip"]


def test_an_installation_that_failed_is_tried_again(checkout: Any) -> None:
    checkout.python(fail=True)
    failed = checkout.start()
    assert failed.returncode == 2
    assert "the installation did not finish" in failed.stderr
    checkout.python()
    shutil.copy(checkout.tools / "python3", checkout.root / ".venv" / "bin" / "python")
    assert checkout.start().returncode == 0
    assert checkout.logged()[-1] == "pip"


def test_a_python_without_ensurepip_is_explained(checkout: Any) -> None:
    checkout.python(no_pip=True)
    refused = checkout.start()
    assert refused.returncode == 2
    assert "apt install python3-venv" in refused.stderr
    assert checkout.logged() == []


def test_no_new_enough_python_is_explained(checkout: Any) -> None:
    checkout.python(old=True)
    refused = checkout.start()
    assert refused.returncode == 2
    assert "no Python >= 3.11" in refused.stderr
    named = checkout.start(HIL_PYTHON="/no/such/python")
    assert "HIL_PYTHON=/no/such/python is not a Python >= 3.11" in named.stderr


def test_two_first_starts_at_once_install_once(checkout: Any) -> None:
    checkout.python(slow=1.5)
    both = [checkout.popen("one"), checkout.popen("two")]
    errors = [process.communicate(timeout=60)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert checkout.logged() == ["venv", "pip"]
    assert sum("is preparing .venv; waiting" in error for error in errors) == 1


def test_the_lock_of_a_killed_start_is_taken_over(checkout: Any) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    lock = checkout.root / ".venv.lock"
    lock.mkdir()
    (lock / "pid").write_text(f"{ended.pid}\n")
    began = time.monotonic()
    assert checkout.start().returncode == 0
    assert time.monotonic() - began < 20
    assert not lock.exists()


@pytest.mark.parametrize("script", ["hil", ".ci/run"])
def test_the_scripts_are_plain_posix(script: str) -> None:
    checkers = [[tool, *flags] for tool, *flags in (("dash", "-n"), ("shellcheck",)) if shutil.which(tool)]
    if not checkers:
        pytest.skip("neither dash nor shellcheck here")
    for checker in checkers:
        done = subprocess.run([*checker, str(ROOT / script)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_constraints_pin_every_dependency_and_name_no_address() -> None:
    import tomllib

    text = (ROOT / "constraints.txt").read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lines}
    assert all("==" in line for line in lines)
    assert "://" not in text
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["test"]
    assert {name.lower().replace("_", "-") for name in wanted} <= pinned
    assert all("==" in name for name in project["build-system"]["requires"])

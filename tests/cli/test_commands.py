"""The small commands: version, checks, coverage, report, replay lines, the project's folder."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from harness import __version__
from harness.cli.main import parser
from harness.cli.project import project_rig, project_root


def test_version_imports_nothing_heavy(project: Any) -> None:
    import subprocess

    code = (
        "import sys; sys.argv = ['hil', '--version']; from harness.__main__ import main; main();"
        "loaded = {m.partition('.')[0] for m in sys.modules};"
        "print(sorted(loaded & {'numpy', 'can', 'yaml', 'rich', 'pytest', 'argparse'}))"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"hil {__version__}\n[]\n"


def test_the_car_and_the_rig_are_good(project: Any) -> None:
    rig = project.hil("rig", "check", "virtual")
    assert rig.returncode == 0, rig.stderr
    assert re.search(
        r"^can/body: .*\n(.*\n)*opened and closed with .*GS4.*\nvirtual\.yaml: good\n", rig.stdout, re.MULTILINE
    )
    car = project.hil("vehicle", "check", "gs4")
    assert car.returncode == 0, car.stderr
    assert re.search(r"role wheel\.messaging .*0x1A0", car.stdout)
    assert car.stdout.endswith("gs4: good\n")


@pytest.mark.parametrize(("kind", "name"), [("rig", "virtal"), ("vehicle", "gs5")])
def test_an_unknown_name_gets_a_suggestion(project: Any, kind: str, name: str) -> None:
    done = project.hil(kind, "check", name)
    assert done.returncode == 2
    assert "Did you mean" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bad_rig_is_told_with_file_and_line(project: Any) -> None:
    path = project.root / "bad.yaml"
    path.write_text("schema: 1\nclock: sundial\n")
    done = project.hil("rig", "check", "bad.yaml")
    assert done.returncode == 2
    assert "bad.yaml:2" in done.stderr


def test_coverage_names_what_no_scenario_verifies(project: Any) -> None:
    project.scenario()
    done = project.hil("requirements", "--json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    rows = {row["id"]: row for row in data["requirements"]}
    assert len(rows["BTN-01"]["scenarios"]) == 2
    assert "OUT-01" in data["open"]
    assert project.hil("requirements", "--strict").returncode == 1


def test_a_report_of_nothing_is_wrong_use(project: Any) -> None:
    done = project.hil("report", "nowhere")
    assert done.returncode == 2
    assert "no such run folder" in done.stderr


def test_its_own_checks_are_for_the_checkout_only(project: Any) -> None:
    done = project.hil("test")
    assert done.returncode == 2
    assert "is not a checkout of the harness" in done.stderr


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", "[pytest]\nhil_rig = mine\n"),
        ("setup.cfg", "[tool:pytest]\nhil_rig = mine\n"),
        ("pyproject.toml", '[tool.pytest.ini_options]\nhil_rig = "mine"\n'),
    ],
)
def test_a_project_is_found_from_below_by_its_pytest_settings(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert project_root(below) == tmp_path
    assert project_rig(tmp_path) == "mine"


def test_without_settings_the_folder_itself_is_the_project(tmp_path: Path) -> None:
    assert project_rig(tmp_path) == "rigs/virtual.yaml"


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["--help"])
    text = capsys.readouterr().out
    assert all(word in text for word in ("run", "test", "rig", "vehicle", "requirements", "report"))

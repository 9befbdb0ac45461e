"""The pytest front door: quiet where no rig is set, one message for bad input, a report at the end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SHARE = '@verifies("ZZZ-01")\ndef test_{name}(world, judge):\n    judge("ZZZ-01", share(world, {value}))\n\n\n'


def shares(**values: int) -> str:
    return "".join(SHARE.format(name=name, value=value) for name, value in values.items())


def test_without_a_rig_the_plugin_adds_nothing(make_project) -> None:
    project = make_project(rig="")
    project.write(
        "scenarios/test_own.py",
        "import sys\nimport pytest\n\n\n"
        "@pytest.fixture\ndef driver():\n    return 'my own'\n\n\n"
        "def test_mine(driver):\n    assert driver == 'my own'\n\n\n"
        "def test_no_fixture_of_the_harness(request):\n"
        "    for name in ('world', 'car', 'phone', 'judge', 'logged_in'):\n"
        "        with pytest.raises(pytest.FixtureLookupError):\n            request.getfixturevalue(name)\n\n\n"
        "def test_nothing_heavy_was_imported():\n"
        "    assert not {'numpy', 'scipy', 'can', 'harness.pytest_runner'} & set(sys.modules)\n",
    )
    done = project.pytest("scenarios")
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout
    assert not (project.root / "reports").exists()


def test_a_fixture_of_ones_own_wins_where_a_rig_is_set(project) -> None:
    project.scenario(
        "import pytest\n\n\n@pytest.fixture\ndef driver():\n    return 'my own'\n\n\n"
        "@pytest.fixture\ndef world():\n    return 'wide'\n\n\n"
        "def test_mine(driver):\n    assert driver == 'my own'\n\n\n"
        "def test_my_world(world):\n    assert world == 'wide'\n"
    )
    done = project.pytest("scenarios")
    assert done.returncode == 0, done.stdout
    assert not (project.root / "reports").exists(), "a test without a bench leaves no run"


def test_plain_pytest_leaves_a_report(project) -> None:
    project.with_requirements().scenario(shares(good=80, bad=20, other=80))
    done = project.pytest("scenarios", "-k", "good or bad")
    assert done.returncode == 1
    (out,) = [p for p in (project.root / "reports").iterdir() if p.is_dir()]
    assert f"report: {out / 'summary.html'}" in done.stdout
    data = json.loads((out / "run.json").read_text())
    assert data["totals"] == {"PASS": 1, "FAIL": 1}
    for name in ("journal.jsonl", "junit.xml", "summary.html", "meta.json"):
        assert (out / name).stat().st_size > 0


def test_workers_share_one_run(project) -> None:
    project.with_requirements().scenario(shares(a=80, b=80, c=20, d=80))
    done, data = project.run("scenarios", "-n", "2")
    assert done.returncode == 1
    assert data["totals"] == {"PASS": 3, "FAIL": 1}


def test_two_scenarios_of_one_name_are_two_cases(project) -> None:
    project.with_requirements()
    project.scenario(shares(same=80), "one/test_it.py")
    project.scenario(shares(same=20), "two/test_it.py")
    _, data = project.run("scenarios")
    assert [(c["id"].split("/")[1], c["verdict"], c["attempt"]) for c in data["cases"]] == [
        ("one", "PASS", 1),
        ("two", "FAIL", 1),
    ]


def test_only_what_verifies_a_requirement(project) -> None:
    project.with_requirements().scenario(shares(a=80) + shares(b=80).replace("ZZZ-01", "DRV-01"))
    done, data = project.run("scenarios", "--requirement", "DRV-01")
    assert "1 deselected" in done.stdout
    assert [c["requirements"] for c in data["cases"]] == [["DRV-01"]]


WALL = (
    (ROOT / "rigs" / "virtual.yaml")
    .read_text()
    .replace("clock: virtual", "clock: wall")
    .replace("  '*':          {driver: memory}\n", "")
    .replace("{driver: memory}", "{driver: 'nowhere:port'}")
)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--rig", "virtaul"), "virtaul: no such rig. Did you mean 'virtual'?"),
        (("--vehicle", "gs5"), "gs5: no such car. Did you mean 'gs4'?"),
        (("--rig", "rigs/broken.yaml"), "unknown key. Did you mean 'supply'?"),
        (("--rig", "wall", "-n", "2"), "one real bench between workers"),
        (
            ("--defect", "btn-01-chime-lat"),
            "btn-01-chime-lat: there is no such defect. Did you mean 'btn-01-chime-late'?",
        ),
        (("--vehicle", "gs5", "-n", "2"), "gs5: no such car"),
    ],
    ids=lambda v: v if isinstance(v, str) else " ".join(v),
)
def test_bad_input_is_one_message_and_a_usage_error(project, arguments: tuple[str, ...], message: str) -> None:
    project.with_requirements().scenario(shares(a=80))
    project.write("rigs/wall.yaml", WALL)
    project.write("rigs/broken.yaml", (ROOT / "rigs" / "virtual.yaml").read_text().replace("title:", "suply:"))
    done = project.pytest("scenarios", *arguments)
    said = done.stdout + done.stderr
    assert message in said
    assert said.count(message) == 1
    assert "Traceback" not in said
    assert "INTERNALERROR" not in said
    assert done.returncode == 4
    assert not (project.root / "reports").exists()

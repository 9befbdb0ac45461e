"""``hil evidence rejudge`` as people call it."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from harness.cli.main import main

LOGIN = "scan_and_confirm"


@pytest.fixture
def one_case(run: Path, tmp_path: Path) -> Path:
    """A run folder with a single case in it."""
    found = next(path for path in (run / "cases").iterdir() if LOGIN in path.name)
    shutil.copytree(found, tmp_path / "run" / "cases" / found.name)
    return tmp_path / "run"


def test_no_difference_is_exit_code_0(one_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "rejudge", str(one_case), "-n", "1"]) == 0
    assert "0 differences" in capsys.readouterr().out


def test_a_difference_is_exit_code_1_and_named(one_case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = next(one_case.glob("cases/*/infotainment.log"))
    log.write_text("".join(log.read_text().splitlines(keepends=True)[:400]))
    assert main(["evidence", "rejudge", str(one_case), "-n", "1", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == 1
    assert {"case", "about", "requirement", "observation", "quantity", "file"} <= set(told["differences"][0])
    assert told["kinds"]["reaches"] == {"different": 1}
    assert set(told["totals"]) == {"check", "case"}


def test_what_is_no_run_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "rejudge", str(tmp_path / "nothing")]) == 2
    assert "no such run or pack" in capsys.readouterr().err


def test_a_zip_that_no_pack_is_made_as_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w") as zip_:
        zip_.writestr("../outside", "x")
    assert main(["evidence", "rejudge", str(path)]) == 2
    assert "cannot be unpacked" in capsys.readouterr().err
    assert not (tmp_path.parent / "outside").exists()

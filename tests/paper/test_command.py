"""``hil evidence paper`` as a person types it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.cli.main import main


def test_it_writes_both_languages_beside_the_run_and_tells_what_is_missing(
    changed: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evidence", "paper", str(changed)]) == 0
    told = capsys.readouterr()
    made = [changed / "report-zh.pdf", changed / "report-en.pdf"]
    assert told.out.split() == [str(path) for path in made]
    assert all(path.read_bytes().startswith(b"%PDF-1.7") for path in made)
    assert "hil:   b) Name and address of the laboratory (lab.yaml: laboratory.name)" in told.err


def test_the_projects_own_laboratory_is_taken(
    every_verdict: Path, full_lab: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "reports").mkdir()
    (project / "reports" / "lab.yaml").write_bytes(full_lab.read_bytes())
    assert main(["evidence", "paper", str(every_verdict), "--lang", "en", "--out", "own.pdf"]) == 0
    assert capsys.readouterr().err == ""
    assert (project / "own.pdf").is_file()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--lab", "missing.yaml"], "missing.yaml: no such file"),
        (["--qualification", "."], "no qualification"),
        (["--out", "one.pdf"], "one file for two languages"),
    ],
)
def test_wrong_use_is_one_message(
    every_verdict: Path, project: Path, capsys: pytest.CaptureFixture[str], more: list[str], told: str
) -> None:
    assert main(["evidence", "paper", str(every_verdict), *more]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert len(said.splitlines()) <= 3
    assert not list(project.glob("*.pdf"))


def test_a_broken_laboratory_leaves_the_report_before_it(
    changed: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "lab.yaml").write_text("schema: 1\nlaboratry: {}\n")
    (changed / "report-en.pdf").write_bytes(b"the one before")
    assert main(["evidence", "paper", str(changed), "--lang", "en", "--lab", "lab.yaml"]) == 2
    assert "lab.yaml:2: laboratry: unknown key. Did you mean 'laboratory'?" in capsys.readouterr().err
    assert (changed / "report-en.pdf").read_bytes() == b"the one before"

"""pack: a run's folder becomes a folder and a zip, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.pack.contents import from_bytes
from harness.foundation.errors import BadInput


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_everything_is_where_the_reference_says(project: Any) -> None:
    made = project.pack()
    assert set(tree(made.folder)) == {
        "README.md",
        "pack.json",
        "lab.yaml",
        *(f"run/{n}" for n in ("run.json", "junit.xml", "summary.html", "allure.html", "journal.jsonl", "meta.json")),
        "run/inputs.json",
        "run/collected-pytest.json",
        *(f"cases/press-gs4.1/{n}" for n in ("journal.jsonl", "pending.json", "meta.json", "body.log")),
        "cases/press-gs4.1/restricted/screen-0001.png",
        "requirements/btn.yaml",
        "scenarios/buttons/test_press.py",
        "scenarios/stimuli/stimuli.yaml",
        "vehicle/gs4/vehicle.yaml",
        "vehicle/gs4/body.dbc",
        "rig/desk.yaml",
        "rig/desk.check.json",
        *(
            f"interchange/{n}"
            for n in ("junit.xml", "needs.json", "results.csv", "measurements.csv", "results.reqif", "trace.html")
        ),
    }


def test_the_same_run_gives_the_same_bytes_whatever_the_pack_is_called(project: Any) -> None:
    first, second = project.pack("one"), project.pack("two")
    assert tree(first.folder) == tree(second.folder)
    assert first.zip.read_bytes() == second.zip.read_bytes()
    assert str(project.root).encode() not in b"".join(tree(first.folder).values())


def test_the_run_is_not_changed(project: Any) -> None:
    before = tree(project.run)
    project.pack()
    assert tree(project.run) == before


def test_the_zip_holds_the_folder_and_other_programs_read_it(project: Any) -> None:
    made = project.pack()
    with zipfile.ZipFile(made.zip) as zip_:
        assert zip_.testzip() is None
        assert {info.filename: zip_.read(info) for info in zip_.infolist()} == tree(made.folder)
        assert {info.date_time for info in zip_.infolist()} == {(2026, 3, 1, 10, 0, 4)}
    if shutil.which("unzip"):
        assert subprocess.run(["unzip", "-tq", made.zip], check=False, capture_output=True).returncode == 0


def test_pack_json_lists_each_file_and_says_what_the_run_was(project: Any) -> None:
    made = project.pack()
    data = json.loads((made.folder / "pack.json").read_text())
    files = {one["name"]: one for one in data["files"]}
    assert set(files) == set(tree(made.folder)) - {"pack.json"}
    for name, content in tree(made.folder).items():
        if name != "pack.json":
            assert (files[name]["size"], files[name]["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert [name for name, one in files.items() if one["access"] == "restricted"] == [
        "cases/press-gs4.1/restricted/screen-0001.png"
    ]
    assert data["edition"] == "full"
    assert data["unit"] == {"software": "HU 4.2.0 (22.3)"}
    assert data["vehicles"]["gs4"]["databases"] == {"body.dbc": files["vehicle/gs4/body.dbc"]["sha256"]}
    assert data["instruments"] == [
        {"port": "supply", "driver": "scpi", "serial": "4711", "self_check": "found: EA PS 9080, 12.0 V"},
        {"port": "screen", "driver": "x", "serial": None, "self_check": None},
    ]
    assert data["versions"]["Python"] == "3.11.7"
    assert data["run"]["totals"] == {"PASS": 1}


def test_what_is_missing_is_said_and_not_made_up(project: Any) -> None:
    (project.root / "reports/lab.yaml").unlink()
    made = project.pack(lang="en")
    missing = {one.what for one in made.contents.missing}
    assert {"lab.yaml", "report-en.pdf", "qualification/", "serial numbers of instruments"} == missing
    readme = (made.folder / "README.md").read_text()
    assert all(f"- {what}: " in readme for what in missing)


def test_a_file_that_changed_since_the_run_is_told(project: Any) -> None:
    project.changed("scenarios/requirements/btn.yaml", "schema: 1\nrequirements: {}\n")
    told = [one.what for one in project.pack().contents.missing]
    assert "requirements/btn.yaml as it was used" in told
    assert "scenarios/buttons/test_press.py as it was used" not in told


def test_a_run_without_digests_of_its_inputs_says_so(project: Any) -> None:
    (project.run / "inputs.json").unlink()
    assert "proof that the project's files are those of the run" in {m.what for m in project.pack().contents.missing}


def test_without_restricted_the_files_are_named_with_their_digests_and_the_number_is_the_same(project: Any) -> None:
    full, reduced = project.pack("full"), project.pack("reduced", restricted=False)
    name = "cases/press-gs4.1/restricted/screen-0001.png"
    assert set(tree(full.folder)) - set(tree(reduced.folder)) == {name}
    contents = from_bytes((reduced.folder / "pack.json").read_bytes())
    left = contents.left_out[0]
    assert (left.name, left.access) == (name, "restricted")
    assert left.sha256 == {one.name: one.sha256 for one in full.contents.files}[name]
    assert contents.number == full.contents.number
    assert contents.edition == "reduced"
    assert name in (reduced.folder / "README.md").read_text()


def test_restricted_files_are_for_their_owner_alone(project: Any) -> None:
    made = project.pack()
    held = made.folder / "cases/press-gs4.1/restricted"
    assert [p.stat().st_mode & 0o777 for p in (held, held / "screen-0001.png", made.zip)] == [0o700, 0o600, 0o600]
    assert (made.folder / "pack.json").stat().st_mode & 0o777 == 0o644


def test_two_runs_with_the_same_journal_have_two_numbers(project: Any) -> None:
    first = project.pack("one").contents.number
    meta = project.run / "meta.json"
    meta.write_text(meta.read_text().replace("10:00:05", "10:00:06"))
    assert project.pack("two").contents.number != first


def test_a_report_that_cannot_be_made_is_missing_and_costs_nothing_else(project: Any) -> None:
    def paper(run: Path, out: Path, **_: Any) -> None:
        if out.name == "report-zh.pdf":
            raise RuntimeError("no font")
        out.write_bytes(b"%PDF")

    made = project.pack(paper=paper)
    assert (made.folder / "report-en.pdf").read_bytes() == b"%PDF"
    assert ("report-zh.pdf", "it could not be made: no font") in {(m.what, m.why) for m in made.contents.missing}


def test_the_result_of_a_qualification_goes_along(project: Any, tmp_path: Path) -> None:
    (tmp_path / "q").mkdir()
    (tmp_path / "q/qualification.json").write_text("{}")
    assert (project.pack(qualification=tmp_path / "q").folder / "qualification/qualification.json").is_file()


def test_a_pack_with_a_secret_outside_its_restricted_files_is_refused_and_nothing_is_left(project: Any) -> None:
    held = project.run / "cases/press-gs4.1/restricted/pseudonyms.json"
    secret = "FEMKLLJNUGZHFA23G5Q6J5SW6M"
    held.write_text(json.dumps({"schema": 1, "secrets": {"code-1": {"kind": "code", "value": secret}}}))
    (project.run / "cases/press-gs4.1/console.log").write_text(f"login with {secret}\n")
    before = set(project.root.iterdir())
    with pytest.raises(BadInput, match=r"console\.log"):
        project.pack()
    assert set(project.root.iterdir()) == before


@pytest.mark.parametrize("what", ["a folder", "a zip", "a file"])
def test_nothing_is_written_over(project: Any, what: str) -> None:
    there = project.root / ("pack.zip" if what == "a zip" else "pack")
    if what == "a folder":
        (there / "x").mkdir(parents=True)
    else:
        there.write_text("x")
    with pytest.raises(BadInput, match="is there already"):
        project.pack()


def test_a_folder_that_is_no_run_is_refused(project: Any) -> None:
    (project.run / "run.json").unlink()
    with pytest.raises(BadInput, match="hil report"):
        project.pack()


def test_a_link_in_a_run_is_refused(project: Any) -> None:
    (project.run / "cases/press-gs4.1/link.log").symlink_to("/etc/passwd")
    with pytest.raises(BadInput, match=r"link\.log.*no regular file"):
        project.pack()


def test_a_name_that_not_every_system_can_hold_is_refused(project: Any) -> None:
    (project.run / "cases/press-gs4.1/a:b.log").write_text("x")
    with pytest.raises(BadInput, match="a:b"):
        project.pack()

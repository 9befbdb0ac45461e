"""What a run leaves to everybody holds no secret, also when the unit tells everybody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.evidence.canary.known import known_secrets
from harness.evidence.canary.runners import replace_secrets
from harness.evidence.canary.search import Search, check, look
from harness.evidence.case import read_case
from harness.evidence.exhibits import exhibits
from harness.foundation.journal import read_journal

LOGIN = "scenarios/login/test_network.py::test_no_secret_leaves_the_unit"
ARRIVES = "scenarios/messages/test_sending.py::test_what_the_driver_says_arrives_whole"


def only_case(out: Path) -> Path:
    (case,) = (out / "cases").iterdir()
    return case


def test_a_right_unit_leaves_nothing_to_redact(scenarios, tmp_path: Path) -> None:
    ran = scenarios(tmp_path / "run", LOGIN, ARRIVES)
    assert ran.code == 0, ran.output
    check(tmp_path / "run")
    kinds = {secret.kind for secret in known_secrets(tmp_path / "run").values()}
    assert kinds >= {"account", "name", "code", "token"}
    journals = [read_journal(path) for path in (tmp_path / "run").glob("cases/*/journal.jsonl")]
    assert not any("blanked" in str(record.get("text")) for journal in journals for record in journal)


@pytest.mark.parametrize(
    ("defect", "file", "kind"),
    [
        ("qr-10-token-on-console", "console.log", "token"),
        ("qr-10-code-on-console", "console.log", "code"),
        ("qr-10-account-in-votes", "infotainment.log", "account"),
        ("qr-10-token-by-diagnostics", "infotainment.log", "token"),
    ],
)
def test_what_a_wrong_unit_tells_is_kept_restricted(
    scenarios, tmp_path: Path, defect: str, file: str, kind: str
) -> None:
    out = tmp_path / "run"
    ran = scenarios(out, LOGIN, "--defect", defect)
    assert [case.verdict for case in ran.cases] == ["FAIL"]
    case = only_case(out)
    check(out)
    original, public = (case / "restricted" / file).read_bytes(), (case / file).read_bytes()
    assert original != public
    assert len(original) == len(public)
    assert [line.split()[0] for line in original.splitlines()] == [line.split()[0] for line in public.splitlines()]
    track = next(t for t in json.loads((case / "recordings.json").read_text())["tracks"] if t["file"] == file)
    assert track["original"] == f"restricted/{file}"
    notes = [str(r.get("text")) for r in read_journal(case / "journal.jsonl") if r["kind"] == "note"]
    assert any(note.startswith(f"{file}: {kind}-") and "blanked" in note for note in notes)

    (case / "copy.log").write_bytes(original)  # the search is no less able than what it checks
    assert {f.kind for f in look(out, known_secrets(out)).findings} == {kind}


def test_reports_are_made_of_public_files_alone(scenarios, tmp_path: Path) -> None:
    out = tmp_path / "run"
    scenarios(out, LOGIN, "--defect", "qr-10-token-on-console")
    replace_secrets(out)
    case = only_case(out)
    search = Search(known_secrets(out), {}, None)
    shown = list(exhibits(read_case(case)))
    assert "console" in {exhibit.name for exhibit in shown}
    for exhibit in shown:
        if isinstance(exhibit.body, Path):
            assert "restricted" not in exhibit.body.relative_to(case).parts
            assert list(search.file(exhibit.body, exhibit.name)) == []
        else:
            assert list(search.within(exhibit.name, exhibit.body)) == []

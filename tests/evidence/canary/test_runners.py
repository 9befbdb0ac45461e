from __future__ import annotations

import json
from pathlib import Path

from harness.evidence.canary.runners import replace_secrets
from harness.evidence.canary.search import check
from harness.foundation.pseudonyms import load_secrets

TOKEN = "HVK7DIAKS3JV7XQ4FBS7SMFDWY"


def test_logs_tracebacks_and_captured_output_lose_their_secrets(run: Path) -> None:
    results = run / "allure-results"
    results.mkdir()
    (run / "pytest.log").write_text(f"E  AssertionError: read {TOKEN}\n")
    (results / "a-result.json").write_text(json.dumps({"statusDetails": {"trace": f"token = '{TOKEN}'"}}))
    (results / "a-attachment.txt").write_text(f"hex {TOKEN.encode().hex()}")
    (results / "b-attachment.txt").write_text("nothing")
    changed = replace_secrets(run)
    assert [path.name for path in changed] == ["pytest.log", "a-attachment.txt", "a-result.json"]
    check(run)
    (pseudonym,) = (name for name, value in load_secrets(run / "cases" / "login.1").items() if value == TOKEN)
    assert (run / "pytest.log").read_text() == f"E  AssertionError: read {pseudonym}\n"
    assert json.loads((results / "a-result.json").read_text())["statusDetails"]["trace"] == f"token = '{pseudonym}'"


def test_a_second_time_changes_nothing(run: Path) -> None:
    (run / "pytest.log").write_text(f"read {TOKEN}\n")
    assert replace_secrets(run)
    assert replace_secrets(run) == []


def test_what_a_killed_case_has_recorded_is_redacted(run: Path) -> None:
    case = run / "cases" / "login.1"
    (case / "console.log").write_text(f"(0.000000000) {TOKEN}\n")
    assert replace_secrets(run) == [case / "console.log"]
    assert TOKEN in (case / "restricted" / "console.log").read_text()
    check(run)


def test_a_case_that_came_to_its_end_is_left_as_its_journal_names_it(run: Path) -> None:
    case = run / "cases" / "login.1"
    (case / "meta.json").write_text("{}")
    (case / "console.log").write_text(f"(0.000000000) {TOKEN}\n")
    assert replace_secrets(run) == []


def test_a_run_without_cases_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pytest.log").write_text("nothing")
    assert replace_secrets(tmp_path) == []

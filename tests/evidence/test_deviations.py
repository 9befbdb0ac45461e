"""deviations.yaml: a known FAIL stays visible without turning the run red, for a while and for its software only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.evidence.deviations import Standing, load_deviations
from harness.evidence.finish import finish
from harness.foundation.errors import BadInput
from harness.foundation.values import Verdict

NAME = "test_slow[gs4]"


def deviation(tmp_path: Path, case: str = NAME, expires: str = "2026-12-31", software: str = "") -> Path:
    path = tmp_path / "deviations.yaml"
    lines = ["schema: 1", "deviations:", f'  - case: "{case}"', "    ticket: HU-1042", "    approver: A. Meier"]
    lines += [f"    expires: {expires}", *([f'    software: "{software}"'] if software else [])]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_known_failure_is_counted_and_does_not_turn_the_run_red(run_folder: Any, tmp_path: Path) -> None:
    run_folder.case(NAME, Verdict.FAIL, latency=0.4)
    summary = finish(run_folder.out, deviations=deviation(tmp_path), allure=False)
    assert summary.data["totals"] == {"FAIL": 1}
    assert summary.exit_code == 0
    assert summary.data["cases"][0]["deviation"]["ticket"] == "HU-1042"
    assert "HU-1042" in (run_folder.out / "summary.html").read_text()


@pytest.mark.parametrize(
    ("expires", "software", "unit", "standing", "code"),
    [
        ("2026-03-01", "", None, Standing.COVERS, 0),  # its last day is the day of the run
        ("2026-02-28", "", None, Standing.EXPIRED, 1),
        ("2026-12-31", ">=2.1,<2.4", "2.3", Standing.COVERS, 0),
        ("2026-12-31", ">=2.1,<2.4", "2.4", Standing.OUTSIDE, 1),
        ("2026-12-31", ">=2.1,<2.4", None, Standing.OUTSIDE, 1),
        ("2026-12-31", ">=2.1,<2.4", "HU_SW_F", Standing.OUTSIDE, 1),
    ],
)
def test_it_counts_for_its_time_and_its_software(
    run_folder: Any, tmp_path: Path, expires: str, software: str, unit: str | None, standing: Standing, code: int
) -> None:
    run_folder.meta(software=unit)
    run_folder.case(NAME, Verdict.FAIL, latency=0.4)
    summary = finish(run_folder.out, deviations=deviation(tmp_path, expires=expires, software=software), allure=False)
    assert [a.standing for a in summary.applied] == [standing]
    assert summary.exit_code == code


def test_a_case_that_passes_must_lose_its_deviation(run_folder: Any, tmp_path: Path) -> None:
    run_folder.case(NAME)
    summary = finish(run_folder.out, deviations=deviation(tmp_path), allure=False)
    assert summary.exit_code == 1
    assert summary.applied[0].standing is Standing.PASSES


@pytest.mark.parametrize("verdict", [Verdict.BLOCKED, Verdict.ERROR, Verdict.INCONCLUSIVE])
def test_nothing_but_a_fail_can_be_covered(run_folder: Any, tmp_path: Path, verdict: Verdict) -> None:
    run_folder.case(NAME, verdict)
    assert finish(run_folder.out, deviations=deviation(tmp_path), allure=False).exit_code != 0


def test_one_case_covered_does_not_cover_another(run_folder: Any, tmp_path: Path) -> None:
    run_folder.case(NAME, Verdict.FAIL, latency=0.4)
    run_folder.case("test_other", Verdict.FAIL, latency=0.4)
    assert finish(run_folder.out, deviations=deviation(tmp_path), allure=False).exit_code == 1


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("deviations: []", 1, "schema number is missing"),
        ("schema: 2\ndeviations: []", 1, "this harness knows 1"),
        ("schema: 1\ndeviation: []", 2, "unknown key"),
        ("schema: 1\ndeviations: 3", 2, "is not a list"),
        ("schema: 1\ndeviations:\n  - test_a", 3, "is not a mapping"),
        ("schema: 1\ndeviations:\n  - case: a\n    tickt: b", 4, "unknown key"),
        ("schema: 1\ndeviations:\n  - case: a\n    ticket: b\n    approver: c", 3, "'expires' is missing"),
        ("schema: 1\ndeviations:\n  - {case: a, ticket: b, approver: c, expires: soon}", 3, "is not a date"),
        ("schema: 1\ndeviations:\n  - {case: a, ticket: b, approver: c, expires: 2026-13-01}", 3, "is not a date"),
        ("schema: 1\ndeviations:\n  - {case: a, ticket: b, approver: c, expires: 2026-12-01, software: x}", 3, "range"),
        (
            "schema: 1\ndeviations:\n"
            + "  - {case: a, ticket: b, approver: c, expires: 2026-12-01}\n" * 2, 4, "already has one on line 3",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, line: int, problem: str) -> None:
    path = tmp_path / "deviations.yaml"
    path.write_text(text)
    with pytest.raises(BadInput, match=problem) as raised:
        load_deviations(path)
    assert raised.value.line == line
    assert raised.value.remedy

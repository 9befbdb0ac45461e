"""What a person is told: one clear message, with the verdict in front."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).resolve().parent / "data"


@pytest.fixture(scope="module")
def odd(robot: Any) -> Any:
    return robot(DATA / "odd.robot")


@pytest.mark.parametrize(
    ("case", "verdict", "said"),
    [
        ("No_Requirement", "ERROR", "Write requirement=BTN-01"),
        ("Unknown_Requirement", "ERROR", "no requirement 'BTN-77'. Did you mean 'BTN-07'?"),
        ("Unknown_Tag", "ERROR", "no requirement 'BTN-77'"),
        ("Unknown_Keyword", "ERROR", "No keyword with name 'Driver Sings' found"),
        ("Duration_Without_Unit", "ERROR", "'hold' got value '120' that cannot be converted to Duration"),
        ("Not_An_Instant", "ERROR", "after='press' is no stimulus"),
        ("Unknown_Event", "ERROR", "Did you mean 'driver_leaves'?"),
        ("Judged_Nothing", "ERROR", "the scenario judged nothing"),
        ("Tagged_And_Not_Judged", "ERROR", "verifies QR-02 and never judged it"),
        ("Two_Misses", "FAIL", "screen shows refused: never"),
        ("A_Swallowed_Miss", "FAIL", "never"),
        ("Skipped", "NOT_APPLICABLE", "not on this bench"),
    ],
)
def test_the_message_names_the_mistake(odd: Any, case: str, verdict: str, said: str) -> None:
    found, reason = odd.verdict(f"{case}-gs4")
    assert found == verdict
    assert said in reason
    assert f"{verdict.replace('_', ' ')}: {reason}" in odd.stdout


def test_a_miss_does_not_hide_the_next(odd: Any) -> None:
    missed = [r["observation"] for r in odd.records("Two_Misses") if r["kind"] == "check" and r["verdict"] == "FAIL"]
    assert len(missed) == 2


def test_every_test_has_a_case(odd: Any) -> None:
    assert odd.code == 11
    assert len(odd.journals()) == 12


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("HIL_RIG", "virtal", "virtal: no such rig. Did you mean 'virtual'?"),
        ("HIL_SEED", "seven", "HIL_SEED:seven: is no whole number. Write HIL_SEED:7."),
    ],
)
def test_wrong_use_is_one_message_and_no_case(
    robot: Any, scenarios: Path, variable: str, value: str, said: str
) -> None:
    ended = robot(scenarios, out=f"wrong-{variable}", **{variable: value})
    assert ended.code == 252
    assert ended.stderr.count(said) == 1
    assert "Traceback" not in ended.stderr + ended.stdout
    assert not ended.out.exists()

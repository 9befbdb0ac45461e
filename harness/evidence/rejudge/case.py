"""One case again: its checks, the stimuli they count from, and its verdict."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.evidence.case import CaseRecord
from harness.evidence.rejudge.checks import CaseChecks
from harness.evidence.rejudge.found import Found, Standing
from harness.evidence.rejudge.question import Sounds
from harness.evidence.rejudge.questions import QUESTIONS
from harness.evidence.rejudge.recorded import RecordedRun
from harness.evidence.rejudge.recorded_screen import Decoded
from harness.evidence.rejudge.stimuli import stimuli_again
from harness.foundation.errors import BadInput
from harness.foundation.values import Verdict, worst
from harness.judging.requirements import Catalogue
from harness.vehicle.vehicle import Vehicle

MEASURED = (Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE)
"""Verdicts that follow from checks alone; the others are the rig's or the harness's word on itself."""


@dataclass(frozen=True)
class CaseAgain:
    """``verdicts``: of each check by its record, where it was judged again. ``verdict`` None: not decided again."""

    name: str
    found: tuple[Found, ...]
    verdicts: dict[int, Verdict]
    verdict: Verdict | None


def judge_again(
    case: CaseRecord, vehicle: Vehicle, catalogue: Catalogue, sounds: Sounds, decoded: Decoded
) -> CaseAgain:
    """``catalogue`` is the car's (``Catalogue.for_vehicle``). Never raises for what is wrong with files of the case."""
    if case.folder is None or not case.checks:
        return CaseAgain(case.name, (), {}, None)
    try:
        recording = RecordedRun(case.folder, vehicle, decoded)
    except BadInput as why:
        standing = Standing.DIFFERENT if (Path(case.folder) / "recordings.json").exists() else Standing.NOT_POSSIBLE
        found = [
            Found(standing, "check", case.name, str(c["requirement"]), str(c["observation"]), str(c["quantity"]),
                  why=str(why), file="recordings.json")
            for c in case.checks
        ]  # fmt: skip
        return CaseAgain(case.name, tuple(found), {}, None)
    checks = CaseChecks(case.name, recording, catalogue, sounds, QUESTIONS)
    all_found: list[Found] = []
    verdicts: dict[int, Verdict] = {}
    for record in case.records:
        if record["kind"] == "stimulus":
            all_found += stimuli_again(case.name, record, recording)
    for record in case.checks:
        found, verdict = checks.again(record)
        all_found += found
        if verdict is not None:
            verdicts[int(record["n"])] = verdict
    decided = [verdicts.get(int(record["n"]), Verdict(record["verdict"])) for record in case.checks]
    again = worst(decided) if case.verdict in MEASURED else None
    all_found.append(_verdict(case, again))
    return CaseAgain(case.name, tuple(all_found), verdicts, again)


def _verdict(case: CaseRecord, again: Verdict | None) -> Found:
    if again is None:
        why = f"{case.verdict} is what rig and harness said of themselves: {case.reason}"
        return Found(Standing.NOT_POSSIBLE, "case", case.name, "", "", "verdict", why=why)
    standing = Standing.EQUAL if again is case.verdict else Standing.DIFFERENT
    return Found(standing, "case", case.name, "", "", "verdict", str(case.verdict), str(again))

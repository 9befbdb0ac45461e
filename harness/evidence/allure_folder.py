"""What the Allure folder of a run needs beside the results the runners wrote.

Results for cases that never reported (a kill, a crashed worker), the environment, the executor. Names and contents
follow from the run folder alone: writing them twice changes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.evidence.case import CaseRecord
from harness.evidence.wording import rig_check_line
from harness.foundation.values import Verdict

RESULTS = "allure-results"


def complete(out: Path, cases: Sequence[CaseRecord], facts: Mapping[str, Any]) -> Path:
    """Bring ``allure-results`` up to what the run's cases are; returns the folder."""
    folder = out / RESULTS
    folder.mkdir(exist_ok=True)
    reported = _reported(folder)
    missing = [case for case in cases if case.name not in reported]
    if missing:
        from allure_commons.logger import AllureFileLogger

        writer = AllureFileLogger(str(folder))  # type: ignore[no-untyped-call]
        for case in missing:
            _write(folder, case, facts, writer)
    _environment(folder, facts)
    _executor(folder, out, facts)
    return folder


def _reported(folder: Path) -> set[str]:
    from harness.evidence.allure_case import CASE_LABEL

    found: set[str] = set()
    for path in folder.glob("*-result.json"):
        try:
            labels = json.loads(path.read_text(encoding="utf-8")).get("labels", ())
        except (OSError, ValueError):
            labels = ()
        if not labels:  # torn by the kill, or given out before it was filled; it is written anew below
            path.unlink(missing_ok=True)
            continue
        found.update(str(label["value"]) for label in labels if label.get("name") == CASE_LABEL)
    return found


def _write(folder: Path, case: CaseRecord, facts: Mapping[str, Any], writer: Any) -> None:
    import attr
    from allure_commons.model2 import Label, TestResult

    from harness.evidence.allure_case import fill
    from harness.evidence.allure_hook import attach

    identity = hashlib.sha256(case.name.encode()).hexdigest()[:32]
    start = int(facts.get("started_ms", 0))
    result = TestResult(uuid=identity, start=start, stop=start + round(case.wall_s * 1000))
    result.labels = [Label(name="framework", value=case.runner), Label(name="language", value="python")]
    fill(result, case)
    attach(result, case, writer)
    data = attr.asdict(result, filter=lambda _, value: bool(value) or value is False)
    (folder / f"{identity}-result.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _environment(folder: Path, facts: Mapping[str, Any]) -> None:
    lines = {
        "Rig": facts.get("rig"),
        "Rig self-check": rig_check_line(facts),
        "Vehicle": facts.get("vehicle"),
        "Seed": facts.get("seed"),
        "Defects": ", ".join(facts.get("defect") or ()) or None,
        "Variant": facts.get("variant_seed"),
        "Disturbances": ", ".join(facts.get("disturbances") or ()) or None,
        **dict(sorted(dict(facts.get("versions", {})).items())),
    }
    text = "".join(f"{name.replace(' ', '_')}={value}\n" for name, value in lines.items() if value not in (None, ""))
    (folder / "environment.properties").write_text(text, encoding="utf-8")


def _executor(folder: Path, out: Path, facts: Mapping[str, Any]) -> None:
    data = {
        "name": "hil run",
        "type": "hil",
        "buildName": out.resolve().name,
        "reportName": f"Head unit on {facts.get('rig') or 'its rig'}",
        "buildOrder": int(facts.get("number", 0)),
    }
    (folder / "executor.json").write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def interrupted(cases: Sequence[CaseRecord]) -> list[CaseRecord]:
    """The cases that were under way when the run was cut off."""
    return [
        c
        for c in cases
        if c.verdict is Verdict.NOT_EXECUTED and c.folder is not None and c.reason.startswith("cut off")
    ]

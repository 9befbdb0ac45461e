"""``run.json``: the run for machines. Schema 1; every figure in base units, every name as in the journal."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.evidence.case import CaseRecord
from harness.evidence.deviations import Applied
from harness.evidence.verdicts import cars_of, notes_of, verdict_rows
from harness.foundation.errors import BadInput
from harness.foundation.values import Verdict

SCHEMA = 1
_FACTS = (
    "command",
    "seed",
    "rig",
    "clock",
    "vehicle",
    "defect",
    "variant_seed",
    "software",
    "versions",
    "started",
    "ended",
)


def run_json(
    cases: Sequence[CaseRecord], facts: Mapping[str, Any], applied: Sequence[Applied], exit_code: int
) -> dict[str, Any]:
    """The run as plain data."""
    counts = Counter(str(case.verdict) for case in cases if not case.superseded)
    simulated = sum(case.simulated_s for case in cases)
    wall = float(facts.get("wall_s") or sum(case.wall_s for case in cases))
    deviations = {a.case.name: a for a in applied}
    return {
        "schema": SCHEMA,
        **{name: facts.get(name) for name in _FACTS},
        **({"disturbances": facts["disturbances"]} if facts.get("disturbances") else {}),
        **({"rig_check": facts["rig_check"]} if facts.get("rig_check") else {}),
        "totals": {str(v): counts[str(v)] for v in Verdict if counts[str(v)]},
        "interrupted": [case.name for case in cases if case.superseded],
        "exit_code": exit_code,
        "crash": facts.get("crash"),
        "simulated_s": round(simulated, 9),
        "wall_s": round(wall, 3),
        "speed": round(simulated / wall, 1) if wall > 0 else None,
        "cars": {
            car: {"name": name, "note": notes_of(facts).get(car, ""), "software": _software(cases, car)}
            for car, name in cars_of(cases, facts).items()
        },
        "requirements": [
            {"id": row.id, "title": row.title, "cars": {car: cell.to_json() for car, cell in row.cells.items()}}
            for row in verdict_rows(cases, facts)
        ],
        "cases": [_case(case, deviations.get(case.name)) for case in cases],
    }


def software_of(case: CaseRecord) -> str | None:
    """What the unit said of its software when this case asked it (ReadDataByIdentifier); None where none did."""
    told = (record.get("software") for record in case.records if record["kind"] == "identity")
    return next((str(software) for software in told if software), None)


def _software(cases: Sequence[CaseRecord], car: str) -> str | None:
    return next((told for case in cases if case.vehicle == car and (told := software_of(case))), None)


def _case(case: CaseRecord, deviation: Applied | None) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": case.id,
        "nodeid": case.nodeid,
        "runner": case.runner,
        "title": case.title,
        "vehicle": case.vehicle,
        "attempt": case.attempt,
        "folder": f"cases/{case.folder.name}" if case.folder else None,
        "verdict": str(case.verdict),
        "reason": case.reason,
        "requirements": list(case.requirements),
        "measurements": case.measurements(),
        "wall_s": case.wall_s,
        "simulated_s": case.simulated_s,
    }
    if deviation:
        data["deviation"] = {
            "ticket": deviation.deviation.ticket,
            "approver": deviation.deviation.approver,
            "expires": deviation.deviation.expires,
            "standing": str(deviation.standing),
        }
    return data


def read_run(folder: Path) -> dict[str, Any]:
    """The content of a run folder's ``run.json``. BadInput where there is none that can be read."""
    path = folder / "run.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["schema"] == SCHEMA and isinstance(data["cases"], list):
            return dict(data)
    except (OSError, ValueError, LookupError, TypeError):
        pass
    remedy = "Name the folder of a run; hil report makes it again."
    raise BadInput(path, None, "", "no run.json that can be read", remedy)


def write(path: Path, data: Mapping[str, Any]) -> None:
    """Indented, in a fixed order, UTF-8."""
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

"""``hil qualify``: does a wrong head unit turn red? Seeded defects, one after the other, against the scenarios.

First the right unit has to be green on every case: a suite that is red anyway kills everything. Then workers (see
``harness/pytest_qualify.py``) take the defects. The folder holds all there is to know, so a campaign that was stopped
goes on with ``--resume``.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.cli import qualify_slice
from harness.cli.child import Child
from harness.cli.interrupt import interruptible
from harness.cli.plan import Plan, make_plan, pytest_command
from harness.cli.qualify_edges import chosen as edge_rows
from harness.cli.qualify_edges import plan_edges
from harness.cli.qualify_told import not_green, tell, wait
from harness.cli.qualify_workers import work
from harness.cli.versions import versions
from harness.evidence import qualification_allure, qualification_html
from harness.evidence.case import CaseRecord
from harness.evidence.qualification import results, summarize, trusted
from harness.foundation.clock import civil_time, host_time, stopwatch
from harness.foundation.errors import BadInput
from harness.foundation.places import find
from harness.foundation.units import MS
from harness.foundation.values import Verdict

SLICE = "slice"
"""``--defects slice``: one defect of each requirement, against one case each."""
GREEN = (Verdict.PASS, Verdict.NOT_APPLICABLE)
KINDS = ("defects", "variants", "edges")
"""Of units that a campaign tries."""


def qualify(options: argparse.Namespace) -> int:
    """Run or go on with a campaign. 0: each defect killed by its own requirement; 1: one was not, or the right unit is
    red; 2: wrong use."""
    watch = stopwatch()
    chosen = _chosen(options.defects)
    rows = edge_rows(options.edges) if options.edges else []
    if options.variants < 0:
        raise BadInput("command line", None, f"--variants {options.variants}", "is negative", "Name how many.")
    plan = _plan(options)
    slice_: dict[str, str] = {}
    if options.defects == SLICE:
        cases = qualify_slice.read(find("scenarios", qualify_slice.NAME, ".yaml", plan.root), {d.id: d for d in chosen})
        chosen = [defect for defect in chosen if defect.id in cases]
        slice_ = {name: qualify_slice.in_car(case, plan.vehicle) for name, case in cases.items()}
    facts = {
        "command": _command(options),
        **_car(plan),
        "seed": plan.seed,
        "started": civil_time(),
        "started_ms": host_time() // MS,
        "versions": versions(),
        "level": "simulated unit",
    }
    with interruptible() as interrupted:
        if not (plan.out / "campaign.json").is_file():
            red = _baseline(plan, chosen, rows, options.variants, interrupted, slice_)
            if red:
                return not_green(red, plan.out)
        if not interrupted():
            campaign = json.loads((plan.out / "campaign.json").read_text("utf-8"))
            work(plan, interrupted, "units", sum(len(campaign.get(kind, ())) for kind in KINDS))
    facts |= {"ended": civil_time(), "wall_s": round(watch(), 1)}
    summary = summarize(plan.out, facts)
    (plan.out / "qualification.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", "utf-8")
    qualification_html.write(plan.out / "qualification.html", summary)
    _allure(plan.out, summary)
    tell(summary, plan.out, as_json=options.json)
    return 0 if trusted(summary) else 1


def _allure(out: Path, summary: dict[str, Any]) -> None:
    """Results, and their page where Allure can be had; qualification.html holds the same."""
    from harness.evidence.allure_html import NoAllure, write_html

    facts = qualification_allure.write(out, summary, results(out))
    try:
        write_html(out, facts, lambda text: print(f"hil: {text}", file=sys.stderr, flush=True))
    except NoAllure as why:
        print(f"hil: no Allure page: {why}; qualification.html has the same", file=sys.stderr)


def _plan(options: argparse.Namespace) -> Plan:
    resumed: Path | None = options.resume
    if resumed is not None and not (resumed / "campaign.json").is_file():
        remedy = "Name the folder that an earlier 'hil qualify' said, after its baseline was done."
        raise BadInput("command line", None, f"--resume {resumed}", "holds no campaign", remedy)
    scratch = argparse.Namespace(
        rig=options.rig, vehicle=options.vehicle, workers=options.workers, hold_on_fail=False, paths=[], expression="",
        defect=[], deviations=None, variant_seed=None, seed=options.seed, out=options.out if resumed is None else None,
    )  # fmt: skip
    plan = make_plan(scratch)
    if resumed is not None:
        plan.out.rmdir()
        plan = replace(plan, out=resumed.resolve())
    if plan.clock != "virtual":
        raise BadInput("command line", None, str(options.rig), "is no virtual rig", "Leave --rig out.")
    if "," in plan.vehicle:
        raise BadInput("command line", None, plan.vehicle, "is several cars", "Qualify one car at a time.")
    return plan


def _car(plan: Plan) -> dict[str, str]:
    from harness.foundation.config import load_yaml

    data = load_yaml(find("dbc", plan.vehicle, project=plan.root) / "vehicle.yaml").data
    known = data if isinstance(data, dict) else {}
    name, note = str(known.get("name", plan.vehicle)), str(known.get("note", ""))
    return {"vehicle": plan.vehicle, "vehicle_name": name, "vehicle_note": note}


def _chosen(selection: str) -> list[Any]:
    """The defects that are meant, in the catalogue's order. BadInput for a word that means none."""
    from harness.headunit.defects import catalogue

    known = list(catalogue().values())
    if selection in ("", SLICE):
        return known
    if selection == "none":
        return []
    words = [word.strip() for word in selection.split(",") if word.strip()]
    for word in words:
        if not any(_means(word, defect) for defect in known):
            remedy = "Write ids, patterns such as btn-*, requirement ids, or slice."
            raise BadInput("command line", None, f"--defects {word}", "means no defect", remedy)
    return [defect for defect in known if any(_means(word, defect) for word in words)]


def _means(word: str, defect: Any) -> bool:
    return fnmatch.fnmatch(defect.id, word) or word == defect.requirements[0]


def _baseline(
    plan: Plan,
    chosen: Sequence[Any],
    edges: Sequence[Any],
    variants: int,
    interrupted: Callable[[], bool],
    slice_: Mapping[str, str],
) -> list[CaseRecord]:
    """Run every case on the right unit (of a slice only those it asks for) and write the campaign; returns the cases
    that are not green."""
    from harness.cli.coverage import titles
    from harness.evidence.run_folder import read_cases
    from harness.vehicle.load import load_vehicle

    out = plan.out / "baseline"
    out.mkdir(exist_ok=True)
    asked = replace(plan, out=out)
    if slice_ and not edges and not variants:
        above = find("scenarios", "requirements", project=plan.root).parents[1]
        asked = replace(asked, pytest_paths=tuple(dict.fromkeys(f"{above}/{case}" for case in slice_.values())))
    command = [*pytest_command(asked, allure=False), "--hil-no-recordings"]
    if edges and not chosen and not variants:  # no other case will be asked for
        command += [word for id_ in sorted({row.requirement for row in edges}) for word in ("--requirement", id_)]
    child = Child("baseline", command, plan.root, plan.out / "baseline.log")
    wait([child], interrupted, "the right unit")
    cases = [] if interrupted() else read_cases(out)
    if not cases:
        raise BadInput("pytest", None, "", f"the right unit was not judged\n{child.tail(12)}", "Correct that first.")
    red = [case for case in cases if case.verdict not in GREEN]
    if red:
        return red
    ran = sorted((c for c in cases if c.verdict is Verdict.PASS), key=lambda c: c.wall_s)
    car = load_vehicle(find("dbc", plan.vehicle, project=plan.root))
    rows = [_row(defect, ran, cases, all(car.has(need) for need in defect.needs)) for defect in chosen]
    for row in rows if slice_ else ():
        row |= {"own": [case for case in row["own"] if case == slice_[row["id"]]], "others": []}
    document = {
        "schema": 1,
        "baseline": {"cases": len(cases), "passed": len(ran), "wall_s": round(sum(c.wall_s for c in cases), 1)},
        "requirements": titles(plan.root),
        "slice": bool(slice_),
        # the longest first, so that the workers end together
        "defects": sorted(rows, key=lambda row: -row.pop("cost")),
        "variants": list(range(1, variants + 1)),
    }
    if edges:
        document |= plan_edges(edges, cases, car, find("scenarios", "requirements", project=plan.root))
    fresh = plan.out / "campaign.json.new"
    fresh.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(plan.out / "campaign.json")
    return []


def _row(defect: Any, ran: Sequence[CaseRecord], cases: Sequence[CaseRecord], fits: bool) -> dict[str, Any]:
    """A defect and the cases to try: its requirement's, then the others. None where this car cannot have the defect (it
    does not fit) or where the requirement has cases, of which none applies to the car; where it has no case at all,
    whether another one sees the defect is worth knowing."""
    ran = ran if fits else ()
    written = any(defect.requirements[0] in case.requirements for case in cases)
    own = [case for case in ran if defect.requirements[0] in case.requirements]
    near = [case for case in ran if case not in own and set(defect.requirements) & set(case.requirements)]
    far = [case for case in ran if case not in own and case not in near]
    return {
        "id": defect.id,
        "symptom": defect.symptom,
        "kind": defect.kind,
        "requirements": list(defect.requirements),
        "own": [case.nodeid for case in own],
        "others": [case.nodeid for case in [*near, *far]] if own or not written else [],
        "cost": sum(case.wall_s for case in own),
    }


def _command(options: argparse.Namespace) -> str:
    words = ["./hil", "qualify"]
    for name in ("vehicle", "defects", "variants", "edges", "seed"):
        value = getattr(options, name)
        words += [f"--{name}", str(value)] if value else []
    return " ".join(words)

"""``hil qualify --disturbances``: does the bench notice what is wrong between itself and the unit?

First the scenarios that are named have to be green without any disturbance. Then each disturbance is put before a port
and its scenario is run. This works on any rig, with a simulated or a real unit; on a wall-clock rig the cases come one
after the other.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness import __version__
from harness.cli.child import Child
from harness.cli.interrupt import interruptible
from harness.cli.plan import Plan, make_plan, pytest_command
from harness.cli.qualify_told import not_green, wait
from harness.cli.qualify_workers import work
from harness.evidence import disturbances_html
from harness.evidence.case import CaseRecord
from harness.evidence.disturbances import Caught, qualified, summarize
from harness.foundation.clock import civil_time, stopwatch
from harness.foundation.errors import BadInput
from harness.foundation.places import find
from harness.foundation.values import Verdict
from harness.rig.gateway.catalogue import disturbances
from harness.rig.gateway.disturbance import Disturbance

GREEN = (Verdict.PASS, Verdict.NOT_APPLICABLE)
RESULTS = "disturbances"


def qualify_disturbances(options: argparse.Namespace) -> int:
    """Run or go on with a campaign. 0: each disturbance was answered as it should be; 1: one was not, or a scenario is
    red without any; 2: wrong use."""
    watch = stopwatch()
    chosen = chosen_by(options.disturbances)
    plan = _plan(options, chosen)
    facts = {
        "command": _command(options),
        "rig": plan.rig,
        "clock": plan.clock,
        "vehicle": plan.vehicle,
        "seed": plan.seed,
        "started": civil_time(),
        "versions": {"headunit-hil": __version__},
    }
    with interruptible() as interrupted:
        if not (plan.out / "campaign.json").is_file():
            red = _baseline(plan, chosen, interrupted)
            if red:
                return not_green(red, plan.out)
        if not interrupted():
            campaign = json.loads((plan.out / "campaign.json").read_text("utf-8"))
            work(plan, interrupted, "disturbances", len(campaign["disturbances"]))
    facts |= {"ended": civil_time(), "wall_s": round(watch(), 1)}
    summary = summarize(plan.out, facts)
    text = json.dumps(summary, ensure_ascii=False, indent=1) + "\n"
    (plan.out / f"{RESULTS}.json").write_text(text, encoding="utf-8")
    disturbances_html.write(plan.out / f"{RESULTS}.html", summary)
    if options.json:
        print(text, end="")
    else:
        _tell(summary, plan.out / f"{RESULTS}.html")
    return 0 if qualified(summary) else 1


def chosen_by(selection: str) -> list[Disturbance]:
    """The disturbances that are meant: ids, patterns, requirement ids, with commas, or all. BadInput for a word that
    means none."""
    known = list(disturbances().values())
    if selection == "all":
        return known
    words = [word.strip() for word in selection.split(",") if word.strip()]
    for word in words:
        if not any(_means(word, one) for one in known):
            remedy = "Write ids, patterns such as can-*, or requirement ids."
            raise BadInput("command line", None, f"--disturbances {word}", "means no disturbance", remedy)
    return [one for one in known if any(_means(word, one) for word in words)]


def _means(word: str, one: Disturbance) -> bool:
    return fnmatch.fnmatch(one.id, word) or word == one.requirement


def _plan(options: argparse.Namespace, chosen: Sequence[Disturbance]) -> Plan:
    resumed: Path | None = options.resume
    if resumed is not None and not (resumed / "campaign.json").is_file():
        remedy = "Name the folder that an earlier 'hil qualify' said, after its baseline was done."
        raise BadInput("command line", None, f"--resume {resumed}", "holds no campaign", remedy)
    files = list(dict.fromkeys(one.scenario.partition("[")[0] for one in chosen))
    scratch = argparse.Namespace(
        rig=options.rig, vehicle=options.vehicle, workers=options.workers, hold_on_fail=False, paths=files,
        expression="", defect=[], deviations=None, variant_seed=None, seed=options.seed,
        out=options.out if resumed is None else None,
    )  # fmt: skip
    plan = make_plan(scratch)
    if resumed is not None:
        plan.out.rmdir()
        plan = replace(plan, out=resumed.resolve())
    if "," in plan.vehicle:
        raise BadInput("command line", None, plan.vehicle, "is several cars", "Qualify one car at a time.")
    return plan


def _baseline(plan: Plan, chosen: Sequence[Disturbance], interrupted: Callable[[], bool]) -> list[CaseRecord]:
    """Run the scenarios with nothing wrong and write the campaign; returns the cases that are not green."""
    from harness.evidence.run_folder import read_cases
    from harness.vehicle.load import load_vehicle

    out = plan.out / "baseline"
    out.mkdir(exist_ok=True)
    command = [*pytest_command(replace(plan, out=out), allure=False), "--hil-no-recordings"]
    child = Child("baseline", command, plan.root, plan.out / "baseline.log")
    wait([child], interrupted, "nothing wrong")
    cases = [] if interrupted() else read_cases(out)
    if not cases:
        raise BadInput("pytest", None, "", f"nothing was judged\n{child.tail(12)}", "Correct that first.")
    red = [case for case in cases if case.verdict not in GREEN]
    if red:
        return red
    car = load_vehicle(find("dbc", plan.vehicle, project=plan.root))
    rows = []
    for one in chosen:
        lacking = next((need for need in one.needs if not car.has(need)), "")
        why_not = f"{car.name} has no {lacking}" if lacking else one.only_virtual if plan.clock != "virtual" else ""
        own = [case for case in cases if meant(one.scenario, case.nodeid)]
        applies = [case.nodeid for case in own if case.verdict is Verdict.PASS]
        why_not = why_not or ("" if applies else own[0].reason if own else "this car has no such case")
        rows.append(
            {
                "id": one.id,
                "stands_for": one.stands_for,
                "room": one.room,
                "requirement": one.requirement,
                "scenario": one.scenario,
                "answer": str(one.answer),
                "cases": [] if why_not else applies,
                "why_not": why_not,
            }
        )
    document = {
        "schema": 1,
        "baseline": {"cases": len(cases), "wall_s": round(sum(case.wall_s for case in cases), 1)},
        "disturbances": rows,
    }
    fresh = plan.out / "campaign.json.new"
    fresh.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(plan.out / "campaign.json")
    return []


def meant(scenario: str, nodeid: str) -> bool:
    """Whether ``scenario`` (file::function, or with [parameter]) means this case: pytest adds the car to the
    parameters. Without a parameter every case of the function is meant."""
    name, _, parameter = scenario.partition("[")
    case, _, given = nodeid.partition("[")
    there = given.rstrip("]")
    wanted = parameter.rstrip("]")
    return case.endswith(name) and (not wanted or f"-{wanted}-" in f"-{there}-")


def _tell(summary: dict[str, Any], page: Path) -> None:
    for row in summary["disturbances"]:
        if row["outcome"] not in (Caught.EXPECTED, Caught.NOT_APPLICABLE):
            said = f"{row['verdict'] or ''} instead of {row['answer']} of {row['requirement']}: {row['reason']}"
            print(f"{row['outcome']:<18} {row['id']:<26} {said}")
    counts = ", ".join(f"{summary[key]} {key.replace('_', ' ')}" for key in (*Caught, "not_run"))
    print(f"\n{len(summary['disturbances'])} disturbances: {counts}; {summary['wall_s']} s")
    print(summary["claim"])
    print(f"report: {page}")


def _command(options: argparse.Namespace) -> str:
    words = ["./hil", "qualify", "--disturbances"]
    words += [] if options.disturbances == "all" else [options.disturbances]
    for flag, value in (("--rig", options.rig), ("--vehicle", options.vehicle), ("--seed", options.seed)):
        words += [flag, str(value)] if value else []
    return " ".join(words)

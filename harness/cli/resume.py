"""``hil run --resume DIR``: go on with a run that was cut off.

Theory. The run folder says what was asked for (``meta.json``) and by which files (``inputs.json``); a run whose files
have changed since is another run, and is refused. Cases that came to their end stay as they are. One that was cut off
stays too, by its number, and runs again as the next attempt; nobody can run a case again until it is green, since a
verdict is an end. ``resumed.json`` tells both runners what is done.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness import __version__
from harness.cli.plan import Plan, make_plan
from harness.evidence.case import CaseRecord
from harness.evidence.run_folder import read_cases, run_facts
from harness.foundation.clock import civil_time
from harness.foundation.digests import digest
from harness.foundation.errors import BadInput
from harness.foundation.places import find

FINISHED = "resumed.json"
INPUTS = "inputs.json"
DEFAULT_SEED = 7
_TEXT = (".py", ".robot", ".resource", ".yaml", ".dbc", ".kcd", ".sym", ".arxml", ".wav")


def asked(plan: Plan) -> dict[str, Any]:
    """What ``meta.json`` keeps so that ``plan_again`` can make the same plan."""

    def relative(text: str) -> str:
        place = Path(text.partition("::")[0])
        inside = place.relative_to(plan.root).as_posix() if place.is_relative_to(plan.root) else str(place)
        return inside + text[len(str(place)) :]

    return {
        "paths": [relative(p) for p in dict.fromkeys((*plan.pytest_paths, *plan.robot_paths))],
        "expression": plan.expression,
        "defect": list(plan.defects),
        "disturb": list(plan.disturbances),
        "variant_seed": plan.variant_seed,
        "seed": plan.seed,
        "rig": plan.rig,
        "vehicle": plan.vehicle,
        "no_sweep": not plan.sweeps,
        "hold_on_fail": plan.hold_on_fail,
    }


def inputs(plan: Plan) -> dict[str, str]:
    """{name: SHA-256} of every file that decides what the run does: scenarios, requirements, cars, rig."""
    places = {Path(text.partition("::")[0]) for text in (*plan.pytest_paths, *plan.robot_paths)}
    places |= {find("scenarios", name, project=plan.root) for name in ("requirements", "stimuli")}
    places |= {find("dbc", car, project=plan.root) for car in plan.vehicle.split(",")}
    places.add(find("rigs", plan.rig, ".yaml", plan.root))
    files = {file for place in places for file in (place.rglob("*") if place.is_dir() else (place,))}
    found = {}
    for file in sorted(files):
        if file.is_file() and file.suffix in _TEXT:
            name = file.relative_to(plan.root).as_posix() if file.is_relative_to(plan.root) else file.name
            found[name] = digest(file)
    return found


def write_inputs(plan: Plan) -> None:
    document = {"schema": 1, "harness": __version__, "files": inputs(plan)}
    (plan.out / INPUTS).write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def plan_again(options: argparse.Namespace) -> tuple[Plan, dict[str, Any]]:
    """The plan of the run in ``options.resume``, and its facts. BadInput where that is no run, where something else is
    asked for as well, or where its files are not what they were."""
    out: Path = options.resume
    facts = run_facts(out)
    if not isinstance(facts.get("asked"), dict):
        raise BadInput(
            "command line", None, f"--resume {out}", "holds no run of 'hil run'", "Name a folder of reports/."
        )
    words = ("paths", "expression", "defect", "disturb", "variant_seed", "rig", "vehicle", "out", "no_sweep")
    more = [word for word in words if getattr(options, word, None)]
    if options.seed not in (facts["asked"]["seed"], DEFAULT_SEED):
        more.append("seed")
    if more:
        remedy = "A resumed run is the same run: leave everything but -n and --json out."
        raise BadInput("command line", None, f"--resume {out}", f"goes with no {more[0]}", remedy)
    told = argparse.Namespace(**facts["asked"], workers=options.workers, out=None, deviations=_deviations(facts))
    plan = make_plan(told)
    plan.out.rmdir()
    plan = replace(plan, out=out.resolve(), command=str(facts.get("command", plan.command)))
    _same(plan)
    return plan, facts


def _deviations(facts: dict[str, Any]) -> Path | None:
    named = facts.get("deviations")
    return Path(str(named)) if named else None


def _same(plan: Plan) -> None:
    try:
        then = json.loads((plan.out / INPUTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        then = {}
    remedy = "Judge what there is with 'hil report', and start a new run."
    if then.get("harness") != __version__:
        problem = f"was begun by version {then.get('harness', '?')} of the harness, this is {__version__}"
        raise BadInput(plan.out, None, "", problem, remedy)
    now, before = inputs(plan), dict(then.get("files") or {})
    for name in sorted({*now, *before}):
        if now.get(name) != before.get(name):
            how = "is new" if name not in before else "is gone" if name not in now else "has changed"
            raise BadInput(name, None, "", f"{how} since the run in {plan.out.name} began", remedy)


def is_finished(case: CaseRecord) -> bool:
    """A verdict, and everything behind it written."""
    return case.complete and any(record["kind"] == "verdict" for record in case.records)


def write_finished(plan: Plan, facts: dict[str, Any]) -> set[str]:
    """Tell the runners what is done; returns the folders of the attempts that were cut off. Adds to ``facts``."""
    cases = read_cases(plan.out)
    finished = [case for case in cases if is_finished(case)]
    done = {(case.runner, case.id) for case in finished}
    cut = [case for case in cases if case.folder is not None and not is_finished(case)]
    rows: dict[str, list[str]] = {"pytest": [], "robot": []}
    for runner, id_ in sorted(done):
        rows.setdefault(runner, []).append(id_)
    text = json.dumps({"schema": 1, "finished": rows}, ensure_ascii=False, indent=1)
    (plan.out / FINISHED).write_text(text + "\n", encoding="utf-8")
    facts.setdefault("resumed", []).append(
        {
            "at": civil_time(),
            "finished": len(finished),
            "interrupted": [case.name for case in cut if (case.runner, case.id) not in done],
        }
    )
    return {case.name for case in cut}


@contextmanager
def held(out: Path) -> Iterator[None]:
    """The run folder is this process's: two supervisors of one run would write each other's reports. BadInput for the
    second. The kernel lets go when the process dies, however it dies."""
    try:
        import fcntl
    except ImportError:  # no such lock on this system
        yield
        return
    with (out / INPUTS).open("rb") as file:  # the one file that is never written again
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BadInput(out, None, "", "this run is still going on", "Wait for it, or stop it.") from None
        yield

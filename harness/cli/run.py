"""``hil run``: the supervisor. It owns the run folder and its children, and it alone says how the run ended.

It starts pytest and Robot, each in a process of its own, watches the case folders, and makes the reports from what
is there at the end: also when a child crashes, on Ctrl-C and on SIGTERM.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.cli.child import Child
from harness.cli.interrupt import interruptible
from harness.cli.plan import Plan, make_plan, pytest_command, robot_command
from harness.cli.progress import Bar, Lines, progress
from harness.cli.resume import asked, held, plan_again, write_finished, write_inputs
from harness.cli.versions import versions
from harness.cli.watch import Watch
from harness.foundation.clock import civil_time, pause, stopwatch
from harness.foundation.errors import BadInput, RigFault
from harness.foundation.values import Verdict

if TYPE_CHECKING:
    from harness.evidence.case import CaseRecord

PYTEST_FAILED, PYTEST_STOPPED, PYTEST_USAGE, PYTEST_NOTHING = 1, 2, 4, 5
ROBOT_MOST_FAILURES, ROBOT_USAGE = 250, 252
_UNREAD = re.compile(r"^_+ ERROR collecting (.+?) _+$", re.MULTILINE)


def run(options: argparse.Namespace) -> int:
    """Run the scenarios; returns the exit code of the worst verdict."""
    watch = stopwatch()
    if options.resume is not None:
        plan, facts = plan_again(options)
    else:
        plan = make_plan(options)
        facts = _facts(plan)
        write_inputs(plan)
        _write_facts(plan.out, facts)
    with held(plan.out):
        return _supervise(plan, facts, watch, resumed=options.resume is not None, as_json=options.json)


def _supervise(plan: Plan, facts: dict[str, Any], watch: Callable[[], float], *, resumed: bool, as_json: bool) -> int:
    before = write_finished(plan, facts) if resumed else set()
    if resumed:
        _write_facts(plan.out, facts)
    try:
        with progress() as shown, interruptible() as interrupted, _sounding(plan), _kept(plan) as variables:
            crash = _children(plan, shown, interrupted, variables, before)
    except (BadInput, RigFault) as why:
        if not resumed:
            _discard(plan.out, begun=isinstance(why, BadInput) and plan.clock != "wall")
        raise
    # of a run in several parts, how long it took is what its cases took
    facts |= {"ended": civil_time(), "crash": crash, "interrupted": interrupted()}
    facts["wall_s"] = None if resumed else round(watch(), 3)
    _write_facts(plan.out, facts)

    from harness.cli.verdict_table import show
    from harness.evidence.finish import finish

    summary = finish(plan.out, say=lambda text: print(f"hil: {text}", file=sys.stderr))
    show(summary, total_s=None if resumed else watch(), as_json=as_json)
    return summary.exit_code


@contextmanager
def _sounding(plan: Plan) -> Iterator[None]:
    """The null sinks of a rig that wants them; that they cannot be had is said once."""
    if plan.clock != "wall":
        yield
        return
    from harness.rig.drivers_sound import sinks_of
    from harness.rig.load import load_rig

    with sinks_of(load_rig(plan.root / plan.rig)) as missing:
        if missing:
            print(f"hil: {missing}", file=sys.stderr)
        yield


@contextmanager
def _kept(plan: Plan) -> Iterator[dict[str, str]]:
    """A wall-clock rig's keeper, as long as the children run: what they need to know of it. It ends with this process,
    and leaves the rig safe when a child dies over a case."""
    if plan.clock != "wall":
        yield {}
        return
    from harness.rig.keeper.child import KeeperChild

    keeper = KeeperChild(plan.root / plan.rig, plan.out)
    try:
        yield keeper.address.to_environment()
    finally:
        keeper.close()


def _children(
    plan: Plan, shown: Lines | Bar, interrupted: Callable[[], bool], variables: dict[str, str], before: set[str]
) -> dict[str, str] | None:
    """Run them; returns what broke down, if anything. BadInput when there was nothing to run. ``before``: attempts that
    an earlier part of the run left unfinished.

    On a virtual rig with several workers Robot's scenarios run beside pytest's, so that no processor is left idle at
    the end; otherwise one after the other.
    """
    commands = []
    if plan.pytest_paths:
        commands.append(("pytest", pytest_command(plan)))
    if plan.robot_paths:
        commands.append(("robot", robot_command(plan)))
    watch = Watch(plan.out, before)
    together = plan.clock != "wall" and plan.workers > 1
    children: list[Child] = []
    for batch in [commands] if together else [[command] for command in commands]:
        started = [Child(name, command, plan.root, plan.out / f"{name}.log", variables) for name, command in batch]
        children += started
        try:
            problem = _wait(started, plan.out, watch, shown, interrupted)
        finally:
            for child in started:
                if child.ended() is None:
                    child.stop()
        if problem or interrupted():
            return problem
    if watch.expected() in (None, 0) and not watch.cases:
        what = f"-k {plan.expression}" if plan.expression else " ".join(plan.pytest_paths)
        raise BadInput("command line", None, what, "matches no scenario", "See 'hil requirements' for what there is.")
    under_way = [case.id or case.name for case in watch.running()]
    if under_way:
        return {"what": f"a worker died during {', '.join(under_way)}", "tail": children[-1].tail()}
    return None


def _wait(
    children: list[Child], out: Path, watch: Watch, shown: Lines | Bar, interrupted: Callable[[], bool]
) -> dict[str, str] | None:
    """Until all have ended, one has broken down (what did is returned), or somebody wants it to end. BadInput as
    ``_broke`` raises it."""
    waiting = list(children)
    while waiting and not interrupted():
        for child in list(waiting):
            code = child.ended()
            if code is None:
                continue
            waiting.remove(child)
            shown.update(watch, watch.look())
            nothing = child.name == "pytest" and code == PYTEST_NOTHING
            if not nothing and not interrupted() and (problem := _broke(child, code, out)):
                return problem
        if waiting:
            shown.update(watch, watch.look())
            pause(0.1)
    for child in waiting:
        shown.say(f"stopping {child.name}; the report is made of what there is")
        child.stop()
    shown.update(watch, watch.look())
    return None


def _broke(child: Child, code: int, out: Path) -> dict[str, str] | None:
    """None for an exit code that only counts verdicts. BadInput for wrong use and for scenarios that do not load."""
    if child.name == "pytest":
        started = any(case.folder is not None for case in _of_pytest(out))
        unread = _UNREAD.findall(child.output.read_text(encoding="utf-8", errors="replace"))
        if code == PYTEST_FAILED and unread and started:  # with -n, pytest goes on without them
            return {"what": f"could not be loaded: {', '.join(unread)}", "tail": child.tail()}
        if code in (0, PYTEST_FAILED) and not unread:
            return _unexplained(child, out) if code else None
        if code == PYTEST_USAGE or (code in (PYTEST_FAILED, PYTEST_STOPPED) and not started):
            raise BadInput("pytest", None, "", _message(child), "Correct that and run again.")
    elif 0 <= code <= ROBOT_MOST_FAILURES:
        return None
    elif code == ROBOT_USAGE:
        raise BadInput("robot", None, "", _message(child), "Correct that and run again.")
    how = f"signal {-code} ({_signal_name(-code)})" if code < 0 else f"exit code {code}"
    return {"what": f"{child.name} ended with {how}", "tail": child.tail()}


def _unexplained(child: Child, out: Path) -> dict[str, str] | None:
    """pytest says that something failed: a case must say so too, or a failure would be lost from the report."""
    good = (Verdict.PASS, Verdict.NOT_APPLICABLE)
    if any(case.verdict not in good or case.restored is not Verdict.PASS for case in _of_pytest(out)):
        return None
    return {"what": "pytest counts a failure that no case knows of", "tail": child.tail()}


def _of_pytest(out: Path) -> list[CaseRecord]:
    """Robot's cases may lie in the same folder."""
    from harness.evidence.run_folder import read_cases

    return [case for case in read_cases(out) if case.runner == "pytest"]


def _message(child: Child) -> str:
    """What a usage error said, without the usage around it."""
    lines = [line for line in child.tail().splitlines() if line.strip()]
    errors = [n for n, line in enumerate(lines) if line.lstrip("[ ").startswith(("ERROR", "E   "))]
    kept = lines[errors[0] :] if errors else lines
    return "\n".join(line.removeprefix("ERROR: ") for line in kept if not line.startswith(("  inifile:", "  rootdir:")))


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"


def _facts(plan: Plan) -> dict[str, Any]:
    """What ``meta.json`` says of the run: everything that may differ between two runs of the same journal."""
    history = plan.root / "reports" / "history.jsonl"
    cars = _vehicles(plan)
    return {
        "schema": 1,
        "command": plan.command,
        "asked": asked(plan),
        "seed": plan.seed,
        "rig": plan.rig,
        "clock": plan.clock,
        "vehicle": plan.vehicle,
        "vehicle_name": ", ".join(car["name"] for car in cars.values()),
        "vehicles": cars,
        "defect": list(plan.defects),
        "variant_seed": plan.variant_seed,
        **({"disturbances": list(plan.disturbances)} if plan.disturbances else {}),
        "workers": plan.workers,
        "versions": versions(),
        "requirements": _requirements(plan),
        "deviations": str(plan.deviations) if plan.deviations else None,
        "history": str(history) if history.parent.is_dir() else None,
        "started": civil_time(),
        **_rig_check(plan),
    }


def _rig_check(plan: Plan) -> dict[str, Any]:
    """How the rig's self-check stands; nothing on a virtual rig."""
    from harness.foundation.places import find
    from harness.rig.self_check import fact

    found = fact(find("rigs", plan.rig, ".yaml", plan.root), plan.clock, civil_time())
    return {} if found is None else {"rig_check": found}


def _vehicles(plan: Plan) -> dict[str, dict[str, str]]:
    """Each car by id, with its name and what its file says of its origin."""
    from harness.foundation.config import load_yaml
    from harness.foundation.places import find

    found = {}
    for car in plan.vehicle.split(","):
        data = load_yaml(find("dbc", car, project=plan.root) / "vehicle.yaml").data
        known = data if isinstance(data, dict) else {}
        found[car] = {"name": str(known.get("name", car)), "note": str(known.get("note", ""))}
    return found


def _requirements(plan: Plan) -> dict[str, Any]:
    """What each requirement said on the day of the run: reports must not show a later text."""
    from harness.foundation.places import find
    from harness.judging.requirements import load_requirements

    known = load_requirements(find("scenarios", "requirements", project=plan.root))
    return {id_: known[id_].told() for id_ in known}


def _write_facts(out: Path, facts: dict[str, Any]) -> None:
    """Whole or not at all: a kill while it is written must not cost what is known."""
    fresh = out / "meta.json.new"
    fresh.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(out / "meta.json")


def _discard(out: Path, *, begun: bool) -> None:
    """A run that never began leaves no folder behind, unless something of value is in it: with ``begun`` the other
    runner's first cases are not."""
    if begun or not (out / "cases").exists():
        shutil.rmtree(out, ignore_errors=True)

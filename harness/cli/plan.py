"""What a run is asked to do, checked before anything starts: wrong words end here, with a remedy."""

from __future__ import annotations

import argparse
import difflib
import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.cli.project import project_rig, project_root
from harness.foundation.errors import BadInput
from harness.foundation.places import find, roots, vehicles

MOST_WORKERS = 4


@dataclass(frozen=True)
class Plan:
    """One run. ``pytest_paths`` and ``robot_paths`` are absolute (a node id keeps its ``::`` part)."""

    root: Path
    out: Path
    rig: str
    clock: str
    vehicle: str
    pytest_paths: tuple[str, ...]
    robot_paths: tuple[str, ...]
    expression: str
    defects: tuple[str, ...]
    variant_seed: int | None
    seed: int
    workers: int
    deviations: Path | None
    hold_on_fail: bool
    command: str
    sweeps: bool = True
    """Also the scenarios that open hundreds of worlds for one verdict."""
    disturbances: tuple[str, ...] = ()


def make_plan(options: argparse.Namespace) -> Plan:
    """From the command line; BadInput for paths, rigs and combinations that cannot be."""
    from harness.rig.load import load_rig

    here = Path.cwd()
    root = project_root(here)
    named = options.rig
    rig_name = str((here / named).resolve()) if named and (here / named).is_file() else named or project_rig(root)
    rig = load_rig(find("rigs", rig_name, ".yaml", root))
    cars = vehicles(options.vehicle, root) or vehicles(rig.model.vehicle, root)
    for car in cars:
        find("dbc", car, project=root)
    wall = rig.model.clock == "wall"
    if wall and (options.workers or 1) > 1:
        raise BadInput("command line", None, f"-n {options.workers}", "a real bench cannot be shared", "Leave -n out.")
    if options.hold_on_fail and not wall:
        raise BadInput("command line", None, "--hold-on-fail", "a virtual rig has no power to hold", "Leave it out.")
    if options.workers is not None and options.workers < 0:
        raise BadInput("command line", None, f"-n {options.workers}", "is negative", "Name a number of processes.")
    paths = scenario_paths(options.paths, here, root)
    _check_expression(options.expression)
    _check_defects(options.defect)
    _check_disturbances(getattr(options, "disturb", ()))
    deviations = _deviations(options.deviations, root)
    robots = tuple(p for p in paths if _holds(p, ".robot"))
    return Plan(
        root=root,
        rig=_shown(rig.path, root),
        clock=rig.model.clock,
        vehicle=",".join(cars),
        pytest_paths=tuple(p for p in paths if _holds(p.partition("::")[0], ".py")),
        robot_paths=robots,
        expression=options.expression,
        defects=tuple(options.defect),
        variant_seed=options.variant_seed,
        seed=options.seed,
        workers=0 if wall else _workers(options.workers),
        deviations=deviations,
        hold_on_fail=options.hold_on_fail,
        command=_command(options),
        sweeps=not getattr(options, "no_sweep", False),
        disturbances=tuple(getattr(options, "disturb", ())),
        out=_out(options.out, root),  # made last: nothing is left behind by a mistake above
    )


def _check_expression(expression: str) -> None:
    """``-k`` is told before workers are started with it."""
    if not expression:
        return
    from _pytest.mark.expression import Expression

    try:
        Expression.compile(expression)
    except SyntaxError as why:
        remedy = "Write names with and, or, not and parentheses."
        raise BadInput("command line", None, f"-k {expression}", f"is no expression: {why}", remedy) from None


def _check_defects(defects: Sequence[str]) -> None:
    if not defects:
        return
    from harness.headunit.defects import catalogue
    from harness.headunit.edges import unit_named

    known = catalogue()
    for name in defects:
        if name not in known and unit_named(name) is None:
            near = difflib.get_close_matches(name, known, 3, 0.4)
            remedy = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(known)}."
            raise BadInput("command line", None, name, "there is no such defect", remedy)


def _check_disturbances(disturb: Sequence[str]) -> None:
    if not disturb:
        return
    from harness.foundation.config import suggest
    from harness.rig.gateway.catalogue import disturbances

    for name in disturb:
        if name not in disturbances():
            remedy = suggest(name, disturbances())
            raise BadInput("command line", None, name, "there is no such disturbance", remedy)


def scenario_paths(given: Sequence[str], here: Path, root: Path) -> tuple[str, ...]:
    """The paths a person named, absolute; the project's scenarios without any. BadInput for one that is not there."""
    return tuple(_path(text, here, root) for text in given) or (_scenarios(root),)


def _path(text: str, here: Path, root: Path) -> str:
    name, colons, rest = text.partition("::")
    found = next((base / name for base in (here, root) if (base / name).exists()), None)
    if found is None:
        raise BadInput("command line", None, text, "no such folder or file", "Name scenarios, such as scenarios/login.")
    if found.is_file() and found.suffix not in (".py", ".robot"):
        raise BadInput("command line", None, text, "is no scenario", "Name a folder, a .py or a .robot file.")
    return str(found.resolve()) + colons + rest


def _scenarios(root: Path) -> str:
    found = next((base / "scenarios" for base in roots(root) if (base / "scenarios").is_dir()), None)
    if found is None:
        raise BadInput("command line", None, "", "no scenarios here", "Name their folder: hil run PATH.")
    return str(found.resolve())


def _holds(path: str, suffix: str) -> bool:
    place = Path(path)
    return path.endswith(suffix) or (place.is_dir() and next(place.rglob(f"*{suffix}"), None) is not None)


def _shown(path: Path, root: Path) -> str:
    return path.resolve().relative_to(root).as_posix() if path.resolve().is_relative_to(root) else str(path.resolve())


def _workers(asked: int | None) -> int:
    return min(MOST_WORKERS, os.cpu_count() or 1) if asked is None else asked


def _out(asked: Path | None, root: Path) -> Path:
    """Make the run folder. A folder with an earlier run in it is refused: no attempt is overwritten."""
    from harness.evidence.run_folder import reserve_run_folder

    try:
        if asked is not None:
            if asked.exists() and (not asked.is_dir() or any(asked.iterdir())):
                raise BadInput("command line", None, f"--out {asked}", "is not an empty folder", "Name a new one.")
            asked.mkdir(parents=True, exist_ok=True)
            return asked.resolve()
        return reserve_run_folder(root / "reports")
    except OSError as why:
        place = asked or root / "reports"
        raise BadInput("command line", None, str(place), f"cannot be made: {why.strerror}", "Use --out DIR.") from why


def _deviations(asked: Path | None, root: Path) -> Path | None:
    """The file, read once now so that a mistake in it costs no run."""
    from harness.evidence.deviations import load_deviations

    path = asked or root / "deviations.yaml"
    if asked is None and not path.is_file():
        return None
    load_deviations(path)
    return path.resolve()


def _command(options: argparse.Namespace) -> str:
    """The line that replays the run, without where it went and what watched it."""
    words = ["./hil" if os.name != "nt" else "hil", "run", *options.paths]
    for flag, value in (
        ("--rig", options.rig),
        ("--vehicle", options.vehicle),
        ("-k", options.expression),
        ("--variant-seed", options.variant_seed),
        ("--seed", options.seed),
    ):
        if value not in (None, ""):
            words += [flag, str(value)]
    for defect in options.defect:
        words += ["--defect", defect]
    for name in getattr(options, "disturb", ()):
        words += ["--disturb", name]
    if getattr(options, "no_sweep", False):
        words.append("--no-sweep")
    return shlex.join(words)


def pytest_command(plan: Plan, *, allure: bool = True) -> list[str]:
    """The child that runs pytest's scenarios. Its output is ours to read, its results are in the run folder."""
    command = [sys.executable, "-P", "-m", "pytest", *plan.pytest_paths, "-q", "--no-header", "--tb=short"]
    command += ["-p", "no:cacheprovider", "--rootdir", str(plan.root)]
    # as one word: pytest takes a path that stands alone for a place of tests, and would look for its settings there
    command += [f"--rig={plan.rig}", f"--vehicle={plan.vehicle}", f"--seed={plan.seed}", f"--hil-out={plan.out}"]
    command += [f"--alluredir={plan.out / 'allure-results'}"] if allure else []
    for defect in plan.defects:
        command += ["--defect", defect]
    for name in plan.disturbances:
        command += ["--disturb", name]
    if plan.variant_seed is not None:
        command += ["--variant-seed", str(plan.variant_seed)]
    if plan.expression:
        command += ["-k", plan.expression]
    if plan.workers > 1:
        # cases last from a tenth of a second to ten: who has nothing left takes over from who has
        command += ["-n", str(plan.workers), "--dist", "worksteal"]
    if not plan.sweeps:
        command.append("--no-sweep")
    return [*command, "--hold-on-fail"] if plan.hold_on_fail else command


def robot_command(plan: Plan) -> list[str]:
    """The child that runs Robot's scenarios, told the same things by variables."""
    command = [sys.executable, "-P", "-m", "robot", "--output", "NONE", "--log", "NONE", "--report", "NONE"]
    # below WARN the Allure adapter leaves keyword logs that no result refers to
    command += ["--loglevel", "WARN", "--runemptysuite", "--consolecolors", "off", "--name", "Robot"]
    command += ["--listener", f"allure_robotframework;{plan.out / 'allure-results'}"]
    settings = {
        "HIL_RIG": plan.rig,
        "HIL_VEHICLE": plan.vehicle,
        "HIL_SEED": plan.seed,
        "HIL_OUT": plan.out,
        "HIL_PROJECT": plan.root,
        "HIL_DEFECTS": ",".join(plan.defects),
        "HIL_DISTURB": ",".join(plan.disturbances),
        "HIL_VARIANT_SEED": "" if plan.variant_seed is None else plan.variant_seed,
        "HIL_HOLD_ON_FAIL": "yes" if plan.hold_on_fail else "",
    }
    for name, value in settings.items():
        command += ["--variable", f"{name}:{value}"]
    if plan.expression:
        command += ["--prerunmodifier", f"harness.cli.robot_select.Select;{plan.expression}"]
    if plan.hold_on_fail:
        command.append("--exitonfailure")
    return [*command, *plan.robot_paths]

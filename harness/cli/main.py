"""The program's words, and nothing else: each command lives in its own module and is imported when it is called.

Exit codes: 0 passed, 1 a FAIL, 2 wrong use or bad input, 3 BLOCKED, 4 our error, 5 INCONCLUSIVE.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from harness import __version__
from harness.foundation.errors import BadInput, RigFault, SeveralBadInputs

WRONG_USE, BLOCKED = 2, 3


def main(arguments: Sequence[str]) -> int:
    """Run one command; what people wrote wrong is one message and exit code 2, never a traceback."""
    if list(arguments[:1]) == ["test"]:  # everything behind it is pytest's
        from harness.cli.quality import test

        return _told(lambda: test(list(arguments[1:])))
    options = parser().parse_args(arguments)
    return _told(lambda: _dispatch(options))


def _told(command: object) -> int:
    try:
        return int(command())  # type: ignore[operator]
    except (BadInput, SeveralBadInputs) as why:
        print(f"hil: {why}", file=sys.stderr)
        return WRONG_USE
    except RigFault as why:
        print(f"hil: BLOCKED: {why}", file=sys.stderr)
        return BLOCKED
    except BrokenPipeError:  # who reads us has seen enough (hil vehicle check | head)
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - for the interpreter's own flush at exit
        return 0


def _dispatch(options: argparse.Namespace) -> int:
    if options.command == "run":
        from harness.cli.run import run

        return run(options)
    if options.command == "report":
        from harness.cli.report import report

        return report(options.folder, options.deviations, as_json=options.json)
    if options.command == "qualify":
        if options.disturbances:
            from harness.cli.qualify_disturbances import qualify_disturbances

            return qualify_disturbances(options)
        from harness.cli.qualify import qualify

        return qualify(options)
    if options.command == "compare":
        from harness.cli.compare import compare

        return compare(
            options.run_a,
            options.run_b,
            percent=options.threshold,
            common=options.common,
            as_json=options.json,
            html=options.html,
        )
    if options.command == "requirements":
        if options.what != "show":
            from harness.cli.requirements_exchange import exchange

            return exchange(options)
        from harness.cli.coverage import coverage

        if options.format or options.out or options.run:
            raise BadInput("command line", None, "", "--format, --out and --run are for export", "Add the word export.")
        return coverage(strict=options.strict, as_json=options.json, paths=options.paths)
    if options.command == "headunit":
        from harness.cli.headunit import headunit

        return headunit(options)
    if options.command == "evidence":
        from harness.cli.evidence import evidence

        return evidence(options)
    if options.command == "sound":
        from harness.cli.sound import sound

        return sound(options.what, options.dir)
    if options.command == "rig":
        return _on_rig(options)
    if options.command == "vehicle" and options.what == "new":
        from harness.cli.vehicle_new import vehicle_new

        return vehicle_new(
            options.databases, out=options.out, like=options.like, logs=options.log, as_json=options.json
        )
    from harness.cli import checks

    return checks.vehicle(options.vehicle, as_json=options.json)


def _on_rig(options: argparse.Namespace) -> int:
    if options.what == "calibrate":
        from harness.cli.calibrate import calibrate

        return calibrate(options.rig, options.days)
    if options.what == "align":
        from harness.cli.align import align

        return align(options.rig, options.corners, options.size, options.page, options.out, options.days)
    if options.what == "learn":
        from harness.cli.learn import learn

        return learn(
            options.rig,
            action=options.action,
            role=options.role,
            places=options.places,
            marks=options.marks,
            settle=options.settle,
            unknown=options.unknown,
            out=options.out,
            as_json=options.json,
        )
    from harness.cli.rig_check import rig_check

    return rig_check(options.rig, vehicle=options.vehicle, power=options.power, days=options.days, as_json=options.json)


def parser() -> argparse.ArgumentParser:
    """All words of the program."""
    from harness.cli import evidence

    top = argparse.ArgumentParser(prog="hil", description="Test head units on rigs, in virtual time or on the bench.")
    top.add_argument("--version", action="version", version=f"hil {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _run(commands.add_parser("run", help="run scenarios and leave a report"))
    commands.add_parser(
        "test", help="check this project itself: ruff, mypy, import-linter, pytest; arguments go to pytest"
    )
    for kind in ("rig", "vehicle"):
        one = commands.add_parser(kind, help=f"check a {kind}'s files")
        acts = one.add_subparsers(dest="what", required=True)
        checked = acts.add_parser("check", help="load it; say good, or what is wrong")
        checked.add_argument(kind, help="its name or path")
        if kind == "rig":
            _check(checked)
            measured = acts.add_parser(
                "calibrate", help="measure the loop of its sound and keep it with date and expiry"
            )
            measured.add_argument("rig", help="its name or path")
            measured.add_argument("--days", type=int, default=30, metavar="N", help="days it holds (default: 30)")
            _learn(acts.add_parser("learn", help="listen while an action is performed; tell what reacts to it"))
            _align(acts.add_parser("align", help="find the screen's corners in its camera's picture and keep them"))
        else:
            checked.add_argument("--json", action="store_true", help="print what was found as JSON")
            _vehicle_new(acts.add_parser("new", help="propose a car from its DBC files, with what is not known marked"))
    _requirements(commands.add_parser("requirements", help="which requirement is verified by which scenario"))
    report = commands.add_parser("report", help="make the reports of a run folder again, also after a kill")
    report.add_argument("folder", type=Path, metavar="DIR")
    report.add_argument("--deviations", type=Path, help="accepted failures (default: those the run was started with)")
    report.add_argument("--json", action="store_true", help="print run.json alone on standard output")
    _compare(commands.add_parser("compare", help="do two runs of the same scenarios agree, and where not"))
    _qualify(commands.add_parser("qualify", help="seed defects into the simulated unit: does each turn its case red"))
    evidence.words(commands.add_parser("evidence", help="packs of a run that a stranger can verify and judge again"))
    _sound(commands.add_parser("sound", help="a loop of sound without hardware: PipeWire null sinks"))
    _headunit(commands.add_parser("headunit", help="run a rig's simulated head unit as a process"))
    return top


def _requirements(needs: argparse.ArgumentParser) -> None:
    from harness.cli.words import RequirementWords

    needs.usage = (
        "hil requirements [PATHS] [--strict] [--json]\n"
        "       hil requirements export [PATHS] [--format FORMAT] [--run DIR] --out FILE\n"
        "       hil requirements import FILE --out FOLDER"
    )
    needs.add_argument(
        "paths", nargs="*", action=RequirementWords, help="scenarios (default: scenarios); or export, or import FILE"
    )
    needs.add_argument("--strict", action="store_true", help="exit 1 when a requirement or a scenario lacks the other")
    needs.add_argument("--json", action="store_true", help="print the table as JSON")
    formats = ("html", "csv", "reqif", "needs")
    needs.add_argument("--format", choices=formats, default="", help="of the export (default: by FILE's ending)")
    needs.add_argument("--out", type=Path, metavar="PLACE", help="the file to export to, or the folder to import into")
    needs.add_argument("--run", type=Path, metavar="DIR", help="a run's folder: its verdicts and figures go along")


def _check(act: argparse.ArgumentParser) -> None:
    act.add_argument("--vehicle", default="", help="car (default: the rig's)")
    act.add_argument("--power", action="store_true", help="a real unit may be switched on, to measure with it")
    act.add_argument("--days", type=int, default=30, metavar="N", help="days the self-check holds (default: 30)")
    act.add_argument("--json", action="store_true", help="print what was found as JSON")


def _vehicle_new(act: argparse.ArgumentParser) -> None:
    act.add_argument("databases", type=Path, nargs="+", metavar="FILE.dbc", help="one for each bus")
    act.add_argument("--out", type=Path, required=True, metavar="DIR", help="the car's folder, such as dbc/NAME; new")
    act.add_argument("--like", default="", metavar="CAR", help="take over from it what no database says")
    act.add_argument(
        "--log", type=Path, nargs="+", default=[], metavar="LOG", help="recordings of its buses (candump -L)"
    )
    act.add_argument("--json", action="store_true", help="print the proposals as JSON")


def _learn(act: argparse.ArgumentParser) -> None:
    act.add_argument("rig", help="its name or path")
    act.add_argument("--action", default="", metavar="TEXT", help="what is done: 'press the messaging button'")
    act.add_argument("--role", default="", help="the role it is about (default: guessed from the action's words)")
    act.add_argument(
        "--from", dest="places", type=Path, nargs="+", default=[], metavar="RECORDING", help="recorded before"
    )
    act.add_argument("--marks", type=Path, metavar="FILE", help="when it was done (default: marks.yaml beside it)")
    act.add_argument("--settle", default="1 s", metavar="TIME", help="what comes so long after counts (default: 1 s)")
    act.add_argument("--unknown", action="store_true", help="as if the car's database and roles were not known")
    act.add_argument("--out", type=Path, metavar="DIR", help="where to record (default: a new one in reports/learned)")
    act.add_argument("--json", action="store_true", help="print the findings as JSON")


def _qualify(campaign: argparse.ArgumentParser) -> None:
    campaign.add_argument("--rig", help="virtual rig, file or name (default: the project's)")
    campaign.add_argument("--vehicle", default="", help="car (default: the rig's)")
    campaign.add_argument(
        "--defects", default="", metavar="SEL",
        help="ids, patterns (btn-*), requirement ids, with commas; slice: one per requirement; none (default: all)",
    )  # fmt: skip
    campaign.add_argument(
        "--variants", type=int, default=0, metavar="N", help="also N right units that are not alike: all must pass"
    )
    campaign.add_argument(
        "--edges", nargs="?", const="all", default="", metavar="LIMITS",
        help="also units just inside and just outside limits: BTN-01.latency, patterns, ids, with commas (alone: all)",
    )  # fmt: skip
    campaign.add_argument(
        "--disturbances", nargs="?", const="all", default="", metavar="SEL",
        help="instead: does what is wrong between unit and bench come out? ids, patterns, with commas (alone: all)",
    )  # fmt: skip
    campaign.add_argument("--seed", type=int, default=7, metavar="N", help="seed of everything random (default: 7)")
    campaign.add_argument("-n", dest="workers", type=int, metavar="WORKERS", help="processes")
    where = campaign.add_mutually_exclusive_group()
    where.add_argument("--out", type=Path, metavar="DIR", help="folder (default: a new one below reports/)")
    where.add_argument("--resume", type=Path, metavar="DIR", help="go on with a campaign that was stopped")
    campaign.add_argument("--json", action="store_true", help="print qualification.json alone on standard output")


def _compare(two: argparse.ArgumentParser) -> None:
    two.add_argument("run_a", type=Path, metavar="RUN_A", help="folder of a run")
    two.add_argument("run_b", type=Path, metavar="RUN_B", help="folder of the other")
    two.add_argument("--json", action="store_true", help="print the comparison as JSON")
    two.add_argument("--html", type=Path, metavar="FILE", help="write a page with the figures of both drawn in")
    two.add_argument("--common", action="store_true", help="what only one run has or could judge does not count")
    two.add_argument(
        "--threshold",
        type=float,
        default=10.0,
        metavar="PERCENT",
        help="how far apart figures may lie, as a share of the limit (default: 10)",
    )


def _align(seen: argparse.ArgumentParser) -> None:
    seen.add_argument("rig", help="its name or path")
    seen.add_argument("--page", type=Path, metavar="FILE", help="only write the picture to show on the unit (PNG)")
    seen.add_argument("--corners", metavar="'X,Y X,Y X,Y X,Y'", help="by hand: from the top left clockwise, 0 to 1")
    seen.add_argument("--size", metavar="WxH", help="the screen's own pixels (default: the rig file's)")
    seen.add_argument("--out", type=Path, metavar="DIR", help="where pictures to look at go (default: below reports/)")
    seen.add_argument("--days", type=int, default=30, metavar="N", help="days it holds (default: 30)")


def _sound(loop: argparse.ArgumentParser) -> None:
    acts = loop.add_subparsers(dest="what", required=True)
    for act, text in (
        ("up", "start the sinks and print the environment that reaches them"),
        ("down", "stop them"),
        ("status", "exit code 0 when they are there, else 3"),
        ("check", "measure every line: delay, gain, bit-exactness"),
    ):
        one = acts.add_parser(act, help=text)
        one.add_argument("--dir", type=Path, help="where the sinks live (default: below the user's cache)")


def _headunit(unit: argparse.ArgumentParser) -> None:
    unit.add_argument("--rig", required=True, help="rig file or name; its buses are the unit's")
    unit.add_argument("--vehicle", default="", help="car (default: the rig's)")
    unit.add_argument("--service", default="", metavar="URL", help="the messaging service (default: one of its own)")
    unit.add_argument("--defect", action="append", default=[], metavar="ID", help="seed a defect (may be repeated)")
    unit.add_argument("--variant-seed", type=int, metavar="N", help="use a right variant of the unit")
    unit.add_argument("--seed", default="7", metavar="TEXT", help="seed of everything random in the unit")
    unit.add_argument("--zero", type=int, metavar="NS", help="the monotonic counter at bench time 0 (default: now)")
    unit.add_argument("--orders", action="store_true", help="take orders on standard input, and end with it")


def _run(run: argparse.ArgumentParser) -> None:
    run.add_argument("paths", nargs="*", help="folders, files or node ids, pytest's and Robot's (default: scenarios)")
    run.add_argument("--rig", help="rig file or name (default: the project's, rigs/virtual.yaml)")
    run.add_argument("--vehicle", default="", help="car, several with commas, or all (default: the rig's)")
    run.add_argument(
        "-k", dest="expression", default="", metavar="EXPR", help="only cases whose names match, as in pytest"
    )
    run.add_argument("--defect", action="append", default=[], metavar="ID", help="seed a defect (may be repeated)")
    run.add_argument("--disturb", action="append", default=[], metavar="ID",
                     help="make something wrong between unit and bench (may be repeated)")  # fmt: skip
    run.add_argument("--variant-seed", type=int, metavar="N", help="use a right variant of the simulated unit")
    run.add_argument("--seed", type=int, default=7, metavar="N", help="seed of everything random (default: 7)")
    run.add_argument("-n", dest="workers", type=int, metavar="WORKERS", help="processes (virtual rigs only)")
    run.add_argument("--no-sweep", action="store_true", help="leave out scenarios that open hundreds of worlds")
    run.add_argument("--out", type=Path, metavar="DIR", help="run folder (default: a new one below reports/)")
    run.add_argument("--resume", type=Path, metavar="DIR", help="go on with the run in this folder")
    run.add_argument("--json", action="store_true", help="print run.json alone on standard output")
    run.add_argument("--deviations", type=Path, metavar="FILE", help="accepted failures (default: deviations.yaml)")
    run.add_argument("--hold-on-fail", action="store_true", help="keep the bench powered after a failure")

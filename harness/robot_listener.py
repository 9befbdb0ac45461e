"""The life of a case under Robot Framework: every test is one Case, opened when it starts and decided when it ends.

The library brings this listener along, so that plain ``robot`` needs nothing else. What Robot calls a failure and
what the journal calls a verdict meet in ``end_test``: the journal decides, and Robot's status follows it. A failure
that did not come from one of our keywords (an unknown keyword, an argument that cannot be read) ends the case as an
ERROR.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from robot.api import SkipExecution, logger
from robot.errors import DataError
from robot.libraries.BuiltIn import BuiltIn
from robot.running.context import EXECUTION_CONTEXTS

from harness.bench.car import Car
from harness.bench.driver import Driver
from harness.bench.head_unit import HeadUnit
from harness.bench.network import Network
from harness.bench.people import CONTACT, DRIVER, OTHER
from harness.bench.phones import Contact, Phone
from harness.bench.routines import boots
from harness.bench.world import World
from harness.evidence.run_folder import finished
from harness.foundation.clock import civil_time
from harness.foundation.errors import BadInput, HarnessError, RigFault, SeveralBadInputs
from harness.foundation.values import Verdict
from harness.judging.judge import PrerequisiteFailed
from harness.judging.observation import Observation
from harness.rig.case import Case, NotApplicable
from harness.rig.run import About, Run, Settings

REQUIREMENT = re.compile(r"[A-Z]+-\d{2}")
LIBRARY = "harness.robot_library"
_STOPPED = "Execution terminated by signal"


class WrongUse(DataError, SystemExit):  # type: ignore[misc]
    """Ends the run with this one message and exit code 252.

    Both bases are needed: Robot only logs what a listener raises, except a SystemExit; and what leaves its main loop
    is reported as wrong use when it is a DataError.
    """


class Ended(AssertionError):
    """A keyword could not go on; the test ends here. The message begins with the verdict."""

    ROBOT_SUPPRESS_NAME = True


class Missed(AssertionError):
    """A judgement that is not PASS. The test goes on, so that one miss does not hide the next."""

    ROBOT_CONTINUE_ON_FAILURE = True
    ROBOT_SUPPRESS_NAME = True


@dataclass
class Bench:
    """Who and what is there in one case."""

    world: World
    car: Car
    head_unit: HeadUnit
    driver: Driver
    phones: dict[str, Phone]
    contact: Contact
    network: Network
    awake: bool = False
    """Somebody has started the car, or wants to do it himself."""

    @classmethod
    def of(cls, world: World) -> Bench:
        phones = {"driver": Phone(world, DRIVER.account), "other": Phone(world, OTHER.account)}
        contact = Contact(world, CONTACT.account, DRIVER.account)
        return cls(world, Car(world), HeadUnit(world), Driver(world), phones, contact, Network(world))


class RobotCases:
    """Listener of the library. ``bench()`` is the open rig of the running test, ``ready()`` one with a booted unit."""

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self) -> None:
        self._run: Run | None = None
        self._supervised = False
        self._stopped = False
        self._collected: list[About] = []
        self._vehicles: dict[str, str] = {}
        self._hook: Any = None
        self._case: Case | None = None
        self._bench: Bench | None = None
        self._error: BaseException | None = None
        self._said: set[str] = set()

    # -- for keywords --------------------------------------------------------------------------------------------
    def bench(self) -> Bench:
        """Opens the rig with the first keyword that needs it. NotApplicable, RigFault, BadInput as they come."""
        if self._case is None:
            raise HarnessError("the keywords of harness.robot_library work only inside a test that Robot runs")
        if self._bench is None:
            self._bench = Bench.of(self._case.open())
        return self._bench

    def ready(self) -> Bench:
        bench = self.bench()
        if not bench.awake:
            bench.awake = True
            boots(bench.world, bench.car)
        return bench

    def judge(self, requirement: str, measuring: str, *observations: Observation) -> None:
        """Judge against ``requirement`` (its limit ``measuring``, if not the usual one). Missed when not all PASS."""
        judge = self.bench().world.judge
        if measuring:
            observations = tuple(o.measuring(measuring) for o in observations)
        before = len(judge.checks)
        judge(self._requirement(requirement), *observations)
        made = judge.checks[before:]  # none while samples are pooled: they are decided when the test ends
        for check in made:
            logger.info(f"{check.verdict}: {check.requirement} {check.reason}")
        missed = [f"{check.verdict}: {check.reason}" for check in made if check.verdict is not Verdict.PASS]
        if missed:
            raise Missed(self._say("\n".join(missed)))

    def _requirement(self, given: str) -> str:
        """The requirement a judgement is about: the one given, or the only one among the test's tags."""
        if given:
            return given
        tagged = self._case.about.requirements if self._case else ()
        if len(tagged) == 1:
            return tagged[0]
        found = f"the test's tags name {', '.join(tagged)}" if tagged else "no tag of the test is one"
        raise HarnessError(f"which requirement is judged? Write requirement=BTN-01, for example ({found})")

    def _say(self, message: str) -> str:
        """Take note of a failure message of ours, so that it is not taken for somebody else's."""
        self._said.add(message)
        return message

    def ends(self, why: Exception) -> Exception:
        """What Robot is told of ``why``, which ended the scenario early."""
        self._error = self._error or why
        if isinstance(why, NotApplicable):
            return SkipExecution(self._say(f"NOT APPLICABLE: {why}"))
        if isinstance(why, PrerequisiteFailed):
            return Ended(self._say(f"FAIL: {why}"))
        if isinstance(why, RigFault):
            return Ended(self._say(f"BLOCKED: {why}"))
        name = "" if isinstance(why, BadInput | SeveralBadInputs) else f"{type(why).__name__}: "
        return Ended(self._say(f"ERROR: {name}{why}"))

    # -- Robot's events ------------------------------------------------------------------------------------------
    def start_suite(self, data: Any, result: Any) -> None:
        if EXECUTION_CONTEXTS.current.dry_run:
            return
        if self._run is None:
            self._begin()
            top = data
            while top.parent:
                top = top.parent
            for suite in _suites(top):
                self._collect(suite)
        self._collect(data)

    def start_test(self, data: Any, result: Any) -> None:
        run = self._run
        if run is None or self._stopped:
            return
        about = _about(data, self._vehicles.get(data.full_name, run.vehicles[0]), run.settings.project)
        self._error, self._bench, self._said = None, None, set()
        self._case = Case(run, about)
        self._hook.folders[result.full_name] = self._case.folder

    def end_test(self, data: Any, result: Any) -> None:
        case, self._case, self._bench = self._case, None, None
        if case is None:
            return
        if _asked_to_stop() or _STOPPED in result.message or "robot:exit" in result.tags:
            self._stopped = True
            case.restore()  # without a verdict: the report says where it was cut off
            return
        outcome = case.conclude(self._ending(case, result))
        shown = f"{str(outcome.verdict).replace('_', ' ')}: {outcome.reason}"
        if outcome.verdict is Verdict.PASS:
            result.status = "PASS"
        elif outcome.verdict is Verdict.NOT_APPLICABLE:
            result.status, result.message = "SKIP", shown
        else:
            result.status, result.message = "FAIL", shown
        fault = case.restore()
        if fault:
            result.status, result.message = "FAIL", f"BLOCKED: restoring the rig failed: {fault}"

    def close(self) -> None:
        """After the last suite. Under ``hil run`` the supervisor makes the reports."""
        run, self._run = self._run, None
        if run is None:
            return
        import allure_commons

        run.close()
        allure_commons.plugin_manager.unregister(self._hook)
        if self._supervised or not (run.settings.out / "cases").is_dir():
            return
        from harness.evidence.finish import finish

        facts = {**run.facts(), "command": "robot", "ended": civil_time()}
        text = json.dumps(facts, ensure_ascii=False, indent=1)
        (run.settings.out / "meta.json").write_text(text + "\n", encoding="utf-8")
        for warning in finish(run.settings.out).warnings:
            logger.console(warning)
        logger.console(f"report: {run.settings.out / 'summary.html'}")

    # -- the run -------------------------------------------------------------------------------------------------
    def _begin(self) -> None:
        import allure_commons

        from harness.evidence.allure_hook import AllureHook

        try:
            settings, self._supervised = _settings()
            self._run = Run(settings)
        except (BadInput, SeveralBadInputs) as why:
            raise WrongUse(str(why)) from None
        self._hook = AllureHook()
        allure_commons.plugin_manager.register(self._hook)

    def _collect(self, suite: Any) -> None:
        """One test per car, and the list of what is going to run."""
        run = self._run
        assert run is not None
        if not suite.tests or any(test.full_name in self._vehicles for test in suite.tests):
            return
        if len(run.vehicles) > 1:
            suite.tests = [t.copy(name=f"{t.name} [{v}]") for t in suite.tests for v in run.vehicles]
        for number, test in enumerate(suite.tests):
            vehicle = run.vehicles[number % len(run.vehicles)]
            self._vehicles[test.full_name] = vehicle
            self._collected.append(_about(test, vehicle, run.settings.project))
        keys = ("id", "runner", "title", "vehicle", "requirements", "behaviour")
        rows = [{"nodeid": c.id, **{k: getattr(c, k) for k in keys}} for c in self._collected]
        run.settings.out.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"cases": rows}, ensure_ascii=False, indent=1)
        (run.settings.out / "collected-robot.json").write_text(text + "\n", encoding="utf-8")
        if done := finished(run.settings.out, "robot") if self._supervised else set():
            ids = dict(zip((test.full_name for test in suite.tests), self._collected[-len(suite.tests) :], strict=True))
            suite.tests = [test for test in suite.tests if ids[test.full_name].id not in done]

    def _ending(self, case: Case, result: Any) -> BaseException | None:
        """What ended the scenario before its last line, if anything."""
        if self._error is not None:
            return self._error
        if result.skipped:
            return NotApplicable(result.message)
        strange = [m for m in _failures(result) if m not in self._said] if result.failed else []
        if strange:
            return HarnessError(strange[0])
        return HarnessError("the scenario judged nothing") if case.world is None else None


def _asked_to_stop() -> bool:
    """Whether a signal came: it is raised within a keyword, wherever that is, and may come out as another failure."""
    from robot.running.signalhandler import STOP_SIGNAL_MONITOR

    return bool(getattr(STOP_SIGNAL_MONITOR, "_signal_count", 0))


def _suites(suite: Any) -> Iterator[Any]:
    """The suites that import the library themselves, in the order in which they run."""
    if any(name == LIBRARY for name in (entry.name for entry in suite.resource.imports)):
        yield suite
    for child in suite.suites:
        yield from _suites(child)


def _failures(item: Any) -> Iterator[str]:
    """The messages of the innermost failed keywords."""
    parts = [getattr(item, "setup", None), *getattr(item, "body", ()), getattr(item, "teardown", None)]
    failed = [part for part in parts if part and getattr(part, "failed", False)]
    if not failed:
        yield str(getattr(item, "message", ""))
    for part in failed:
        yield from _failures(part)


def _about(test: Any, vehicle: str, project: Path) -> About:
    """The same words as for a pytest scenario: the file's name is the behaviour, the documentation's first line the
    title."""
    source = Path(test.source)
    place = source.relative_to(project).as_posix() if source.is_relative_to(project) else source.name
    name = test.name.removesuffix(f" [{vehicle}]")
    title = test.doc.partition("\n")[0].rstrip(".") or name
    raw = f"robot-{source.stem}-{name}-{vehicle}"
    slug = "".join(c if c.isalnum() or c in "-_." else "_" for c in raw)
    requirements = tuple(dict.fromkeys(str(tag) for tag in test.tags if REQUIREMENT.fullmatch(str(tag))))
    behaviour = (source.stem, str(test.parent.doc).partition("\n")[0].rstrip("."), title)
    needs = tuple(tag.partition(":")[2] for tag in map(str, test.tags) if tag.startswith("needs:"))
    return About(f"{place}::{name}[{vehicle}]", slug, "robot", title, test.doc, vehicle, requirements, behaviour, needs)


def _settings() -> tuple[Settings, bool]:
    """From Robot's variables, or the environment. Second: whether somebody else makes the reports. BadInput."""
    named = _value("HIL_PROJECT")
    project = Path(named).resolve() if named else _project(Path.cwd())
    out = _value("HIL_OUT")
    if not out:
        from harness.evidence.run_folder import reserve_run_folder

        folder = reserve_run_folder(project / "reports")
    else:
        folder = Path(out)
    variant = _value("HIL_VARIANT_SEED")
    settings = Settings(
        rig=_value("HIL_RIG") or "virtual",
        vehicles=_list(_value("HIL_VEHICLE")),
        seed=_whole("HIL_SEED", _value("HIL_SEED") or "7"),
        out=folder,
        project=project,
        defects=_list(_value("HIL_DEFECT") or _value("HIL_DEFECTS")),
        variant_seed=_whole("HIL_VARIANT_SEED", variant) if variant else None,
        disturbances=_list(_value("HIL_DISTURB")),
        hold_on_fail=bool(_value("HIL_HOLD_ON_FAIL")),
    )
    return settings, bool(out)


def _value(name: str) -> str:
    given = BuiltIn().get_variable_value(f"${{{name}}}")
    return str(given) if given not in (None, "") else os.environ.get(name, "")


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _whole(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise BadInput("command line", None, f"{name}:{text}", "is no whole number", f"Write {name}:7.") from None


def _project(start: Path) -> Path:
    """The nearest folder upwards that keeps rigs or cars; ``start`` itself without one."""
    return next((f for f in (start, *start.parents) if (f / "rigs").is_dir() or (f / "dbc").is_dir()), start)

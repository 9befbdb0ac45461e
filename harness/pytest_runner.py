"""Runs scenarios under pytest: one Case per item, its verdict decided around the call phase."""

from __future__ import annotations

import gc
import inspect
import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.allure_hook import AllureHook
from harness.evidence.run_folder import finished, new_run_folder, reserve_run_folder
from harness.foundation.clock import civil_time
from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.foundation.units import MS
from harness.foundation.values import Verdict
from harness.rig.case import Case, Outcome
from harness.rig.run import About, Run, Settings

CASE = pytest.StashKey[Case]()


def register(config: pytest.Config, rig: str) -> None:
    """Switch the harness on for this pytest run. Nothing is read or made before a scenario is collected."""
    from harness import pytest_fixtures

    worker: dict[str, Any] | None = getattr(config, "workerinput", None)
    out = config.getoption("--hil-out") or (worker or {}).get("hil_out") or ""
    settings = Settings(
        rig=rig,
        vehicles=tuple(v.strip() for v in config.getoption("--vehicle").split(",") if v.strip()),
        seed=config.getoption("--seed"),
        out=Path(out) if out else new_run_folder(config.rootpath / "reports"),
        project=config.rootpath,
        defects=tuple(config.getoption("--defect")),
        variant_seed=config.getoption("--variant-seed"),
        disturbances=tuple(config.getoption("--disturb")),
        hold_on_fail=config.getoption("--hold-on-fail"),
        recordings=not config.getoption("--hil-no-recordings"),
    )
    runner = Runner(settings, supervised=bool(out), worker=worker)
    if getattr(config.option, "numprocesses", None):
        runner.check_workers()
    # a case keeps all it records until its end: the collector's passes over a million records would find nothing
    gc.set_threshold(100_000, 50, 100)
    config.pluginmanager.register(pytest_fixtures, "hil-fixtures")
    config.pluginmanager.register(runner, "hil-runner")


class Runner:
    """The hooks of one pytest process: controller, worker, or both in one."""

    def __init__(self, settings: Settings, supervised: bool, worker: dict[str, Any] | None) -> None:
        import allure_commons

        self.settings = settings
        self.supervised = supervised
        self.worker = worker
        self.allure = AllureHook()
        self._run: Run | None = None
        self._reserved = False
        self._wrong: Exception | None = None
        self._began = civil_time()
        allure_commons.plugin_manager.register(self.allure)

    @property
    def run(self) -> Run:
        """The files of the run, read when the first scenario asks for them. BadInput when they are wrong."""
        if self._run is None:
            self._run = Run(self.settings)
        return self._run

    def _reserve(self) -> None:
        """Before the first case of a run that nobody supervises: its number is its own from now on."""
        if self.supervised or self.worker is not None or self._reserved:
            return
        self._reserved = True
        out = reserve_run_folder(self.settings.out.parent)
        self.settings = replace(self.settings, out=out)
        if self._run is not None:
            self._run = self._run.altered(out=out)

    def use(self, run: Run) -> None:
        """Let the next cases be of another run: same files, another defect or folder."""
        self._run = run

    def check_workers(self) -> None:
        """Before workers are started, the controller looks at what it sends them to."""
        try:
            wall = self.run.wall
        except (BadInput, SeveralBadInputs) as why:
            raise pytest.UsageError(str(why)) from None
        if wall:
            raise pytest.UsageError("-n would share one real bench between workers; leave it out on a wall-clock rig")

    # -- collecting ----------------------------------------------------------------------------------------------
    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "vehicle_name" not in metafunc.fixturenames:
            return
        try:
            vehicles = self.run.vehicles
        except (BadInput, SeveralBadInputs) as why:
            # an exception here would be shown as a broken test file; the run is ended where usage errors are
            self._wrong, vehicles = why, ("",)
        metafunc.parametrize("vehicle_name", vehicles)

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        if self._wrong is not None:
            raise pytest.UsageError(str(self._wrong))
        if config.getoption("--no-sweep"):
            long = [item for item in items if item.get_closest_marker("sweeps")]
            config.hook.pytest_deselected(items=long)
            items[:] = [item for item in items if item not in long]
        wanted = set(config.getoption("--requirement"))
        if wanted:
            kept = [item for item in items if wanted & set(verified(item))]
            config.hook.pytest_deselected(items=[item for item in items if item not in kept])
            items[:] = kept

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        try:
            self._collected(session)
        finally:
            if done := finished(self.settings.out, "pytest") if self.supervised else set():
                session.items[:] = [item for item in session.items if item.nodeid not in done]

    def _collected(self, session: pytest.Session) -> None:
        if self._wrong is not None or (self.worker is not None and self.worker["workerid"] != "gw0"):
            return
        cases = [about(item) for item in session.items if is_ours(item)]
        if cases:
            self._reserve()
            keys = ("id", "runner", "title", "vehicle", "requirements", "behaviour")
            rows = [{"nodeid": c.id, **{k: getattr(c, k) for k in keys}} for c in cases]
            self.settings.out.mkdir(parents=True, exist_ok=True)
            text = json.dumps({"cases": rows}, ensure_ascii=False, indent=1)
            (self.settings.out / "collected-pytest.json").write_text(text + "\n", encoding="utf-8")

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        self._reserve()
        node.workerinput["hil_out"] = str(self.settings.out)

    # -- running -------------------------------------------------------------------------------------------------
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self.allure.current = None
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, None, None]:
        if not is_ours(item):
            return (yield)
        case = item.stash[CASE] = Case(self.run, about(item))
        self.allure.current = case.folder
        try:
            yield
        except (KeyboardInterrupt, SystemExit, pytest.exit.Exception):
            raise
        except BaseException as why:
            self._raise(case.conclude(why))
            raise
        return None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, None, None]:
        case = item.stash.get(CASE, None)
        if case is None:
            return (yield)
        try:
            yield
        except (KeyboardInterrupt, SystemExit, pytest.exit.Exception):
            raise
        except BaseException as why:
            outcome = case.conclude(why)
            if outcome.verdict is Verdict.ERROR and isinstance(why, Exception):
                raise  # our own bug: the traceback is what helps
            self._raise(outcome)
        self._raise(case.conclude())
        return None

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, None, None]:
        yield
        case = item.stash.get(CASE, None)
        if case is not None:
            fault = case.restore()
            if case.held:
                item.session.shouldstop = f"{case.about.id} failed; the bench is left as it is"
            if fault:
                pytest.fail(f"BLOCKED: restoring the rig failed: {fault}", pytrace=False)

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        marker = pyfuncitem.get_closest_marker("repeats")
        case = pyfuncitem.stash.get(CASE, None)
        if marker is None or case is None or case.world is None:
            return None
        world = case.world
        names = inspect.signature(pyfuncitem.obj).parameters
        arguments = {name: pyfuncitem.funcargs[name] for name in names}
        head_unit: Any = pyfuncitem.funcargs["head_unit"]
        for number in range(world.catalogue[marker.args[0]].samples[world.level]):
            world.judge.repeat()
            if number:
                head_unit.comes_to_rest()
                # samples must not all meet the same phase of the car's cycles
                world.wait(world.rng.randrange(100 * MS))
            pyfuncitem.obj(**arguments)
        return True

    def _raise(self, outcome: Outcome) -> None:
        if outcome.verdict is Verdict.PASS:
            return
        if outcome.verdict is Verdict.NOT_APPLICABLE:
            pytest.skip(f"NOT APPLICABLE: {outcome.reason}")
        pytest.fail(f"{outcome.verdict}: {outcome.reason}", pytrace=False)

    # -- the end -------------------------------------------------------------------------------------------------
    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        if self._run is not None:
            self._run.close()
        if self.worker is not None or self.supervised or not (self.settings.out / "cases").is_dir():
            return
        from harness.evidence.finish import finish

        facts = {**self.run.facts(), "command": "pytest", "started": self._began, "ended": civil_time()}
        text = json.dumps(facts, ensure_ascii=False, indent=1)
        (self.settings.out / "meta.json").write_text(text + "\n", encoding="utf-8")
        finish(self.settings.out)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if not self.supervised and (self.settings.out / "summary.html").is_file():
            terminalreporter.write_line(f"report: {self.settings.out / 'summary.html'}")


def is_ours(item: pytest.Item) -> bool:
    """Whether the test holds our bench; a project may have a fixture of its own that is called ``world``."""
    known = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {}).get("world", ())
    return bool(known) and getattr(known[-1].func, "__module__", "") == "harness.pytest_fixtures"


def verified(item: pytest.Item) -> tuple[str, ...]:
    """The requirement ids of a scenario, in the order they are named."""
    return tuple(dict.fromkeys(i for marker in item.iter_markers("verifies") for i in marker.args))


def about(item: pytest.Item) -> About:
    """What reports call this case: its title is the scenario's first line, its behaviour the folder it lies in."""
    function: Any = getattr(item, "obj", None)
    text = inspect.getdoc(function) or ""
    title = text.partition("\n")[0].rstrip(".") or item.name.replace("_", " ")
    module = inspect.getdoc(getattr(item, "module", None)) or ""
    callspec = getattr(item, "callspec", None)
    vehicle = callspec.params.get("vehicle_name", "") if callspec else ""
    name = item.name.replace("[", "-").replace("]", "")
    # the whole way to the file: two scenarios of one name in two folders are two cases
    way = [part.removeprefix("test_") for part in Path(item.nodeid.partition("::")[0]).with_suffix("").parts]
    raw = "-".join([*(way[1:] if way[0] == "scenarios" else way), name])
    slug = "".join(c if c.isalnum() or c in "-_." else "_" for c in raw)
    behaviour = (item.path.parent.name, module.partition("\n")[0].rstrip("."), title)
    needs = tuple(need for marker in item.iter_markers("needs") for need in marker.args)
    return About(item.nodeid, slug, "pytest", title, text, vehicle, verified(item), behaviour, needs)

"""Runs scenarios under pytest: one Case per item, its verdict decided around the call phase."""

from __future__ import annotations

import inspect
import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.allure_hook import AllureHook
from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.foundation.units import MS
from harness.foundation.values import Verdict
from harness.rig.case import About, Case, Outcome, Run, Settings

RUN = pytest.StashKey[Run]()
CASE = pytest.StashKey[Case]()


def register(config: pytest.Config, rig: str) -> None:
    """Switch the harness on for this pytest run. Wrong files end it as a usage error, with the message alone."""
    from harness import pytest_fixtures

    worker: dict[str, Any] | None = getattr(config, "workerinput", None)
    out = config.getoption("--hil-out") or (worker or {}).get("hil_out") or ""
    supervised = bool(out)
    if not out:
        from harness.evidence.run_folder import new_run_folder

        out = str(new_run_folder(config.rootpath / "reports"))
    settings = Settings(
        rig=rig,
        vehicles=tuple(v.strip() for v in config.getoption("--vehicle").split(",") if v.strip()),
        seed=config.getoption("--seed"),
        out=Path(out),
        project=config.rootpath,
        defects=tuple(config.getoption("--defect")),
        variant_seed=config.getoption("--variant-seed"),
    )
    try:
        run = Run(settings)
    except (BadInput, SeveralBadInputs) as why:
        raise pytest.UsageError(str(why)) from None
    if run.wall and getattr(config.option, "numprocesses", None):
        raise pytest.UsageError("-n shares one real bench between workers; leave it out on a wall-clock rig")
    config.stash[RUN] = run
    if getattr(config.option, "allure_report_dir", None) is None:
        config.option.allure_report_dir = str(settings.out / "allure-results")
    config.pluginmanager.register(pytest_fixtures, "hil-fixtures")
    config.pluginmanager.register(Runner(run, supervised, worker), "hil-runner")


class Runner:
    """The hooks of one pytest process: controller, worker, or both in one."""

    def __init__(self, run: Run, supervised: bool, worker: dict[str, Any] | None) -> None:
        import allure_commons

        self.run = run
        self.supervised = supervised
        self.worker = worker
        self.allure = AllureHook()
        allure_commons.plugin_manager.register(self.allure)

    # -- collecting ----------------------------------------------------------------------------------------------
    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "vehicle_name" in metafunc.fixturenames:
            metafunc.parametrize("vehicle_name", self.run.vehicles)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if self.worker is not None and self.worker["workerid"] != "gw0":
            return
        cases = [about(item) for item in session.items if is_ours(item)]
        if cases:
            keys = ("id", "runner", "title", "vehicle", "requirements", "behaviour")
            rows = [{"nodeid": c.id, **{k: getattr(c, k) for k in keys}} for c in cases]
            self.run.settings.out.mkdir(parents=True, exist_ok=True)
            text = json.dumps({"cases": rows}, ensure_ascii=False, indent=1)
            (self.run.settings.out / "collected-pytest.json").write_text(text + "\n", encoding="utf-8")

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput["hil_out"] = str(self.run.settings.out)

    # -- running -------------------------------------------------------------------------------------------------
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self.allure.current = None
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, None, None]:
        if not is_ours(item):
            return (yield)
        case = item.stash[CASE] = self.run.begin(about(item))
        self.allure.current = case.folder
        try:
            yield
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
        except (KeyboardInterrupt, SystemExit):
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
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.worker is not None or self.supervised or not (self.run.settings.out / "cases").is_dir():
            return
        from harness.evidence.finish import finish

        finish(self.run.settings.out)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if not self.supervised and (self.run.settings.out / "cases").is_dir():
            terminalreporter.write_line(f"report: {self.run.settings.out / 'summary.html'}")


def is_ours(item: pytest.Item) -> bool:
    return "world" in getattr(item, "fixturenames", ())


def about(item: pytest.Item) -> About:
    """What reports call this case: its title is the scenario's first line, its behaviour the folder it lies in."""
    function: Any = getattr(item, "obj", None)
    text = inspect.getdoc(function) or ""
    title = text.partition("\n")[0].rstrip(".") or item.name.replace("_", " ")
    ids = [i for marker in item.iter_markers("verifies") for i in marker.args]
    module = inspect.getdoc(getattr(item, "module", None)) or ""
    callspec = getattr(item, "callspec", None)
    vehicle = callspec.params.get("vehicle_name", "") if callspec else ""
    name = item.name.replace("[", "-").replace("]", "")
    slug = "".join(c if c.isalnum() or c in "-_." else "_" for c in f"{item.path.stem.removeprefix('test_')}-{name}")
    behaviour = (item.path.parent.name, module.partition("\n")[0].rstrip("."), title)
    return About(item.nodeid, slug, "pytest", title, text, vehicle, tuple(dict.fromkeys(ids)), behaviour)

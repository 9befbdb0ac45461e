"""The fork server: one process that has imported what takes long, and a forked child per mutant."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.foundation.clock import stopwatch
from mutation.mutants import Mutant
from mutation.shot import Limits, Marksman, Report, Row, import_mutated, run_pytest

FIRST = 8
MEMORY = 6 << 30
"""Bytes a mutant may take before it gets a MemoryError."""


@dataclass(frozen=True)
class Shot:
    """A mutant, its file's text, the tests in order."""

    mutant: Mutant
    module: str
    code: str
    tests: tuple[str, ...]


Fire = Callable[[Shot, Path, Report], None]
"""In a child, with the mutant imported: ask the tests; the folder is the child's own."""


def unit_tests(arguments: Callable[[Path], list[str]], limits: Limits) -> Fire:
    """Tests import what is mutated, so each child collects them anew; first only the files of the first few."""

    def fire(shot: Shot, place: Path, report: Report) -> None:
        for tests in (shot.tests[:FIRST], shot.tests[FIRST:]):
            if not tests:
                return
            files = list(dict.fromkeys(t.partition("::")[0] for t in tests))
            marksman = Marksman(tests, limits, report)
            code = run_pytest([*arguments(place), *files], [marksman], place / "log")
            if marksman.killed:
                return
            if code not in (0, 5):
                raise RuntimeError(f"pytest ended with {code}")

    return fire


def preload(third_party: Iterable[str], ours: Iterable[str]) -> None:
    """Import before the fork. What cannot be imported alone is left to the children."""
    for name in [*third_party, *ours]:
        if name not in sys.modules:
            with contextlib.suppress(BaseException):
                importlib.import_module(name)
    gc.collect()
    gc.freeze()


def in_child(work: Callable[[], None]) -> int:
    """Do ``work`` in a forked process; its wait status."""
    pid = _fork(work)
    return os.waitpid(pid, 0)[1]


def _fork(work: Callable[[], None]) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.setsid()
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - a child must never go on as a second parent
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


class Server:
    """``folder`` gets the run folders and logs of the children, and loses them again."""

    def __init__(self, fire: Fire, folder: Path) -> None:
        self._fire, self._folder = fire, folder

    def run(self, shots: Iterable[Shot], workers: int) -> Iterator[tuple[Shot, Row]]:
        """Results as they come, never more than ``workers`` at once."""
        waiting = iter(shots)
        running: dict[int, tuple[Shot, int, Path, Callable[[], float]]] = {}
        done = False
        try:
            while running or not done:
                while not done and len(running) < workers:
                    shot = next(waiting, None)
                    if shot is None:
                        done = True
                        break
                    if not shot.tests:
                        yield shot, {"fate": "survived", "why": "no test runs this line", "tests": 0, "wall_s": 0.0}
                        continue
                    pid, reading, place = self._begin(shot)
                    running[pid] = (shot, reading, place, stopwatch())
                if running:
                    pid, status = os.waitpid(-1, 0)
                    if pid not in running:
                        continue
                    shot, reading, place, watch = running.pop(pid)
                    yield shot, {**self._end(pid, status, reading, place), "wall_s": round(watch(), 2)}
        finally:
            for pid, (_, reading, _, _) in running.items():
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                os.close(reading)

    def _begin(self, shot: Shot) -> tuple[int, int, Path]:
        if shot.module in sys.modules:
            raise RuntimeError(f"{shot.module} was imported before the fork: its mutant would never run")
        reading, writing = os.pipe()
        place = self._folder / f"{abs(hash(shot.mutant.id)):x}"
        place.mkdir(parents=True, exist_ok=True)

        def work() -> None:
            os.close(reading)
            log = os.open(place / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
            os.dup2(log, 1)
            os.dup2(log, 2)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

            def report(row: Row) -> None:
                os.write(writing, (json.dumps(row) + "\n").encode())

            try:
                import_mutated(shot.module, shot.code)
            except Exception as why:  # noqa: BLE001 - whatever the mutant raises
                report({"what": "crash", "case": "import", "why": repr(why)[:300]})
            else:
                self._fire(shot, place, report)
            report({"what": "ended"})

        pid = _fork(work)
        os.close(writing)
        return pid, reading, place

    def _end(self, pid: int, status: int, reading: int, place: Path) -> Row:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)  # what a test started and the mutant did not end
        with os.fdopen(reading, encoding="utf-8") as pipe:
            rows: list[Row] = [json.loads(line) for line in pipe if line.endswith("\n")]
        log = _tail(place / "log")
        shutil.rmtree(place, ignore_errors=True)
        return _fate(rows, status, log)


def _fate(rows: Sequence[Row], status: int, log: str) -> Row:
    begun = [row["case"] for row in rows if row["what"] == "begins"]
    failed = [row for row in rows if row["what"] == "fail"]
    crashed = [row for row in rows if row["what"] == "crash"]
    last = begun[-1] if begun else ""
    counted: dict[str, Any] = {"tests": len(begun)}
    if failed:
        return {"fate": "failed", "case": failed[0]["case"], "why": failed[0]["why"], **counted}
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        return {"fate": "hung", "case": last, "why": "took ten times as long", **counted}
    if crashed:
        return {"fate": "crashed", "case": crashed[0]["case"], "why": crashed[0]["why"], **counted}
    if status or not rows or rows[-1]["what"] != "ended":
        return {"fate": "crashed", "case": last, "why": log, **counted}
    if not begun:
        return {"fate": "broken", "case": "", "why": f"none of the chosen tests was found; {log}", **counted}
    return {"fate": "survived", "case": "", "why": f"{len(begun)} tests pass", **counted}


def _tail(log: Path) -> str:
    try:
        return log.read_text("utf-8", "replace").strip()[-400:]
    except OSError:
        return ""

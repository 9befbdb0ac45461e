"""Progress on standard error: a bar and the running steps on a terminal, a line per case elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

from harness.cli.watch import Running, Watch
from harness.evidence.wording import plain
from harness.foundation.values import Verdict

STYLES = {
    Verdict.PASS: "green",
    Verdict.FAIL: "bold red",
    Verdict.BLOCKED: "yellow",
    Verdict.ERROR: "bold magenta",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.NOT_EXECUTED: "dim",
}


class Lines:
    """One line per case that ended: for logs."""

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def say(self, text: str) -> None:
        print(f"hil: {text}", file=sys.stderr, flush=True)

    def update(self, watch: Watch, ended: list[Running]) -> None:
        expected = watch.expected()
        done = watch.done() - len(ended)
        for case in ended:
            done += 1
            count = f"{done}/{expected}" if expected else str(done)
            reason = f"  {case.reason}" if case.verdict is not Verdict.PASS and case.reason else ""
            print(
                f"{count:>8}  {plain(str(case.verdict)):<12} {case.id or case.name}{reason}",
                file=sys.stderr,
                flush=True,
            )


class Bar:
    """A bar with the cases under way and the step each is in; what did not pass scrolls by above it."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.live import Live
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self._console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress: Any = Progress(*columns, console=self._console)
        self._task = self._progress.add_task("scenarios", total=None)
        self._live = Live(self._progress, console=self._console, refresh_per_second=8, transient=True)

    def __enter__(self) -> Bar:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def say(self, text: str) -> None:
        from rich.text import Text

        self._console.print(Text(f"hil: {text}"))

    def update(self, watch: Watch, ended: list[Running]) -> None:
        from rich.console import Group
        from rich.text import Text

        for case in ended:
            if case.verdict not in (Verdict.PASS, Verdict.NOT_APPLICABLE) and case.verdict is not None:
                head = (f"{plain(case.verdict):<12} ", STYLES[case.verdict])
                self._console.print(Text.assemble(head, case.id or case.name, (f"\n             {case.reason}", "dim")))
        self._progress.update(self._task, total=watch.expected(), completed=watch.done())
        under_way = [
            Text.assemble(
                ("  > ", "cyan"), case.title or case.name, (f"  {case.step}", "dim"), no_wrap=True, overflow="ellipsis"
            )
            for case in watch.running()[:8]
        ]
        self._live.update(Group(*under_way, self._progress))


def progress() -> Lines | Bar:
    """What fits where standard error goes."""
    return Bar() if sys.stderr.isatty() else Lines()

"""The case folders while they are written: what has ended, what is under way and in which step.

Only new bytes are read, and only of cases that have not ended, so that watching costs the run nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from harness.foundation.values import Verdict


@dataclass
class Running:
    """A case as far as its journal has come. ``verdict`` is None while it runs."""

    name: str
    id: str = ""
    title: str = ""
    step: str = ""
    verdict: Verdict | None = None
    reason: str = ""
    offset: int = 0


class Watch:
    """``look()`` returns the cases that ended since the last look."""

    def __init__(self, out: Path, before: Collection[str] = ()) -> None:
        """``before``: folders that nobody will go on with."""
        self._out = out
        self._before = frozenset(before)
        self.cases: dict[str, Running] = {}

    def expected(self) -> int | None:
        """How many cases were collected, None while that is not known."""
        counts = []
        for path in self._out.glob("collected-*.json"):
            try:
                counts.append(len(json.loads(path.read_text(encoding="utf-8"))["cases"]))
            except (OSError, ValueError, KeyError):
                continue
        return sum(counts) if counts else None

    def running(self) -> list[Running]:
        return [case for case in self.cases.values() if case.verdict is None]

    def done(self) -> int:
        return sum(case.verdict is not None for case in self.cases.values())

    def look(self) -> list[Running]:
        """Read what is new."""
        cases = self._out / "cases"
        if cases.is_dir():
            for folder in sorted(f for f in cases.iterdir() if f.name not in self._before):
                self.cases.setdefault(folder.name, Running(folder.name))
        ended = []
        for case in self.running():
            self._read(case, cases / case.name / "journal.jsonl")
            if case.verdict is not None:
                ended.append(case)
        return ended

    def _read(self, case: Running, journal: Path) -> None:
        try:
            with journal.open("rb") as file:
                file.seek(case.offset)
                new = file.read()
        except OSError:
            return
        whole = new[: new.rfind(b"\n") + 1]
        case.offset += len(whole)
        for line in whole.splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue  # reading the case at the end will say what is wrong with it
            kind = record.get("kind")
            if kind == "case":
                case.title = str(record.get("title"))
                case.id = str(record.get("id"))
            elif kind == "step":
                case.step = str(record.get("name"))
            elif kind == "verdict":
                case.verdict, case.reason = Verdict(record["verdict"]), str(record.get("reason", ""))

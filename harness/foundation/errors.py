"""Errors that say whose fault it is (decision 7): the unit's never raise, the rig's, the input's and ours do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class HarnessError(Exception):
    """Our own bug, or a misuse of the harness by code. Verdict ERROR, exit code 4."""


class RigFault(Exception):
    """The rig is at fault: an instrument is silent, a source has stalled. Verdict BLOCKED, exit code 3."""


class NotOffered(Exception):
    """This rig, by its own file, lacks what a step or a judgement needs (no sound, no bus short). NOT APPLICABLE."""


@dataclass
class BadInput(Exception):
    """A file or an argument a person wrote is wrong. Exit code 2, one message, never a traceback.

    ``where`` is the file (or "command line"), ``line`` counts from 1 or is None, ``value`` is what was found there,
    ``problem`` says what is wrong with it and ``remedy`` what to write instead.
    """

    where: str | Path
    line: int | None
    value: str
    problem: str
    remedy: str

    def __reduce__(self) -> tuple[type[BadInput], tuple[str | Path, int | None, str, str, str]]:
        return (BadInput, (self.where, self.line, self.value, self.problem, self.remedy))

    def __str__(self) -> str:
        place = f"{self.where}:{self.line}" if self.line else str(self.where)
        value = f": {self.value}" if self.value else ""
        return f"{place}{value}: {self.problem}. {self.remedy}"


class SeveralBadInputs(Exception):
    """More than one thing is wrong with one file; all are told at once."""

    def __init__(self, errors: list[BadInput]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = errors

    def __reduce__(self) -> tuple[type[SeveralBadInputs], tuple[list[BadInput]]]:
        return (SeveralBadInputs, (self.errors,))

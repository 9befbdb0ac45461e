"""Survivors that are no gap, each with its reason, from ``equivalent.yaml``.

A mutant is meant by its file, the text of its line (so that a line that changes loses its entry) and what is changed:
``operator`` (all, where it is left out) and ``becomes`` (a part of the mutated text, where it is said).

kind ``equivalent``: no behaviour differs. ``right``: it differs and no requirement or promise is touched; such a unit,
or such a reading, is right too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mutation.mutants import Mutant

KINDS = ("equivalent", "right")


@dataclass(frozen=True)
class Excuse:
    file: str
    line: str
    why: str
    kind: str
    operator: str = ""
    becomes: str = ""

    def means(self, mutant: Mutant, text: str) -> bool:
        return (
            mutant.source.as_posix() == self.file
            and (self.line == "*" or " ".join(text.split()) == " ".join(self.line.split()))
            and self.operator in ("", mutant.operator)
            and self.becomes in mutant.diff
        )


def load(path: Path) -> list[Excuse]:
    """ValueError for an entry without a reason or of no known kind."""
    if not path.is_file():
        return []
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8")) or []
    excuses = [Excuse(**row) for row in rows]
    for excuse in excuses:
        if excuse.kind not in KINDS or not excuse.why.strip():
            raise ValueError(f"{path}: {excuse.file}: {excuse.line!r}: needs a reason and a kind of {', '.join(KINDS)}")
        if excuse.line == "*" and not (excuse.operator or excuse.becomes):
            raise ValueError(f"{path}: {excuse.file}: * needs an operator or what it becomes")
    return excuses


def excused(excuses: Sequence[Excuse], mutant: Mutant, text: str) -> Excuse | None:
    return next((e for e in excuses if e.means(mutant, text)), None)

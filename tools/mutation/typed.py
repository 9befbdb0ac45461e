"""Mutants that are no valid programs: the type checker refuses them.

Theory. ``f(a, b)`` with ``None`` for ``b``, or without it, is most of what mutmut makes. In a language with a compiler
such a mutant would never be born; here mypy, strict, is part of the project's checks. mypy reads mutants as shadows of
their files, one of each file at a time, so a sample of hundreds takes some rounds. What it says of a mutant's own file
counts; a mutant refused only elsewhere passes.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from mutation.campaign import Campaign
from mutation.mutants import Mill


def refused(campaign: Campaign, drawn: Sequence[tuple[Mill, int]], folder: Path) -> set[tuple[Path, int]]:
    """(source, number) of those that mypy refuses. Nothing where the campaign names nothing to check."""
    if not campaign.types or not drawn:
        return set()
    folder.mkdir(parents=True, exist_ok=True)
    known = _errors(campaign, {}, folder)
    waiting: dict[Path, list[tuple[Mill, int]]] = {}
    for mill, number in drawn:
        waiting.setdefault(mill.source, []).append((mill, number))
    found = set()
    while waiting:
        shadows, mutants = {}, {}
        for source in list(waiting):
            mill, number = waiting[source].pop()
            if not waiting[source]:
                del waiting[source]
            shadows[source] = folder / f"{len(shadows)}.py"
            shadows[source].write_text(mill.code(number), encoding="utf-8")
            mutants[source] = number
        errors = _errors(campaign, shadows, folder)
        found |= {
            (source, number)
            for source, number in mutants.items()
            if errors.get(source, set()) - known.get(source, set())
        }
    return found


def _errors(campaign: Campaign, shadows: dict[Path, Path], folder: Path) -> dict[Path, set[str]]:
    command = [
        sys.executable, "-P", "-m", "mypy", "--no-error-summary", "--hide-error-context", "--no-color-output",
        "--cache-dir", str(folder / "cache"),
    ]  # fmt: skip
    for source, shadow in shadows.items():
        command += ["--shadow-file", str(source), str(shadow)]
    done = subprocess.run([*command, *campaign.types], cwd=campaign.root, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise ValueError(f"mypy: {done.stdout[-400:]}{done.stderr[-400:]}")
    found: dict[Path, set[str]] = {}
    for line in done.stdout.splitlines():
        file, _, rest = line.partition(":")
        number, _, text = rest.partition(": error: ")
        if text:
            found.setdefault(Path(file), set()).add(f"{number}: {text}")
    return found

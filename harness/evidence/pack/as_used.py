"""Are the project's files still those that the run was made with?

A run keeps the digests of its scenarios, requirements, cars and rig (``inputs.json``); a pack takes the files from the
project as it is. Where both differ, the pack says so: such a file is in it, and is not the one that was used.
"""

from __future__ import annotations

import json
from pathlib import Path

from harness.evidence.pack.gather import Gathered
from harness.evidence.pack.hashing import digest_of

INPUTS = "inputs.json"
_PLACES = {"requirements/": "scenarios/requirements/", "vehicle/": "dbc/", "rig/": "rigs/", "scenarios/": "scenarios/"}


def compare(found: Gathered, run: Path) -> None:
    """Add to ``found.missing`` each file that is no longer what the run used, and those nobody can tell of."""
    try:
        then = dict(json.loads((run / INPUTS).read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, LookupError, TypeError):
        found.lacks(
            "proof that the project's files are those of the run",
            f"the run kept no digests of them (run/{INPUTS}); they are as they were when this was packed",
        )
        return
    for name, path in sorted(found.files.items()):
        was = then.get(_in_project(name))
        if was is not None and was != digest_of(path).sha256:
            found.lacks(f"{name} as it was used", f"it has changed since the run, which used SHA-256 {was}")


def _in_project(name: str) -> str:
    for below, place in _PLACES.items():
        if name.startswith(below):
            return place + name.removeprefix(below)
    return ""

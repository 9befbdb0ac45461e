"""The slice of the catalogue that is tried after each change: one defect per requirement, with the case that finds it.

Theory. Which case finds a defect soonest is known from whole campaigns and written down (a file beside the scenarios),
so a slice costs one case on the right unit and one on the wrong one. It says whether the suite still sees what it saw;
what it sees at all is said by a whole campaign.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.foundation.config import load_yaml, suggest
from harness.foundation.errors import BadInput

NAME = "qualification_slice"


def read(path: Path, known: dict[str, Any]) -> dict[str, str]:
    """Defect -> case, from a YAML file. BadInput for what is no slice, and for defects not in ``known``."""
    document = load_yaml(path)
    data = document.data
    found = data.get("slice") if isinstance(data, dict) and data.get("schema") == 1 else None
    if not isinstance(found, dict) or not all(isinstance(v, str) and "::" in v for v in found.values()):
        raise BadInput(path, None, NAME, "is no slice", "Write schema: 1, and slice: with lines DEFECT: FILE::CASE.")
    for name in found:
        if name not in known:
            raise BadInput(path, None, str(name), "there is no such defect", suggest(str(name), known))
    return {str(name): case for name, case in found.items()}


def in_car(case: str, car: str) -> str:
    """The id of ``case`` for a car: ``test_x`` is ``test_x[CAR]``, ``test_x[y]`` is ``test_x[CAR-y]``."""
    name, bracket, rest = case.partition("[")
    return f"{name}[{car}-{rest}" if bracket else f"{name}[{car}]"

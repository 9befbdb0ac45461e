"""Requirements as other tools hold them: in from ReqIF, needs.json and CSV, out as a trace matrix in these and HTML.

Theory. Between the formats lies one plain shape, the *entries*: by id, the fields as they stand in the YAML files, each
limit in the form somebody wrote it. So nothing is computed on the way, and what was exported comes back as it was. An
importer only says what stood where; what is right or wrong about it is decided where the YAML files are checked too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.evidence.exchange.trace import Seeded


def write_all(
    run_folder: Path,
    out: Path,
    *,
    requirements: Path | None = None,
    defects: Sequence[Seeded] = (),
    name: str = "",
    stamp: str = "",
) -> list[Path]:
    """As harness/evidence/exchange/everything.py has it, which is loaded when it is needed."""
    from harness.evidence.exchange.everything import write_all as write

    return write(run_folder, out, requirements=requirements, defects=defects, name=name, stamp=stamp)

"""``hil report DIR``: make a run's reports from its folder, again or for the first time (after a kill)."""

from __future__ import annotations

import sys
from pathlib import Path


def report(folder: Path, deviations: Path | None, *, as_json: bool) -> int:
    """Returns the run's exit code."""
    from harness.cli.verdict_table import show
    from harness.evidence.finish import finish

    summary = finish(folder, deviations=deviations, say=lambda text: print(f"hil: {text}", file=sys.stderr))
    show(summary, as_json=as_json)
    return summary.exit_code

"""The page of a campaign of disturbances: what was wrong between unit and bench, and what the bench said to it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.evidence.disturbances import Caught, qualified
from harness.evidence.summary import template_folders

OUTCOMES = (
    (str(Caught.EXPECTED), "answered as expected"),
    (str(Caught.OTHERWISE), "answered otherwise"),
    (str(Caught.NOT), "not noticed"),
    (str(Caught.NOT_APPLICABLE), "cannot be put there"),
    ("not_run", "not run"),
)


def write(path: Path, summary: Mapping[str, Any]) -> None:
    """Render the content of ``disturbances.json`` into ``path``, which needs nothing beside itself. OSError where that
    cannot be written."""
    import jinja2

    loader = jinja2.FileSystemLoader([str(p) for p in template_folders()])
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    worst = [name for name, _ in reversed(OUTCOMES)]
    rows = sorted(summary["disturbances"], key=lambda row: (row["room"], worst.index(row["outcome"])))
    rooms: dict[str, list[Any]] = {}
    for row in rows:
        rooms.setdefault(row["room"], []).append(row)
    page = environment.get_template("disturbances.html").render(
        s=summary, qualified=qualified(summary), outcomes=OUTCOMES, names=dict(OUTCOMES), rooms=rooms
    )
    path.write_text(page, encoding="utf-8")

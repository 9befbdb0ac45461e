"""The page of a campaign of seeded defects: counts, what was not seen, the matrix per requirement, the argument."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.evidence.edges import pairs
from harness.evidence.qualification import trusted
from harness.evidence.summary import template_folders
from harness.evidence.wording import show_value

FATES = (
    ("killed_own", "found by its own requirement"),
    ("killed_other", "found only by another"),
    ("survived", "not found"),
    ("infra_error", "no judgement"),
    ("not_applicable", "not applicable to this car"),
    ("not_run", "not run"),
)

OUTCOMES = {
    "right": "right",
    "wrong_pass": "passed, though outside",
    "wrong_fail": "failed, though inside",
    "undecided": "inconclusive",
    "not_moved": "the figure did not move",
    "no_judgement": "no judgement",
    None: "not run",
}


def write(path: Path, summary: Mapping[str, Any]) -> None:
    """Render ``qualification.json``'s content into ``path``, which needs nothing beside itself. OSError where that
    cannot be written."""
    import jinja2

    loader = jinja2.FileSystemLoader([str(p) for p in template_folders()])
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    of: dict[str, list[Any]] = {row["id"]: [] for row in summary["requirements"]}
    for defect in summary["defects"]:
        of.setdefault(defect["requirements"][0], []).append(defect)
    order = ("survived", "killed_other", "infra_error", None)
    page = environment.get_template("qualification.html").render(
        s=summary,
        trusted=trusted(summary),
        fates=FATES,
        names=dict(FATES),
        of=of,
        pairs=pairs(summary["edges"]) if summary["edges"] else [],
        outcomes=OUTCOMES,
        show=show_value,
        applicable=len(summary["defects"]) - summary["not_applicable"],
        unfinished=sorted((d for d in summary["defects"] if d["fate"] in order), key=lambda d: order.index(d["fate"])),
    )
    path.write_text(page, encoding="utf-8")

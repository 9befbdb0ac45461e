"""``write_pdf``: a run folder to one PDF/A-3b.

The template and everything it shows are put into an empty folder that typst takes for its whole world, with our fonts
and no others. The document's date is the end of the run. ``run.json`` is embedded as the data behind the report.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from harness.evidence.paper import chapters, conditions, front
from harness.evidence.paper.figures import budgets, rows
from harness.evidence.paper.glyphs import Glyphs
from harness.evidence.paper.material import Material, gather
from harness.evidence.paper.requirement_pages import pages
from harness.evidence.paper.words import Lang
from harness.evidence.summary import template_folders
from harness.foundation.errors import HarnessError

FONTS = ("Noto Sans CJK SC", "Noto Sans")
"""The second has the accents that the first lacks."""
TEMPLATE = "report.typ"
SECTIONS = (
    "s_general", "s_conditions", "s_rule", "s_results", "s_not_passed", "s_deviations", "s_specification",
    "s_confidence", "s_requirements", "s_matrix", "s_attempts", "s_missing", "s_attachments",
)  # fmt: skip
"""The chapters in their order; the template numbers them likewise."""


def write_pdf(
    run_folder: Path, out: Path, *, lang: Lang, lab: Path | None, qualification: Path | None = None
) -> list[str]:
    """Write the report of a run. Returns what was missing, as the report lists it ("e) Name and contact of the
    customer (lab.yaml: customer.name)").

    ``lab`` is the laboratory's file, None for none; ``qualification`` a ``qualification.json`` or the folder it is in.
    BadInput for a folder that holds no run with its reports, and for a bad ``lab`` or ``qualification``.
    """
    material = gather(run_folder, lang, lab, qualification)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hil-paper-") as made:
        world = Path(made)
        _lay_out(world)
        fonts = next(f / "fonts" for f in template_folders() if (f / "fonts" / "coverage.txt").is_file())
        glyphs = Glyphs.of(fonts / "coverage.txt")
        data, missing = content(material, glyphs, world)
        (world / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        shutil.copy(run_folder / "run.json", world / "run.json")
        made_pdf = _typeset(world, fonts)
    beside = out.with_name(f".{out.name}.part")
    beside.write_bytes(made_pdf)
    os.replace(beside, out)
    return missing


def _lay_out(world: Path) -> None:
    """The template with its parts; each file of a project's own wins over ours."""
    for folder in reversed(template_folders()):
        if (folder / TEMPLATE).is_file():
            shutil.copy(folder / TEMPLATE, world / TEMPLATE)
        if (folder / "report").is_dir():
            shutil.copytree(folder / "report", world / "report", dirs_exist_ok=True)


def content(material: Material, glyphs: Glyphs, world: Path) -> tuple[dict[str, Any], list[str]]:
    """What ``data.json`` holds, every text with glyphs in the font, and the list of what is missing."""
    kept: dict[str, str] = {}

    def keep(what: str | Path) -> str:
        """Into the world, each once."""
        key = what if isinstance(what, str) else str(what.resolve())
        if key not in kept:
            kept[key] = f"x{len(kept):04}.{'svg' if isinstance(what, str) else 'png'}"
            place = world / kept[key]
            if isinstance(what, str):
                place.write_text(glyphs.shown(what), encoding="utf-8")
            else:
                shutil.copyfile(what, place)
        return kept[key]

    number = {name: n for n, name in enumerate(SECTIONS, start=1)}
    all_rows = rows(material.cases, [r["id"] for r in material.run["requirements"]], list(material.run["cars"]))
    fields = front.identification(material, number)
    data = glyphs.everywhere(
        {
            "lang": material.lang,
            "font": FONTS,
            "w": dict(material.words),
            "sections": list(SECTIONS),
            "number": material.number,
            "date": _date(material.ended),
            "cover": front.cover(material, number),
            "fields": [f.to_json() for f in fields],
            "conditions": conditions.conditions(material),
            "virtual": material.virtual,
            "budgets": budgets(all_rows, material.words),
            "results": chapters.results(material, all_rows),
            "not_passed": chapters.not_passed(material),
            "deviations": chapters.deviations(material),
            "specification": front.specification(material),
            "confidence": chapters.confidence(material),
            "requirements": pages(material, all_rows, ", ".join(FONTS), keep),
            "matrix": chapters.matrix(material),
            "cars": list(material.run["cars"]),
            "attempts": chapters.attempts(material),
            "opinions": material.lab.report.opinions,
        }
    )
    lacking = [(glyphs.shown(what), glyphs.shown(where)) for what, where in front.lacking(material, fields)]
    if glyphs.lacking:
        lacking.append((material.words["not_shown"].format(points=", ".join(glyphs.lacking)), FONTS[0]))
    data["missing"] = [[what, where] for what, where in lacking]
    data["lacking"] = material.words["lacking"].format(n=len(lacking), section=number["s_missing"]) if lacking else ""
    data["more_red"] = material.words["more_red"].format(n="{n}", section=number["s_not_passed"])
    return data, [f"{what} ({where})" for what, where in lacking]


def _date(ended: str) -> list[int]:
    """Year to second of the run's end (UTC); the first day of this century where a run has neither start nor end."""
    digits = [int(part) for part in ended[:19].replace("T", "-").replace(":", "-").split("-") if part.isdigit()]
    return digits if len(digits) == 6 else [2001, 1, 1, 0, 0, 0]


def _typeset(world: Path, fonts: Path) -> bytes:
    import typst

    known = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
    try:
        made = typst.compile(
            world / TEMPLATE, root=world, font_paths=known, ignore_system_fonts=True, format="pdf",
            pdf_standards="a-3b", timestamp=0, sys_inputs={},
        )  # fmt: skip
    except typst.TypstError as why:
        raise HarnessError(f"the report cannot be typeset: {why.diagnostic or why.message}") from why
    return bytes(made)

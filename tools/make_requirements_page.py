"""Writes docs/reference/requirements.md from what ``hil requirements --json`` says.

Run: ``.venv/bin/python tools/make_requirements_page.py`` from the root, whenever a requirement or a scenario was added.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "requirements.md"


def page(table: dict[str, Any]) -> str:
    lines = [
        "# Requirements and their scenarios",
        "",
        "The table `hil requirements` prints for this release, for reading without a checkout. Texts, limits and",
        "sources are in `scenarios/requirements/`. Made by `tools/make_requirements_page.py`.",
        "",
        "| requirement | title | scenarios |",
        "|---|---|---|",
    ]
    for row in table["requirements"]:
        names = dict.fromkeys(case.rpartition("::")[2].partition("[")[0] for case in row["scenarios"])
        lines.append(f"| {row['id']} | {row['title']} | {'<br>'.join(names) or 'none yet'} |")
    all_, open_ = len(table["requirements"]), len(table["open"])
    return "\n".join([*lines, "", f"{all_ - open_} of {all_} requirements have a scenario.", ""])


def main() -> None:
    command = [sys.executable, "-P", "-m", "harness", "requirements", "--json"]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    PAGE.write_text(page(json.loads(said)), encoding="utf-8")


if __name__ == "__main__":
    main()

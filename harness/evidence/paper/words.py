"""Every word of the report that is ours, in Chinese and in English; one line per word, so that none can be missing.

The words lie beside the template, in ``reports/templates/report/words.json``; a project's own copy wins over ours.
``{name}`` stands for a figure. Terms follow ISO/IEC 17025:2017 and its Chinese edition (GB/T 27025).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from harness.evidence.summary import template_folders
from harness.foundation.errors import BadInput

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")
FILE = Path("report") / "words.json"


def words(lang: Lang) -> dict[str, str]:
    """All words of one language by key. BadInput for a file that is no table of words, or lacks one in ``lang``."""
    path = next(folder / FILE for folder in template_folders() if (folder / FILE).is_file())
    remedy = "Compare it with the file that came with the harness."
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as why:
        raise BadInput(path, None, "", f"no table of words: {why}", remedy) from why
    found = {}
    for key, row in table.items():
        if not isinstance(row, dict) or not isinstance(row.get(lang), str):
            raise BadInput(path, None, str(key), f"has no word in {lang!r}", remedy)
        found[key] = row[lang]
    return found

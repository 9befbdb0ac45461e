"""The history over runs that Allure draws its trends from: one JSON line per run, in the folder of all runs.

Several runs may end at once and any of them may be killed while it writes. So Allure gets a copy of the whole lines,
and what it added is appended in one write: a torn line is passed over, and never costs a report.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

MOST_RUNS = 50


def whole_lines(path: Path) -> list[str]:
    """The last MOST_RUNS lines that are records; empty when there is no file yet."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return [line for line in text.split("\n") if _is_record(line)][-MOST_RUNS:]


def add(path: Path, lines: list[str]) -> None:
    """Append records. A folder that cannot be written loses the history, not the report."""
    if not lines or not path.parent.is_dir():
        return
    data = "".join(f"{line}\n" for line in lines).encode()
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    except OSError:
        return
    with os.fdopen(handle, "r+b", buffering=0) as file:
        if file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":  # a run was killed in mid-line
                data = b"\n" + data
        file.write(data)


def _is_record(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False

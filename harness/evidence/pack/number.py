"""A run's own number: it stands on every part of the pack, and a full and a reduced pack of one run share it.

It follows from the run's facts and journals, which no two runs have in common: the facts hold when it began and how
long it took, to the millisecond.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.evidence.run_folder import run_facts

EPOCH = "1980-01-01T00:00:00+00:00"
"""The earliest time a zip can name: for a run that says neither when it began nor when it ended."""


def run_number(run: Path) -> str:
    """Such as ``HIL-20260301-7F3A9C21B0D4``: the day the run began and twelve digits of a digest. Reads
    ``meta.json`` and ``journal.jsonl``; one that is missing counts as empty."""
    digest = hashlib.sha256()
    for name in ("meta.json", "journal.jsonl"):
        path = run / name
        content = path.read_bytes() if path.is_file() else b""
        digest.update(b"%d %s\n" % (len(content), name.encode()))
        digest.update(content)
    day = str(run_facts(run).get("started") or EPOCH)[:10].replace("-", "")
    return f"HIL-{day}-{digest.hexdigest()[:12].upper()}"


def stamp_of(facts: Mapping[str, Any]) -> str:
    """The time that every file of the pack bears: the run's end, else its beginning (ISO 8601, as ``meta.json``)."""
    return str(facts.get("ended") or facts.get("started") or EPOCH)

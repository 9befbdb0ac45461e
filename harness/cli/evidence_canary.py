"""``hil evidence canary``: is there a secret where everybody may read."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from harness.evidence.canary.known import known_secrets
from harness.evidence.canary.pixels import reader
from harness.evidence.canary.search import Searched, look
from harness.foundation.errors import BadInput
from harness.foundation.values import EXIT_CODES, Verdict

FOUND = EXIT_CODES[Verdict.FAIL]


def canary(place: Path, sources: Sequence[Path], *, words: bool, as_json: bool) -> int:
    """0: nothing was found; 1: a secret, or something that cannot be looked into. BadInput where nothing is known to
    look for, or ``place`` is not there."""
    for one in (place, *sources):
        if not one.exists():
            raise BadInput(one, None, "", "is not there", "Name a run folder or a pack.")
    secrets = known_secrets(place, *sources)
    if not secrets:
        remedy = "Name the run it was made of with --of RUN."
        raise BadInput(place, None, "", "knows no secrets, so nothing can be looked for", remedy)
    reads = reader() if words else None
    searched = look(place, secrets, *sources, words=reads)
    if as_json:
        print(json.dumps(_as_json(searched, len(secrets)), ensure_ascii=False, indent=1))
    else:
        _print(searched, len(secrets), wanted=words)
    return FOUND if searched.findings or searched.sealed else 0


def _print(searched: Searched, secrets: int, *, wanted: bool) -> None:
    for finding in searched.findings:
        print(f"found: {finding}")
    for sealed in searched.sealed:
        print(f"not looked into: {sealed}")
    if wanted and not searched.words:
        print("hil: words on pictures were not read: the extra 'ocr' is not installed", file=sys.stderr)
    size = f"{searched.files} files, {searched.size / 1e6:.1f} MB"
    print(f"{len(searched.findings)} finding(s) of {secrets} secrets in {size}")


def _as_json(searched: Searched, secrets: int) -> dict[str, object]:
    return {
        "schema": 1,
        "findings": [finding._asdict() for finding in searched.findings],
        "not_looked_into": searched.sealed,
        "secrets": secrets,
        "files": searched.files,
        "bytes": searched.size,
        "words_read": searched.words,
    }

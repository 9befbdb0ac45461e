"""``hil evidence tamper``: the tamper campaign, with progress, on packs of its own."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from harness.evidence.seal.tamper.campaign import Tally, campaign
from harness.foundation.clock import stopwatch

_TOLD_EVERY = 500
MISSED = 1


def run_tamper(flips: int, untouched: int, seed: int, *, as_json: bool) -> int:
    """Exit code 0 when every attack was refused with its file and every untouched pack held."""
    took = stopwatch()
    with tempfile.TemporaryDirectory(prefix="hil-tamper-") as place:
        tally = campaign(Path(place), seed=seed, flips=flips, untouched=untouched, tell=_progress())
    tried, refused = tally.tried.total(), tally.refused.total()
    if as_json:
        kinds = {kind: {"tried": n, "refused": tally.refused[kind]} for kind, n in tally.tried.items()}
        told = {"schema": 1, "seed": seed, "tried": tried, "refused": refused, "kinds": kinds, "missed": tally.missed,
                "untouched": tally.untouched, "disturbed": tally.disturbed}  # fmt: skip
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for kind, n in tally.tried.items():
            print(f"{tally.refused[kind]:6} of {n:5}  {kind}")
        for line in (*tally.missed, *tally.disturbed):
            print(f"MISSED {line}")
        print(f"{refused} of {tried} attacks refused with their file, seed {seed}; {took():.0f} s")
        print(f"{tally.untouched} untouched packs, {len(tally.disturbed)} refused")
    return 0 if tally.good else MISSED


def _progress() -> Callable[[Tally], None]:
    told = 0

    def tell(tally: Tally) -> None:
        nonlocal told
        tried = tally.tried.total()
        if tried >= told + _TOLD_EVERY:
            told = tried
            print(f"hil: {tried} attacks, {len(tally.missed)} missed", file=sys.stderr)

    return tell

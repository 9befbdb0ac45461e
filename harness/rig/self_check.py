"""The self-check of a wall-clock rig, kept beside its file: what was found, when, and for how long it holds.

Theory. A verdict stands on the rig that gave it. What ``hil rig check`` measured is kept in ``<rig>.check.json`` with
its date, an expiry and the digest of the rig file it was made with. A run asks ``standing`` once and says in every
report what came of it; it never changes a verdict. A rig on the virtual clock has nothing to measure and says nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from harness.foundation.errors import BadInput
from harness.rig.probing.findings import Findings

SUFFIX = ".check.json"
SCHEMA = 1


@dataclass(frozen=True)
class Standing:
    """What a run may build on; ``says`` is one sentence."""

    state: Literal["fresh", "stale", "failing", "missing"]
    says: str


def beside(rig: Path) -> Path:
    """Where the self-check of a rig file is kept."""
    return rig.with_suffix(SUFFIX)


def save(rig: Path, vehicle: str, findings: Findings, measured: str, expires: str) -> Path:
    """Keep it; ``measured`` ISO 8601, ``expires`` YYYY-MM-DD. BadInput when the place cannot be written."""
    document = {
        "schema": SCHEMA,
        "rig": rig.name,
        "digest": digest(rig),
        "vehicle": vehicle,
        "measured": measured,
        "expires": expires,
        "good": not findings.wrong,
        **findings.as_json(),
    }
    target = beside(rig)
    try:
        target.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as why:
        remedy = "Copy the rig file into your project's rigs/ and check it there."
        raise BadInput(target, None, "", f"the self-check cannot be kept: {why}", remedy) from why
    return target


def digest(rig: Path) -> str:
    """SHA-256 of the rig file: a check of another file says nothing about this one."""
    return hashlib.sha256(rig.read_bytes()).hexdigest()


def standing(rig_path: Path, now: str) -> Standing:
    """How the kept self-check of ``rig_path`` stands at ``now`` (ISO 8601, or YYYY-MM-DD)."""
    again = f"run 'hil rig check {rig_path.stem if rig_path.parent.name == 'rigs' else rig_path}'"
    try:
        kept = json.loads(beside(rig_path).read_text(encoding="utf-8"))
        if kept["schema"] != SCHEMA:
            raise ValueError(f"schema {kept['schema']}")
        measured, expires = str(kept["measured"]), str(kept["expires"])
        wrong = [" ".join(str(entry).split()) for entry in kept["wrong"]]
        same = kept["digest"] == digest(rig_path)
    except FileNotFoundError:
        return Standing("missing", f"this rig was never checked by itself; {again}")
    except (OSError, ValueError, KeyError, TypeError) as why:
        return Standing("missing", f"{beside(rig_path).name} is no self-check ({why}); {again}")
    day = measured[:10]
    if wrong:
        more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        return Standing("failing", f"the rig failed its self-check of {day}: {wrong[0]}{more}")
    if now[:10] > expires:
        return Standing("stale", f"the rig's self-check of {day} expired on {expires}; {again}")
    if not same:
        return Standing("stale", f"the rig file has changed since its self-check of {day}; {again}")
    return Standing("fresh", f"the rig passed its self-check of {day}, which holds until {expires}")


def fact(rig_path: Path, clock: str, now: str) -> dict[str, Any] | None:
    """What ``meta.json`` says of it (``rig_check``): None on a virtual rig, which needs none."""
    if clock != "wall":
        return None
    found = standing(rig_path, now)
    return {"state": found.state, "says": found.says}

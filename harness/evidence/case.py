"""One case as its folder tells it.

Theory. A worker leaves ``pending.json`` first, then the journal line by line, then ``meta.json``. Whatever is missing
tells how far it came: a folder without a verdict record is a case that was cut off, and its last step says where.
Reading never raises for what a crash can leave (a torn line, an empty file); a journal that was *changed* is an ERROR
of its case, with the line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.foundation.journal import BrokenChain, read_journal
from harness.foundation.units import show_time
from harness.foundation.values import Verdict, worst

Record = Mapping[str, Any]
_NAMED = {"step": "name", "intent": "what", "stimulus": "what", "check": "observation"}
"""What tells how far a case came, and the field that says it."""


@dataclass(frozen=True)
class CaseRecord:
    """Everything reports say about one attempt at one case. ``folder`` is None for a case that never began."""

    id: str
    nodeid: str
    runner: str
    title: str
    text: str
    vehicle: str
    requirements: tuple[str, ...]
    behaviour: tuple[str, ...]
    attempt: int
    verdict: Verdict
    reason: str
    records: tuple[Record, ...]
    folder: Path | None
    wall_s: float
    simulated_s: float
    whole_bytes: int
    """How much of the journal consists of whole lines; what follows was torn off in mid-line."""
    superseded: bool = False
    """It was cut off before its verdict, and a later attempt has one: told, and not counted."""

    @property
    def checks(self) -> tuple[Record, ...]:
        return tuple(r for r in self.records if r["kind"] == "check")

    @property
    def attachments(self) -> tuple[Record, ...]:
        return tuple(r for r in self.records if r["kind"] == "attach")

    @property
    def name(self) -> str:
        """The folder's name, unique within the run; made from the id for a case that has none."""
        return self.folder.name if self.folder else f"{self.runner}-{self.id}-not-started"

    @property
    def complete(self) -> bool:
        """Whether the case came to its very end: verdict, recordings, rig put back."""
        return any(r["kind"] == "end" for r in self.records)

    @property
    def restored(self) -> Verdict:
        """BLOCKED when the rig could not be put back after the case; it does not change the case's own verdict."""
        return worst([Verdict.PASS, *(Verdict(r["verdict"]) for r in self.records if r["kind"] == "restore")])

    def verdict_on(self, requirement: str) -> Verdict:
        """This case's finding on one of its requirements: a miss of another one, or a step on the way that failed, is
        not held against it.
        """
        own = [Verdict(c["verdict"]) for c in self.checks if c["requirement"] == requirement]
        if self.verdict in (Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE):
            return worst(own) if own else Verdict.NOT_EXECUTED
        return worst([*own, self.verdict])

    def measurements(self) -> list[dict[str, Any]]:
        """The checks without the observation's inner life: what ``run.json`` carries."""
        wanted = (
            "requirement",
            "quantity",
            "value",
            "interval",
            "uncertainty",
            "unit",
            "limit",
            "margin",
            "samples",
            "verdict",
            "reason",
        )
        return [
            {
                **{k: c.get(k) for k in wanted},
                "observation": c["observation"],
                "prerequisite": c.get("prerequisite", False),
            }
            for c in self.checks
        ]


def not_started(collected: Record) -> CaseRecord:
    """A case that was collected and of which no worker left a folder."""
    return CaseRecord(
        **_identity(collected),
        verdict=Verdict.NOT_EXECUTED,
        reason="never started: the run ended before its turn",
        records=(),
        folder=None,
        wall_s=0.0,
        simulated_s=0.0,
        whole_bytes=0,
    )


def read_case(folder: Path) -> CaseRecord:
    """Read a case folder in whatever state it was left."""
    records, whole, damage = _journal(folder / "journal.jsonl")
    opening = next((r for r in records if r["kind"] == "case"), {})
    identity = _identity({"id": folder.name, **_json(folder / "pending.json"), **opening})
    meta = _json(folder / "meta.json")
    verdict, reason = _verdict(records, damage)
    if verdict is Verdict.NOT_EXECUTED:
        reason += _made_safe(folder / "safe_state.jsonl")
    last = max((r["t"] for r in records if isinstance(r.get("t"), int)), default=0)
    return CaseRecord(
        **identity,
        verdict=verdict,
        reason=reason,
        records=records,
        folder=folder,
        wall_s=float(meta.get("wall_s", 0.0)),
        simulated_s=float(meta.get("simulated_s", last / 1e9)),
        whole_bytes=whole,
    )


def _identity(data: Record) -> dict[str, Any]:
    return {
        "id": str(data["id"]),
        "nodeid": str(data.get("nodeid", data["id"])),
        "runner": str(data.get("runner", "pytest")),
        "title": str(data.get("title") or data["id"]),
        "text": str(data.get("text", "")),
        "vehicle": str(data.get("vehicle") or ""),
        "requirements": tuple(data.get("requirements", ())),
        "behaviour": tuple(b for b in data.get("behaviour", ()) if b),
        "attempt": int(data.get("attempt", 1)),
    }


def _verdict(records: tuple[Record, ...], damage: str) -> tuple[Verdict, str]:
    if damage:
        return Verdict.ERROR, f"the journal cannot be trusted: {damage}"
    closing = next((r for r in reversed(records) if r["kind"] == "verdict"), None)
    if closing is not None:
        return Verdict(closing["verdict"]), str(closing.get("reason", ""))
    late = list(reversed(records))
    step = next((r for r in late if r["kind"] in ("step", "intent")), None)
    step = step or next((r for r in late if r["kind"] in _NAMED), None)
    if step is None:
        return Verdict.NOT_EXECUTED, "cut off during: the start of the case"
    reached = max(int(r["t"]) for r in records if isinstance(r.get("t"), int))
    what = step.get(_NAMED[step["kind"]], "?")
    return Verdict.NOT_EXECUTED, f"cut off during: {what} (reached {show_time(reached)})"


def _made_safe(path: Path) -> str:
    """What the rig's keeper did when nobody held the case any more, for the reason; "" where it did nothing."""
    try:
        steps = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError):
        return ""
    begun = next((step for step in steps if "begins" in step), None)
    if begun is None:
        return ""
    done = [f"{s['step']} after {show_time(s['t'] - begun['t'])}" for s in steps if s.get("said") == "done"]
    other = [f"{s['step']}: {s['said']}" for s in steps if s.get("said", "done") != "done"]
    ended = "" if "ends" in steps[-1] else "; it did not come to its end"
    return f". {begun['because']}: the rig was made safe ({', '.join([*done, *other])}{ended})"


def _journal(path: Path) -> tuple[tuple[Record, ...], int, str]:
    if not path.is_file():
        return (), 0, ""
    records: list[Record] = []
    damage = ""
    try:
        for record in read_journal(path, torn_end=True):
            records.append(record)  # noqa: PERF402 - what came before the damage counts
    except BrokenChain as why:
        damage = str(why).replace(f"{path}:", "journal.jsonl line ")
    raw = path.read_bytes()
    return tuple(records), raw.rfind(b"\n") + 1, damage


def _json(path: Path) -> dict[str, Any]:
    """A small file of a worker; one that a kill left empty or torn counts as not written."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}

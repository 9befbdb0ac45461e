"""``hil vehicle new FILE.dbc``: propose a car from its databases, tell how sure each proposal is and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.cli.project import project_root

if TYPE_CHECKING:
    from harness.vehicle.propose_write import Proposed

_WIDE = max(map(len, ("amplifier.safety_chime", "network.vehicle_awake")))


def vehicle_new(
    databases: Sequence[Path], *, out: Path, like: str = "", logs: Sequence[Path] = (), as_json: bool = False
) -> int:
    """Write the folder ``out`` and say what is in it. BadInput for a database with something wrong (file and line), and
    for a folder that is there already; nothing is written then."""
    from harness.foundation.errors import BadInput
    from harness.foundation.places import find
    from harness.vehicle.propose_folder import propose_vehicle, write

    if out.exists():
        raise BadInput("command line", None, f"--out {out}", "is there already", "Name a new folder.")
    other = find("dbc", like, project=project_root(Path.cwd())) if like else None
    proposed = propose_vehicle(databases, out.name, like=other, logs=logs)
    write(proposed, out, like=other)
    left = _left(out)
    if as_json:
        print(json.dumps(_as_json(proposed, out, left), ensure_ascii=False, indent=1))
        return 0
    _tell(proposed)
    print(f"\n{out / 'vehicle.yaml'} is written; {len(left)} places of it are to be filled in.")
    print(f"What is left, and what it means: hil vehicle check {out}")
    return 0


def _left(folder: Path) -> list[Any]:
    from harness.foundation.config import load_yaml
    from harness.vehicle.load import FILE
    from harness.vehicle.todo import open_points

    return list(open_points(load_yaml(folder / FILE)))


def _tell(proposed: Proposed) -> None:
    for source in proposed.sources:
        messages = source.database.messages.values()
        cyclic = sum(m.cycle is not None or f"{source.bus}/{m.name}" in proposed.cycles for m in messages)
        speed = f"{source.bitrate // 1000} kbit/s" + ("" if source.told else " (assumed)")
        print(f"bus {source.bus}: {len(messages)} messages, {cyclic} with a cycle time, {speed}")
    print(f"head unit: {', '.join(proposed.unit) or 'not known'}")
    written = proposed.written()
    print(f"\n{'role':{_WIDE}} sure  signal")
    for role, proposal in proposed.roles.items():
        best = written.get(role)
        if best is not None:
            states = ", ".join([*best.states, *(f"{s}?" for s in best.lacking)])
            print(f"{role:{_WIDE}} {_sure(best.confidence)}  {best.place}{f': {states}' if states else ''}")
            print(f"{'':{_WIDE}}       {'; '.join(best.reasons)}")
        elif (nearest := proposal.best or next(iter(proposal.others), None)) is not None:
            print(f"{role:{_WIDE}}    -  perhaps {nearest.place} ({_sure(nearest.confidence)})")
    print()
    nothing = [r for r, p in proposed.roles.items() if p.best is None and not p.others]
    if nothing:
        print(f"nothing found for: {', '.join(nothing)}")
    carrying = {f"{c.bus}/{c.message.name}" for c in written.values()}
    for place, guard in proposed.guarded.items():
        if place in carrying:
            print(f"protected: {place}: {guard.profile or 'how is not known'}; {guard.reason}")


def _sure(confidence: float) -> str:
    return f"{min(confidence, 0.99):.2f}"


def _as_json(proposed: Proposed, out: Path, left: Sequence[Any]) -> dict[str, Any]:
    written = proposed.written()
    return {
        "folder": str(out),
        "buses": {
            s.bus: {"messages": len(s.database.messages), "bitrate": s.bitrate, "told": s.told}
            for s in proposed.sources
        },
        "head_unit_nodes": list(proposed.unit),
        "roles": {
            role: {
                "written": role in written,
                "candidates": [
                    {"place": c.place, "confidence": min(c.confidence, 0.99), "reasons": list(c.reasons),
                     "states": dict(c.states), "lacking": list(c.lacking)}
                    for c in ([p.best] if p.best else []) + list(p.others)
                ],
            }
            for role, p in proposed.roles.items()
        },
        "protection": {
            place: {"profile": g.profile, "data_id": g.data_id, "counter": g.counter, "checksum": g.checksum}
            for place, g in proposed.guarded.items()
        },
        "cycles": {place: cycle / 1e9 for place, cycle in proposed.cycles.items()},
        "left": [{"line": e.line, "where": e.value, "to_do": e.remedy} for e in left],
    }  # fmt: skip

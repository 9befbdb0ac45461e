"""``hil vehicle new`` without its words: read the databases, propose, write a new folder.

``propose_vehicle`` changes nothing on the disk; ``write`` makes the folder and never one that is there.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from harness.foundation.errors import BadInput
from harness.vehicle.load import FILE
from harness.vehicle.propose import Candidate, Proposal, head_unit_nodes, propose
from harness.vehicle.propose_coded import coded_buttons
from harness.vehicle.propose_log import Measured, measure, with_protections
from harness.vehicle.propose_protection import guarded
from harness.vehicle.propose_source import read_sources
from harness.vehicle.propose_write import TAKEN, Proposed, vehicle_yaml

_KEY = re.compile(r"^([a-z_]+):", re.MULTILINE)


def propose_vehicle(
    databases: Sequence[Path], name: str, *, like: Path | None = None, logs: Sequence[Path] = ()
) -> Proposed:
    """What can be said of a car from its databases. BadInput or SeveralBadInputs, with file and line, for one that
    cannot be used. ``like``: the folder of a car from which what no database says is taken over. ``logs``:
    recordings of its buses (candump -L), for cycle times and checksums."""
    sources = read_sources(databases)
    unit = head_unit_nodes(sources)
    coded = coded_buttons(sources, unit)
    numbers = {f"{c.bus}/{c.message.name}": c.event.sequence for c in coded.values() if c.event is not None}
    guards = guarded(sources, numbers)
    measured = measure(logs, sources, guards) if logs else Measured({}, {})
    return Proposed(
        name=name,
        sources=sources,
        unit=unit,
        roles=_with_coded(propose(sources, unit), coded),
        guarded=with_protections(guards, measured),
        cycles=measured.cycles,
        taken={} if like is None else _parts_of(like),
        like="" if like is None else like.name,
    )


def _with_coded(found: Mapping[str, Proposal], coded: Mapping[str, Candidate]) -> dict[str, Proposal]:
    """A code is taken where no signal of its own is as sure."""
    made = dict(found)
    for role, button in coded.items():
        before = found[role]
        if before.best is None or before.best.confidence < button.confidence:
            others = ((before.best,) if before.best else ()) + before.others
            made[role] = Proposal(role, button, others)
    return made


def write(proposed: Proposed, folder: Path, *, like: Path | None = None) -> None:
    """Make ``folder`` with vehicle.yaml, the databases and, of ``like``, its pictures and sounds. BadInput when it is
    there already."""
    if folder.exists():
        raise BadInput("command line", None, f"--out {folder}", "is there already", "Name a new folder.")
    try:
        folder.mkdir(parents=True)
    except OSError as why:
        problem = f"cannot be made ({why.strerror})"
        raise BadInput("command line", None, f"--out {folder}", problem, "Name a folder you may write to.") from why
    for source in proposed.sources:
        shutil.copyfile(source.database.path, folder / f"{source.bus}.dbc")
    for part in ("screens", "sounds"):
        if like is not None and (like / part).is_dir():
            shutil.copytree(like / part, folder / part)
    (folder / FILE).write_text(vehicle_yaml(proposed), encoding="utf-8")


def _parts_of(like: Path) -> dict[str, str]:
    """The parts of another car's file that no database knows, as its author wrote them, by key."""
    text = (like / FILE).read_text(encoding="utf-8")
    starts = [(m[1], m.start()) for m in _KEY.finditer(text)]
    ends = [start for _, start in starts[1:]] + [len(text)]
    blocks = {key: text[start:end] for (key, start), end in zip(starts, ends, strict=True)}
    # comments above the next part belong to it
    parts = {key: re.sub(r"(\n#[^\n]*)+\s*$", "", blocks[key].rstrip()) for key in TAKEN if key in blocks}
    if "witnesses" in parts:  # its addresses are another car's
        parts["witnesses"] = re.sub(r"diagnostics, |, diagnostics(?=[,\]])", "", parts["witnesses"])
    return parts

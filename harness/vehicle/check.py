"""``hil vehicle check``: everything that is wrong with a car's folder at once, and what is in it.

``check(folder)`` never raises for what people wrote: it returns the findings. ``summary(vehicle)`` is the rest: per
bus what is sent, per role where it lies, per event its reference step.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from harness.foundation.config import load_yaml
from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.foundation.units import show_time
from harness.vehicle.load import FILE, load_vehicle
from harness.vehicle.missing import Lack, Offered, missing
from harness.vehicle.role import Role
from harness.vehicle.roles import ROLES, WITNESSES
from harness.vehicle.todo import PROBLEM
from harness.vehicle.vehicle import Step, Vehicle


@dataclass(frozen=True)
class Report:
    """``findings`` is empty when the car can be used; ``vehicle`` is None when it cannot. ``lines`` is for people.

    ``open`` are those of the findings that are marks to be filled in, ``lacks`` what the car could have and has not,
    ``assumed`` the lines (from 1) that nobody has confirmed yet. ``offered`` is there for a file that can be read and
    not used.
    """

    folder: Path
    findings: tuple[BadInput, ...]
    vehicle: Vehicle | None
    lines: tuple[str, ...] = ()
    open: tuple[BadInput, ...] = ()
    lacks: tuple[Lack, ...] = ()
    assumed: tuple[tuple[int, str], ...] = ()
    offered: Offered | None = None


def check(folder: Path) -> Report:
    """Read the car in ``folder`` and say all that is wrong with it, what is to be filled in, or what it offers."""
    try:
        vehicle = load_vehicle(folder)
    except BadInput as why:
        return _refused(folder, (why,))
    except SeveralBadInputs as why:
        return _refused(folder, tuple(why.errors))
    lines = tuple(summary(vehicle))
    return Report(folder, (), vehicle, lines, lacks=tuple(missing(vehicle)), assumed=_assumed(folder))


def _refused(folder: Path, findings: tuple[BadInput, ...]) -> Report:
    """A file that a run would refuse. As long as marks are left nothing else of it can be judged."""
    marks = tuple(f for f in findings if f.problem == PROBLEM)
    try:
        data = load_yaml(folder / FILE).data
    except BadInput:
        return Report(folder, findings, None)
    offered = Offered.by(data) if isinstance(data, dict) else None
    return Report(folder, findings, None, open=marks, assumed=_assumed(folder), offered=offered)


def _assumed(folder: Path) -> tuple[tuple[int, str], ...]:
    rows = (folder / FILE).read_text(encoding="utf-8").splitlines()
    return tuple((n, row.strip()[:100]) for n, row in enumerate(rows, 1) if _ASSUMED.search(row) and _HEAD not in row)


_ASSUMED, _HEAD = re.compile(r"(^|\s)# \?(\s|$)"), '"# ?"'


def summary(vehicle: Vehicle) -> list[str]:
    """What the car offers, a line each: buses, roles, events, and what it does not offer."""
    rates = vehicle.frames_per_second()
    lines = [f"{vehicle.id}: {vehicle.name} ({vehicle.note})"]
    for bus in vehicle.buses.values():
        kind = f"{bus.bitrate // 1000} kbit/s"
        if bus.data_bitrate is not None:
            kind += f" and {bus.data_bitrate // 1000} kbit/s"
        count = len(bus.database.messages)
        lines.append(f"bus {bus.name}: {bus.path.name}, {kind}, {count} messages, {rates[bus.name]:.0f} frames/s in ON")
    lines += [f"note: {note}" for note in _shared_ids(vehicle)]
    lines += [f"role {_role(role)}" for role in vehicle.roles.values()]
    lines += [f"event {name}: {_event(steps)}" for name, steps in vehicle.events.items()]
    lines += [f"protection {bus}/{message}: {p.profile}" for (bus, message), p in vehicle.protection.items()]
    absent = sorted(set(ROLES) - set(vehicle.roles))
    if absent:
        lines.append(f"not in this car: {', '.join(absent)}")
    unseen = sorted(WITNESSES - vehicle.witnesses)
    if unseen:
        lines.append(f"no witness: {', '.join(unseen)}")
    return lines


def _shared_ids(vehicle: Vehicle) -> list[str]:
    """Ids that mean different messages on different buses: right on separate wires, and easily mixed up in a log."""
    first: dict[tuple[int, bool], str] = {}
    notes = []
    for bus in vehicle.buses.values():
        for key, message in bus.database.messages.items():
            place = f"{bus.name}/{message.name} ({bus.path.name}:{message.line})"
            if key in first:
                notes.append(f"id 0x{key[0]:X} is {first[key]} and {place}")
            first.setdefault(key, place)
    return notes


def _role(role: Role) -> str:
    cycle = f"each {show_time(role.message.cycle)}" if role.message.cycle else "on event"
    states = ", ".join(f"{state} {raw}" for state, raw in role.values.items())
    unit = f" in {role.unit}" if role.unit else ""
    return (
        f"{role.name} ({role.kind}): {role.place} 0x{role.message.id:X}, {cycle}{unit}{': ' if states else ''}{states}"
    )


def _event(steps: tuple[Step, ...]) -> str:
    shown = []
    for step in steps:
        value = show_time(int(step.value)) if step.what == "wait" else str(step.value)
        shown.append(f"{step.what} {value}" + (f" [{step.mark}]" if step.mark else ""))
    return ", ".join(shown)

"""Read a car's folder: vehicle.yaml against its DBC files, everything that is wrong told at once.

``load_vehicle(folder)`` returns a Vehicle or raises BadInput / SeveralBadInputs. Each check lives with its noun in
checks.py; here is only the order: shape, buses, then whatever needs them.
"""

from __future__ import annotations

from pathlib import Path

from harness.can.database import load_dbc
from harness.foundation.config import check_schema, into, load_yaml, suggest
from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.vehicle import checks, resolve
from harness.vehicle.cycles import resolve_cycles
from harness.vehicle.diagnosis import diagnostics
from harness.vehicle.draft import Draft
from harness.vehicle.profiles import profiles
from harness.vehicle.schema import SCHEMA, VehicleModel
from harness.vehicle.todo import open_points
from harness.vehicle.vehicle import Bus, Mode, Vehicle

FILE = "vehicle.yaml"


def load_vehicle(folder: Path) -> Vehicle:
    """The car in ``folder``. BadInput or SeveralBadInputs with file, line, value and remedy."""
    located = check_schema(load_yaml(folder / FILE), SCHEMA)
    _stop_at(open_points(located))
    model = into(located, VehicleModel)
    draft = Draft(folder, model, located)
    _buses(draft)
    resolve_cycles(draft)
    _stop_at(draft.errors)  # without every database nothing else can be checked fairly
    resolve.roles(draft)
    draft.figures.update(resolve.figures(draft))
    events = resolve.events(draft)
    protection = resolve.protection(draft)
    schedules = resolve.schedules(draft)
    driving = resolve.driving(draft)
    supplied = profiles(draft)
    sounds = resolve.files("sounds", model.sounds, draft)
    screens = resolve.files("screens", model.screens, draft)
    for check in checks.ALL:
        check(draft)
    _stop_at(draft.errors)
    return Vehicle(
        id=folder.resolve().name,
        name=model.name,
        note=model.note,
        folder=folder,
        buses=draft.buses,
        roles=draft.roles,
        events=events,
        initial=dict(model.initial),
        protection=protection,
        modes={
            n: Mode(n, tuple(m.lines), m.frames if isinstance(m.frames, str) else tuple(m.frames), m.nm, m.ignition)
            for n, m in model.modes.items()
        },
        diagnostics=diagnostics(draft),
        unit=draft.figures,
        limits={name: limit.limit() for name, limit in model.limits.items()},
        gestures={context: dict(table) for context, table in model.gestures.items()},
        priority=tuple(model.priority),
        phone_call=dict(model.phone_call),
        presence=resolve.presence(draft),
        driving=driving,
        profiles=supplied,
        head_unit_nodes=frozenset(model.head_unit_nodes),
        witnesses=frozenset(model.witnesses),
        driver_zone=model.driver_zone,
        sounds=sounds,
        screens=screens,
        schedules=schedules,
    )


def _buses(draft: Draft) -> None:
    for name, bus in draft.model.buses.items():
        path = draft.folder / bus.dbc
        if not path.is_file():
            here = sorted(p.name for p in draft.folder.glob("*.dbc"))
            draft.wrong(("buses", name, "dbc"), "no such file", suggest(bus.dbc, here) if here else "Check the path.")
            continue
        try:
            database = load_dbc(path)
        except BadInput as why:
            draft.errors.append(why)
        except SeveralBadInputs as why:
            draft.errors.extend(why.errors)
        else:
            draft.buses[name] = Bus(name, path, bus.bitrate, bus.data_bitrate, database)


def _stop_at(errors: list[BadInput]) -> None:
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise SeveralBadInputs(errors)

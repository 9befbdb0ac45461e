"""The whole rig measured: the beat of cyclic frames, the supply under load, an event that all lines see.

Nothing is switched on unless the unit is simulated or somebody said ``--power``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from harness.foundation.errors import RigFault
from harness.rig.load import RigFile
from harness.rig.probing.beat import beat
from harness.rig.probing.event import cut, switch_on
from harness.rig.probing.findings import Marker, Value, decent, not_measured
from harness.rig.probing.holding import Together
from harness.rig.probing.powered import accuracy, awake
from harness.rig.probing.sound import burst_event
from harness.vehicle.vehicle import Vehicle


def measure_together(
    file: RigFile, vehicle: Vehicle, found: frozenset[str], *, power: bool, logs: Path | None
) -> tuple[list[Value], list[Marker], str]:
    """(values, events, why there is no event). ``found`` are the ports of the look before. RigFault when the keeper
    cannot open what was found a moment ago."""
    simulated = file.model.head_unit.simulated is not None
    rig = Together(file, vehicle, found, logs)
    values: list[Value] = []
    events: list[Marker] = []
    try:
        if getattr(rig.ports.get("audio"), "lead", None) is not None:
            audio = rig.ports["audio"]
            _try(values, "audio", "burst as an event", lambda: events.append(burst_event(rig.clock, audio)))
        if simulated or power:
            _try(values, "rig", "switching on", lambda: events.append(switch_on(rig)))
            _try(values, "supply", "accuracy", lambda: values.extend(accuracy(rig)))
        _try(values, "can", "cycle error", lambda: values.extend(beat(rig)))
        if simulated or power:
            _try(values, "rig", "the unit awake", lambda: values.extend(awake(rig)))
        if simulated:
            _try(values, "rig", "cutting KL30", lambda: events.append(cut(rig)))
        if not (simulated or power):
            why = "the unit stays off without --power"
            values.append(not_measured("supply", "accuracy", f"{why}: voltages are measured with the output on"))
    finally:
        faults = rig.close()
    values += [Value("rig", "closing", "", None, said=fault, wrong=fault) for fault in faults]
    why = "" if events else (
        "no event aligns the lines: nothing is switched without --power, and there is no sound loop"
    )  # fmt: skip
    return values, events, why


def _try(values: list[Value], port: str, quantity: str, work: Callable[[], None]) -> None:
    """What goes wrong with one measurement is told and does not stop the others."""
    try:
        work()
    except RigFault as why:
        text = " ".join(decent(str(why)).split())
        values.append(Value(port, quantity, "", None, said=text, wrong=f"{quantity}: {text}"))

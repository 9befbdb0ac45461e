"""What can only be measured with power on the unit: the supply under load, a console that speaks, a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.foundation.units import MS, Ns, S
from harness.rig.probing.findings import Value
from harness.rig.probing.holding import Together

VOLTS = (12.0, 13.5)
SETTLED: Ns = 1 * S
STARTS: Ns = 20 * S
"""How long a unit may show its dark start picture before a camera is blamed."""
TOLERANCE = 0.1


def accuracy(rig: Together) -> list[Value]:
    """Set against read back at the terminals, the output on; ends at the first voltage."""
    settings: Mapping[str, object] = rig.file.model.supply.settings
    limit, tolerance = settings.get("over_voltage"), settings.get("tolerance")
    highest = float(limit) - 0.5 if isinstance(limit, int | float) else VOLTS[-1]
    wanted = VOLTS if highest >= VOLTS[-1] else (round(0.7 * highest, 1), round(0.85 * highest, 1))
    allowed = float(tolerance) if isinstance(tolerance, int | float) else TOLERANCE
    values = []
    for volts in wanted:
        rig.held.supply.set_voltage(volts)
        rig.wait(SETTLED)
        reading = rig.held.supply.read()
        error = reading.volts - volts
        apart = f"at {volts:g} V it reads back {reading.volts:g} V, {allowed:g} V are allowed"
        said = f"reads back {reading.volts:g} V at {reading.amperes:.3g} A"
        wrong = apart if abs(error) > allowed else ""
        values.append(Value("supply", f"voltage error at {volts:g} V", "V", round(error, 4), said=said, wrong=wrong))
    rig.held.supply.set_voltage(wanted[0])
    return values


def awake(rig: Together) -> list[Value]:
    """What a unit that is on must give: text that can be read, a picture that will do."""
    values = []
    if "console" in rig.ports:
        values.append(_text(b"".join(b.data for b in rig.said)))
    screen = rig.ports.get("screen")
    if hasattr(screen, "quality"):
        values += _picture(rig, screen)
    return values


def _text(data: bytes) -> Value:
    if not data:
        wrong = "the console said nothing though the unit was switched on. Check its wires, its baud rate, its ground"
        return Value("console", "bytes after switching on", "bytes", 0.0, wrong=wrong)
    readable = sum(32 <= b < 127 or b in b"\r\n\t\x1b" or b >= 0xC2 for b in data) / len(data)
    wrong = "" if readable >= 0.7 else f"only {readable:.0%} of it is text: another baud rate?"
    said = f"{readable:.0%} text"
    return Value("console", "bytes after switching on", "bytes", float(len(data)), said=said, wrong=wrong)


def _picture(rig: Together, screen: Any) -> list[Value]:
    """The first picture that will do, or what is wrong with the last when the unit has had its time to start."""
    from harness.screen.exposure import complaints

    until = rig.clock.now() + STARTS
    while (found := complaints(quality := screen.quality())) and rig.clock.now() < until:
        rig.clock.run_until(rig.clock.now() + 500 * MS)
    return [
        Value("screen", "sharpness", "1/1000", round(quality.sharpness, 2), wrong="; ".join(found)),
        Value("screen", "brightness", "of 255", round(quality.brightness, 1), said=str(quality)),
    ]

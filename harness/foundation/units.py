"""Integer nanoseconds, and quantities as people write them ("250 ms", "6.5 V").

Time is an ``int`` of nanoseconds everywhere: sums are exact, order is total, and two runs agree to the byte.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

Ns = int

US: Ns = 1_000
MS: Ns = 1_000_000
S: Ns = 1_000_000_000

_FACTORS: dict[str, tuple[str, Decimal]] = {
    "ns": ("s", Decimal("1e-9")),
    "us": ("s", Decimal("1e-6")),
    "ms": ("s", Decimal("1e-3")),
    "s": ("s", Decimal(1)),
    "min": ("s", Decimal(60)),
    "V": ("V", Decimal(1)),
    "mV": ("V", Decimal("1e-3")),
    "A": ("A", Decimal(1)),
    "mA": ("A", Decimal("1e-3")),
    "dB": ("dB", Decimal(1)),
    "dBov": ("dBov", Decimal(1)),
    "%": ("%", Decimal(1)),
    "ppm": ("ppm", Decimal(1)),
    "kbit/s": ("bit/s", Decimal(1000)),
    "Mbit/s": ("bit/s", Decimal(1_000_000)),
    "km/h": ("km/h", Decimal(1)),
    "m/s": ("m/s", Decimal(1)),
    "Hz": ("Hz", Decimal(1)),
    "1": ("1", Decimal(1)),
}
_QUANTITY = re.compile(r"\s*([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?:\s+(1)|\s*([^\s\d.]\S*))\s*")


def parse_quantity(text: str) -> tuple[Decimal, str]:
    """``"250 ms"`` -> ``(Decimal("0.250"), "s")``: value in base units, and the base unit.

    Raises ValueError with the remedy when the unit is missing or unknown.
    """
    match = _QUANTITY.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not a number with a unit, such as '250 ms'")
    number, unit = match[1], match[2] or match[3]
    if unit not in _FACTORS:
        raise ValueError(f"unknown unit {unit!r} in {text!r}; known: {', '.join(_FACTORS)}")
    base, factor = _FACTORS[unit]
    try:
        return Decimal(number) * factor, base
    except InvalidOperation as why:  # pragma: no cover - the pattern admits no such number
        raise ValueError(f"{text!r}: {why}") from why


def parse_duration(text: str) -> Ns:
    """``"2.5 s"`` -> 2_500_000_000. Raises ValueError for anything that is not a time."""
    value, unit = parse_quantity(text)
    if unit != "s":
        raise ValueError(f"{text!r} is not a time; write ns, us, ms, s or min")
    return int(value * S)


def show_time(t: Ns) -> str:
    """``"41.203 s"``: to the millisecond, for people; what is shorter than one in microseconds. Records keep the ns."""
    if 0 < abs(t) < MS:
        return f"{t / US:g} us"
    return f"{t / S:.3f} s"

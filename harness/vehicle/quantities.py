"""Quantities in YAML: annotated pydantic types that keep integer nanoseconds and base units.

"250 ms" becomes 250_000_000 for a duration; "5 mA" becomes 0.005 for a current. A bare number is refused: a limit
without a unit has been read as seconds by one and as milliseconds by another.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from harness.foundation.units import parse_duration, parse_quantity


def _with_unit(value: Any, example: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"not a quantity. Write a number with its unit, such as '{example}'")
    if not isinstance(value, str):
        raise ValueError(f"the unit is missing. Write it with the number, such as '{example}'")
    return value


def duration(value: Any) -> int:
    """ns. ValueError with a remedy when it is not a time."""
    try:
        return parse_duration(_with_unit(value, "250 ms"))
    except ValueError as why:
        raise ValueError(_remedied(why, "250 ms")) from None


def quantity(value: Any, unit: str, example: str) -> float:
    """Base units. ValueError with a remedy when the unit is missing or another one."""
    try:
        number, found = parse_quantity(_with_unit(value, example))
    except ValueError as why:
        raise ValueError(_remedied(why, example)) from None
    if found != unit:
        raise ValueError(f"is in {found}, {unit} is needed. Write it such as '{example}'")
    return float(number)


def _remedied(why: ValueError, example: str) -> str:
    text = str(why)
    return text if ". " in text else f"{text}. Write it such as '{example}'"


def _bitrate(value: Any) -> int:
    return int(quantity(value, "bit/s", "500 kbit/s"))


def _metres_per_second(value: Any) -> float:
    return quantity(value, "m/s", "5.0 m/s")


def _volts(value: Any) -> float:
    return quantity(value, "V", "9 V")


Duration = Annotated[int, BeforeValidator(duration)]
"""ns"""
BitRate = Annotated[int, BeforeValidator(_bitrate)]
"""bit/s"""
Speed = Annotated[float, BeforeValidator(_metres_per_second)]
"""m/s"""
Volts = Annotated[float, BeforeValidator(_volts)]

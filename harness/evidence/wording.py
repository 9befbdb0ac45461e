"""Figures as people read them: 0.2134 s is shown as 213.4 ms. Display only; machines get base units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NEVER = "never"
_SMALL = {"s": ("ms", 1e3, 1.0), "A": ("mA", 1e3, 0.1), "V": ("mV", 1e3, 0.1)}


def scale_of(unit: str, *values: float | None) -> tuple[str, float]:
    """The unit to show these values in, and the factor: ("ms", 1000.0) when all of them are short times."""
    known = [abs(v) for v in values if v is not None]
    if unit in _SMALL and known:
        name, factor, below = _SMALL[unit]
        if max(known) < below:
            return name, factor
    return ("" if unit == "1" else unit), 1.0


def number(value: float, decimals: int = 3) -> str:
    """Up to ``decimals`` decimals, without trailing zeros; a true minus is not wanted in files people grep."""
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def show_value(value: float | None, unit: str) -> str:
    """``show_value(0.2134, "s")`` -> ``"213.4 ms"``; None is something that did not happen."""
    if value is None:
        return NEVER
    name, factor = scale_of(unit, value)
    return f"{number(value * factor)} {name}".rstrip()


def show_bounds(check: Mapping[str, Any]) -> str:
    """As in `` +/-2 ms`` or `` -2/+3 ms``, in the unit the value is shown in; "" where it is exact or nobody said."""
    made_of, value = check.get("uncertainty"), check.get("value")
    if not made_of or value is None:
        return ""
    name, factor = scale_of(check["unit"], value)
    minus, plus = (f"{side * factor:.2g}" for side in (made_of["minus"], made_of["plus"]))
    if minus == plus == "0":
        return ""
    return (f" +/-{plus} {name}" if minus == plus else f" -{minus}/+{plus} {name}").rstrip()


def show_measured(check: Mapping[str, Any]) -> str:
    """A check's value with its bounds."""
    return show_value(check["value"], check["unit"]) + show_bounds(check)


def show_margin(margin: float | None, unit: str) -> str:
    """Signed: how far inside the limit (+) or outside (-)."""
    if margin is None:
        return "-"
    if margin == 0:
        return "0"
    return ("+" if margin >= 0 else "") + show_value(margin, unit)


def show_limit(limit: Mapping[str, Any]) -> str:
    """The limit as its author wrote it, or built from its bounds."""
    if limit.get("text"):
        return str(limit["text"])
    low, high, unit = limit.get("low"), limit.get("high"), str(limit.get("unit", ""))
    if low is not None and high is not None:
        return f"{show_value(low, unit)} .. {show_value(high, unit)}"
    if high is not None:
        return f"<= {show_value(high, unit)}"
    return f">= {show_value(low, unit)}" if low is not None else "-"


def show_check(check: Mapping[str, Any]) -> str:
    """One line for a list of steps: what was observed, its figure and its limit."""
    arguments = ", ".join(str(v) for v in dict(check.get("arguments", {})).values() if isinstance(v, str | int | float))
    what = f"{check['observation']}({arguments})" if arguments else str(check["observation"])
    figure = show_measured(check)
    return f"{check['requirement']}: {what}, {check['quantity']} {figure}, limit {show_limit(check['limit'])}"


def plain(verdict: str) -> str:
    """ "NOT_APPLICABLE" -> "NOT APPLICABLE"."""
    return verdict.replace("_", " ")


def rig_check_line(facts: Mapping[str, Any]) -> str:
    """How the rig's self-check stands, in one line; "" for a rig that needs none."""
    check = facts.get("rig_check")
    return f"rig self-check {check['state']}: {check['says']}" if isinstance(check, Mapping) else ""

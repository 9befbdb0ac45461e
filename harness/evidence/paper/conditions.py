"""Under which conditions and with which instruments: the laboratory's words, the rig file, what the rig measured of
itself, and the calibrations it keeps in files of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.evidence.paper.lab import Instrument
from harness.evidence.paper.material import Material
from harness.evidence.wording import rig_check_line
from harness.foundation.units import show_time

PORTS = ("can", "audio", "supply", "console", "screen", "phone", "network", "io")


def conditions(material: Material) -> dict[str, Any]:
    """Environment, rig, clock, instruments and what was wrong on purpose."""
    w, lab, run = material.words, material.lab, material.run
    clock = w["clock_virtual"] if material.virtual else w["clock_wall"]
    title = str(material.rig.get("title") or "")
    simulated, wall = show_time(round(run["simulated_s"] * 1e9)), show_time(round(run["wall_s"] * 1e9))
    check = rig_check_line(material.facts) or w["self_check_virtual" if material.virtual else "self_check_none"]
    pairs = [
        (w["temperature"], lab.environment.temperature),
        (w["humidity"], lab.environment.humidity),
        *([(w["other_conditions"], lab.environment.other)] if lab.environment.other else []),
        (w["rig"], ": ".join(p for p in (str(run.get("rig") or ""), title) if p)),
        (w["clock"], clock),
        (w["seed"], str(run.get("seed", ""))),
        (w["durations"], f"{simulated} / {wall}"),
        (w["versions"], ", ".join(f"{k} {v}" for k, v in dict(run.get("versions") or {}).items())),
        (w["self_check"], check),
    ]
    day = material.ended[:10]
    return {
        "pairs": [[label, value] for label, value in pairs],
        "instruments": [_instrument(i, day, w) for i in lab.instruments],
        "ports": [[*port, *_kept(material, port[0])] for port in _ports(material.rig)],
    }


def _instrument(one: Instrument, day: str, w: Mapping[str, str]) -> dict[str, str]:
    note = w["overdue"] if one.due and day and one.due < day else ""
    return {**{k: str(getattr(one, k)) for k in ("name", "type", "serial", "calibrated", "due", "certificate")},
            "note": note}  # fmt: skip


def kept_calibrations(rig: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """(port, file, day measured, last day it holds) of each calibration the rig file names; both days are "" where the
    file cannot be read."""
    found = []
    for name, settings in _settings(rig):
        file = settings.get("calibration")
        if isinstance(file, str):
            try:
                kept = json.loads(Path(file).read_text(encoding="utf-8"))
                days = str(kept.get("measured") or "")[:10], str(kept.get("expires") or "")[:10]
            except (OSError, ValueError, AttributeError):
                days = "", ""
            found.append((name, file, *days))
    return found


def _kept(material: Material, port: str) -> tuple[str, str]:
    return next(((made, until) for name, _, made, until in kept_calibrations(material.rig) if name == port), ("", ""))


def _settings(rig: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each port with its settings; CAN by bus."""
    for port in PORTS:
        data = rig.get(port)
        several = port == "can" and isinstance(data, Mapping) and "driver" not in data
        entries = {f"{port} {bus}": one for bus, one in dict(data or {}).items()} if several else {port: data}
        for name, one in entries.items():
            if isinstance(one, Mapping):
                yield name, one


def _ports(rig: Mapping[str, Any]) -> list[list[str]]:
    """Name, driver and plain settings."""
    found = []
    for name, one in _settings(rig):
        own = {k: v for k, v in one.items() if k != "driver" and not isinstance(v, Mapping | list)}
        found.append([name, str(one.get("driver", "")), ", ".join(f"{k} {v}" for k, v in own.items())])
    return found

"""What ``pack.json`` says of the run: everything here stands in the run's files too, and is repeated to be found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from harness import __version__
from harness.evidence.case import CaseRecord
from harness.evidence.pack.gather import Gathered

_OF_RUN = ("command", "seed", "rig", "clock", "vehicle", "defect", "disturbances", "variant_seed", "started", "ended",
           "totals", "exit_code", "crash", "rig_check")  # fmt: skip


def facts_of(run: Mapping[str, Any], cases: list[CaseRecord], found: Gathered) -> dict[str, Any]:
    """The fields ``run``, ``unit``, ``versions``, ``vehicles``, ``rig``. ``run`` is ``run.json``; what is not known is
    added to ``found.missing``."""
    software = run.get("software")
    if not software:
        found.lacks("software id of the head unit", "no case of this run read it from the unit")
    return {
        "run": {
            **{name: run.get(name) for name in _OF_RUN},
            "cases": len(cases),
            "attempts": {case.name: case.attempt for case in cases if case.attempt > 1},
        },
        "unit": {"software": software},
        "versions": {**(run.get("versions") or {}), "packed with headunit-hil": __version__},
        "vehicles": {
            car: {**dict(about), "databases": _databases(found, car)} for car, about in (run.get("cars") or {}).items()
        },
        "instruments": _instruments(found, run),
    }


def _databases(found: Gathered, car: str) -> dict[str, str]:
    """SHA-256 by file name."""
    files = {name: path for name, path in found.files.items() if name.startswith(f"vehicle/{car}/")}
    return {
        Path(name).name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in sorted(files.items())
        if name.endswith((".dbc", ".kcd", ".sym", ".arxml"))
    }


def _instruments(found: Gathered, run: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What stands behind each port of the rig, with the serial number its file names."""
    file = next(
        (path for name, path in found.files.items() if name.startswith("rig/") and name.endswith(".yaml")), None
    )
    if file is None:
        return []
    try:
        rig = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return []
    checked = _checked(found)
    told = []
    for port, settings in rig.items() if isinstance(rig, dict) else ():
        for place, one in _drivers(str(port), settings):
            names = {"port": place, "driver": str(one["driver"]), "serial": _text(one.get("serial"))}
            told.append({**names, "self_check": checked.get(place.replace(".", "/")) or checked.get(place)})
    real = [str(one["port"]) for one in told if one["serial"] is None]
    if run.get("clock") == "wall" and real:
        found.lacks("serial numbers of instruments", f"the rig file names none for {', '.join(real)}")
    return told


def _checked(found: Gathered) -> dict[str, str]:
    """What the rig's self-check found at each port, in its words."""
    file = next((path for name, path in found.files.items() if name.endswith(".check.json")), None)
    try:
        ports = json.loads(file.read_text(encoding="utf-8"))["ports"] if file else []
        return {str(one["port"]): f"{one['state']}: {one['said']}" for one in ports}
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def _drivers(place: str, settings: Any) -> list[tuple[str, dict[str, Any]]]:
    if isinstance(settings, dict):
        own = [(place, settings)] if "driver" in settings else []
        return own + [one for key, value in settings.items() for one in _drivers(f"{place}.{key}", value)]
    if isinstance(settings, list):
        return [one for value in settings for one in _drivers(place, value)]
    return []


def _text(value: Any) -> str | None:
    return None if value is None else str(value)

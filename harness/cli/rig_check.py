"""``hil rig check RIG``: each port in turn, the rig's own figures, kept beside the rig file with date and expiry."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from harness.cli.project import project_root
from harness.foundation.errors import BadInput
from harness.rig.probing.findings import Findings, Marker, Value
from harness.rig.probing.ports import Looked

GOOD, BAD_FILE, BLOCKED = 0, 2, 3
_WIDE = 18


def rig_check(name: str, *, vehicle: str, power: bool, days: int, as_json: bool) -> int:
    """Exit code 0: all is there and in order; 3: something is missing or wrong; 2: a wrong setting in the rig file.
    BadInput for a rig or car that cannot be read."""
    from harness.foundation.places import find
    from harness.rig.load import load_rig
    from harness.vehicle.load import load_vehicle

    if days < 1:
        raise BadInput("command line", None, f"--days {days}", "holds for no day", "Write 1 or more.")
    root = project_root(Path.cwd())
    file = load_rig(find("rigs", name, ".yaml", root))
    car = load_vehicle(find("dbc", vehicle or file.model.vehicle, project=root))
    if file.model.clock == "virtual":
        return _virtual(file.path, car, as_json)
    return _wall(file, car, power=power, days=days, as_json=as_json)


def _virtual(path: Path, car: Any, as_json: bool) -> int:
    from harness.rig.check import check_virtual

    lines = check_virtual(path, car)
    if as_json:
        print(json.dumps({"rig": path.name, "vehicle": car.id, "clock": "virtual", "good": True, "lines": lines}))
    else:
        print("\n".join(lines))
        print(f"{path.name}: good")
    return GOOD


def _wall(file: Any, car: Any, *, power: bool, days: int, as_json: bool) -> int:
    from harness.audio.calibration import later
    from harness.foundation.clock import civil_time
    from harness.rig.check import check_wall, describe
    from harness.rig.self_check import save

    if not as_json:
        print("\n".join(describe(file)), flush=True)

    def tell(one: Looked) -> None:
        _progress("")
        if not as_json:
            print(port_line(one), flush=True)

    findings, bad_file = check_wall(file, car, power=power, tell=tell, begin=_progress)
    _progress("")
    measured = civil_time()
    expires = later(measured[:10], days)
    kept = save(file.path, car.id, findings, measured, expires)
    if as_json:
        facts = {"rig": file.path.name, "vehicle": car.id, "clock": "wall", "good": not findings.wrong}
        print(json.dumps({**facts, "measured": measured, "expires": expires, **findings.as_json()}, ensure_ascii=False))
    else:
        print("\n".join(report(findings)))
        print("\n".join(conclusion(file.path.name, findings)))
        print(f"kept in {kept} until {expires}")
    return BAD_FILE if bad_file else BLOCKED if findings.wrong else GOOD


def _progress(what: str) -> None:
    """What is being looked at, on a terminal only; "" clears the line."""
    if sys.stderr.isatty():
        print(f"\r\033[K{f'looking at {what} ...' if what else ''}", end="", file=sys.stderr, flush=True)


def port_line(one: Looked) -> str:
    found = one.finding
    if found.state == "found":
        return f"{found.port:<{_WIDE}} found    {found.driver}{f' ({found.settings})' if found.settings else ''}"
    return f"{found.port:<{_WIDE}} {found.state:<8} {found.said}"


def report(findings: Findings) -> list[str]:
    """What was measured, line by line."""
    lines = ["", "measured:", *(value_line(value) for value in findings.values)]
    for event in findings.events:
        lines += ["", *event_lines(event)]
    if findings.no_event:
        lines += ["", findings.no_event]
    return lines


def value_line(value: Value) -> str:
    from harness.evidence.wording import show_value

    head = f"  {value.port:<{_WIDE}} {value.quantity:<28} "
    if value.value is None:
        return f"{head}not measured: {value.said}"
    within = ""
    if value.low is not None and value.high is not None:
        within = f" [{show_value(value.low, value.unit)} .. {show_value(value.high, value.unit)}]"
        if max(abs(value.low), abs(value.high)) > 1e3 * (value.high - value.low):
            within = f" +/- {show_value((value.high - value.low) / 2, value.unit)}"
    said = f"  ({value.said})" if value.said else ""
    return f"{head}{show_value(value.value, value.unit)}{within}{said}{'  WRONG' if value.wrong else ''}"


def event_lines(event: Marker) -> list[str]:
    lines = [f"event: {event.event}"]
    for seen in event.sightings:
        if seen.low is None or seen.high is None:
            lines.append(f"  {seen.source:<30} unseen: {seen.said}")
        else:
            said = f"  ({seen.said})" if seen.said else ""
            lines.append(
                f"  {seen.source:<30} {seen.relation:<8} {seen.low * 1000:+.1f} .. {seen.high * 1000:+.1f} ms{said}"
            )
    return [*lines, f"  {event.said}"] if event.said else lines


def conclusion(name: str, findings: Findings) -> list[str]:
    """Good, or what is not: ports by name (they were told above), the rest in full."""
    if not findings.wrong:
        return ["", f"{name}: good"]
    ports = [port for port in findings.ports if port.state != "found"]
    lines = [f"  {state}: {', '.join(p.port for p in ports if p.state == state)}" for state in ("missing", "wrong")]
    return [
        "",
        f"{name}: not in order",
        *(line for line in lines if not line.endswith(": ")),
        *(f"  {text}" for text in findings.wrong[len(ports) :]),
    ]

"""Each port of a rig in turn: opened, measured by itself, closed. One that fails does not stop the look at the others.

The ports are opened here and not in the keeper, because the keeper opens all of a rig or nothing. "missing" is what
could not be reached (no such device, nobody answers, a library is not there), "wrong" what is there and is not what
the rig file says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.foundation.clock import WallClock
from harness.foundation.errors import BadInput, HarnessError, NotOffered, RigFault, SeveralBadInputs
from harness.rig.addresses import fill
from harness.rig.drivers import Driver, Site, fit
from harness.rig.load import RigFile
from harness.rig.probing.findings import PortFinding, State, Value, decent, shown_settings

_NOT_THERE = (
    "does not open", "cannot be opened", "cannot be reached", "does not answer", "did not answer", "gives no picture",
    "no such", "is missing", "cannot be used", "needs the extra", "no device", "not found", "there is no",
    "Cannot find",
)  # fmt: skip


@dataclass(frozen=True)
class Looked:
    """What came of one port. ``bad_file``: the rig file itself is wrong there."""

    finding: PortFinding
    values: tuple[Value, ...]
    bad_file: bool = False


Measure = Callable[[str, Any, Mapping[str, object]], list[Value]]
"""(port's name, the open port, its settings) -> figures."""


def names(file: RigFile, buses: Mapping[str, object]) -> list[str]:
    """The ports a check looks at, as "can/body" or "supply", in the file's order."""
    return [port_name(room, name) for room, name in file.ports if room != "can" or name in buses]


def port_name(room: str, name: str) -> str:
    return f"{room}/{name}" if room == "can" else room


def look(
    file: RigFile,
    site: Site,
    addresses: Mapping[str, str] | None,
    plant_fault: str,
    measure: Mapping[str, Measure],
    before: Callable[[str], None] = lambda _: None,
) -> Iterator[Looked]:
    """One after another. ``addresses`` are the plant's, None when it could not be started (``plant_fault``);
    ``before`` is told the name of the port that is opened next."""
    for (room, name), (driver, settings) in file.ports.items():
        if room == "can" and name not in site.vehicle.buses:
            continue
        port = port_name(room, name)
        before(port)
        needs_plant = any(isinstance(v, str) and v.startswith("plant:") for v in settings.values())
        if needs_plant and addresses is None:
            yield _found(port, driver, settings, "missing", plant_fault)
            continue
        yield _one(port, name, driver, dict(settings), site, addresses or {}, measure.get(room))


def _one(
    port: str,
    name: str,
    driver: Driver,
    settings: dict[str, object],
    site: Site,
    addresses: Mapping[str, str],
    measure: Measure | None,
) -> Looked:
    opened: Any = None
    values: list[Value] = []
    try:
        filled = fill(settings, addresses)
        opened = fit(driver)(site, name, filled).port
        if isinstance(site.clock, WallClock):
            site.clock.run_until(site.clock.now())  # nothing that waited while it was opened is late
        values = measure(port, opened, filled) if measure is not None else []
        result = _found(port, driver, settings, "found", "", tuple(values))
    except Exception as why:  # noqa: BLE001 - whatever a port does, the others are looked at
        result = _failed(port, driver, settings, why)
    if opened is not None:
        try:
            opened.close()
        except Exception as why:  # noqa: BLE001 - likewise
            if result.finding.state == "found":
                result = _found(port, driver, settings, "wrong", f"it did not close: {why}", tuple(values))
    return result


def _failed(port: str, driver: Driver, settings: Mapping[str, object], why: Exception) -> Looked:
    bad_file = isinstance(why, BadInput | SeveralBadInputs) and "rig file" in str(why)
    if isinstance(why, RigFault | BadInput | SeveralBadInputs | NotOffered | ImportError | OSError):
        text = str(why) or type(why).__name__
    elif isinstance(why, HarnessError):
        text = f"{why} (a mistake of the driver or its settings)"
    else:
        text = f"{driver.where} broke off with {type(why).__name__}: {why}"
    state: State = "missing" if not bad_file and _not_there(why) else "wrong"
    return _found(port, driver, settings, state, text, (), bad_file)


def _not_there(why: BaseException) -> bool:
    """Whether something could not be reached, rather than being not what it should be."""
    if isinstance(why, ImportError | OSError):
        return True
    if not isinstance(why, RigFault):
        return False
    cause = why.__cause__
    foreign = cause is not None and not isinstance(cause, RigFault | BadInput | HarnessError)
    return foreign or any(word in str(why) for word in _NOT_THERE)


def _found(
    port: str,
    driver: Driver,
    settings: Mapping[str, object],
    state: State,
    said: str,
    values: tuple[Value, ...] = (),
    bad_file: bool = False,
) -> Looked:
    one_line = " ".join(decent(said).split())
    return Looked(PortFinding(port, driver.where, shown_settings(settings), state, one_line), values, bad_file)

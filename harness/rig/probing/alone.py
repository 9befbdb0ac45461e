"""What can be measured at one port by itself, without power on the unit and without the other ports."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from harness.can.database import Database
from harness.can.port import Frame, Heard
from harness.foundation.clock import Clock
from harness.foundation.errors import RigFault
from harness.foundation.units import MS, Ns, S, show_time
from harness.rig.adb import DEFAULT_SERVER, Device
from harness.rig.probing.findings import Value, not_measured
from harness.rig.probing.ports import Measure
from harness.rig.probing.sound import sound
from harness.vehicle.vehicle import Vehicle

ASKS = 7
TEST_FRAMES = 8
LISTEN: Ns = 500 * MS
HIGHEST = 0x6FF
"""Diagnostics begin above; an id as weak as this disturbs nobody."""


def measures(clock: Clock, vehicle: Vehicle) -> Mapping[str, Measure]:
    """By room."""
    databases = {f"can/{name}": bus.database for name, bus in vehicle.buses.items()}
    return {
        "can": partial(_can, clock, databases),
        "audio": partial(sound, clock),
        "supply": _supply,
        "console": partial(_console, clock),
        "screen": partial(_screen, clock),
        "phone": partial(_service, clock),
        "io": _lines,
    }


def free_id(database: Database) -> int:
    """The weakest standard id below diagnostics that no message of the car has."""
    return next(i for i in range(HIGHEST, -1, -1) if (i, False) not in database.messages)


def _can(
    clock: Clock, databases: Mapping[str, Database], port: str, can: Any, settings: Mapping[str, object]
) -> list[Value]:
    heard: list[Heard] = []
    can.listen(heard.append)
    frame = Frame(free_id(databases[port]), bytes(8))
    refused = ""
    for _ in range(TEST_FRAMES):
        try:
            can.send(frame)
        except RigFault as why:
            refused = str(why)
            break
        clock.run_until(clock.now() + 5 * MS)
    clock.run_until(clock.now() + 50 * MS)
    return [_offset(clock, port, can, refused)]


def _offset(clock: Clock, port: str, can: Any, refused: str) -> Value:
    """Bench time less the interface's clock, with its bounds."""
    quantity = "clock offset"
    source, known = getattr(can, "clock_source", None), getattr(can, "clock_map", None)
    if source is None or known is None:
        return not_measured(port, quantity, "this driver does not tell which clock its stamps come from")
    if source == "arrival":
        return not_measured(port, quantity, "the interface gives no stamps; frames are stamped when they arrive")
    now = clock.now()
    try:
        at_zero = known.stamp(0, now)
    except IndexError:
        why = refused or "no frame came, so its clock was not seen"
        return not_measured(port, quantity, f"{why}. With the unit powered there are frames: --power")
    said = f"against the {'clock of the day of this machine' if source == 'host' else 'clock of the interface'}"
    return Value(port, quantity, "s", at_zero.t / S, at_zero.early / S, at_zero.late / S, said)


def _supply(port: str, supply: Any, settings: Mapping[str, object]) -> list[Value]:
    reading = supply.read()
    age = (reading.stamp.late - reading.stamp.early) / S
    return [
        Value(port, "voltage found", "V", reading.volts, said="at the terminals, as the supply was found"),
        Value(port, "current found", "A", reading.amperes),
        Value(port, "width of a reading's stamp", "s", age, said="exchange, and the age of averaged values"),
    ]


def _console(clock: Clock, port: str, console: Any, settings: Mapping[str, object]) -> list[Value]:
    came: list[bytes] = []
    console.listen(lambda chunk: came.append(chunk.data))
    clock.run_until(clock.now() + LISTEN)
    count = sum(map(len, came))
    said = f"within {show_time(LISTEN)}, as the unit was found"
    return [Value(port, "bytes heard", "bytes", float(count), said=said)]


def _screen(clock: Clock, port: str, screen: Any, settings: Mapping[str, object]) -> list[Value]:
    url = getattr(screen, "url", None)
    if isinstance(url, str) and url.startswith("http") and not hasattr(screen, "quality"):
        return [_picture_clock(clock, port, url)]
    if not hasattr(screen, "grabbed"):
        return []
    first, began = screen.grabbed, clock.now()
    clock.run_until(began + 1 * S)
    rate = (screen.grabbed - first) / ((clock.now() - began) / S)
    fault = getattr(screen, "fault", None)
    return [Value(port, "pictures taken", "1/s", round(rate, 2), wrong=str(fault) if fault else "")]


def _picture_clock(clock: Clock, port: str, url: str) -> Value:
    from harness.screen.http_still import NOW

    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=2.0)

    def ask() -> Ns:
        connection.request("GET", "/screen.ppm?after=0&wait=0")
        answer = connection.getresponse()
        answer.read()
        return int(answer.headers[NOW])

    try:
        return _clock_of(clock, port, ask)
    except (OSError, http.client.HTTPException, TypeError, ValueError) as why:
        return not_measured(port, "clock offset", f"it was not told what time it is there: {why!r}")
    finally:
        connection.close()


def _service(clock: Clock, port: str, service: Any, settings: Mapping[str, object]) -> list[Value]:
    exchange = getattr(service, "exchange", None)
    if isinstance(accounts := settings.get("accounts"), list):
        _phones_are_there(clock, accounts, str(settings.get("server", DEFAULT_SERVER)))
    if exchange is None:
        return [not_measured(port, "clock offset", "this driver has no service with a clock of its own")]
    return [_clock_of(clock, port, lambda: int(exchange.call("accounts")[1]))]


def _phones_are_there(clock: Clock, accounts: list[Any], server: str) -> None:
    """Phones are taken when a scenario first wants them; here all are looked for. RigFault naming those that lack."""
    lacking = []
    for account in accounts:
        try:
            Device(clock, str(account["serial"]), server).check()
        except RigFault as why:
            lacking.append(str(why))
    if lacking:
        raise RigFault("cannot be reached: " + " / ".join(dict.fromkeys(lacking)))


def _clock_of(clock: Clock, port: str, ask: Any) -> Value:
    """Their clock less ours: what they say lies between asking and being answered; the narrowest of some exchanges."""
    best: tuple[Ns, Ns] | None = None
    for _ in range(ASKS):
        asked = clock.now()
        said = ask()
        answered = clock.now()
        low, high = said - answered, said - asked
        if best is None or high - low < best[1] - best[0]:
            best = low, high
    assert best is not None
    low, high = best
    apart = low > 0 or high < 0
    wrong = f"its clock is off by {show_time(min(abs(low), abs(high)))} at least" if apart else ""
    return Value(port, "clock offset", "s", (low + high) / 2 / S, low / S, high / S, f"{ASKS} exchanges", wrong)


def _lines(port: str, io: Any, settings: Mapping[str, object]) -> list[Value]:
    protocol = getattr(io, "_protocol", None)
    said = ", ".join(io.lines())
    if protocol is not None and protocol.ask is None:
        said += "; the board cannot tell its state and is believed"
    return [Value(port, "lines", "", float(len(io.lines())), said=said)]

"""NET, and what else the unit owes the car."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.can.port import Frame, Heard
from harness.can.protection import Protector
from harness.foundation.units import MS, S
from harness.headunit.blueprint import (
    Condition,
    Filter,
    every,
    once_after,
    set_figure,
    tap,
    together,
    while_in,
    wrap,
)
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.defects.filters import later_by, skipped
from harness.headunit.events.power import BusOff

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

LATE = 20 * MS
ROOM = 1.5
"""So much more than the car's own traffic a unit without reserve can take."""


def swallowed(frame: Frame, unit: HeadUnit) -> Frame | None:
    """Tap "can_out": the frame never leaves."""
    return None


def bus_of(frame: Frame, unit: HeadUnit) -> str | None:
    """The bus on which the unit sends a message of its own."""
    own = unit.vehicle.head_unit_nodes
    for name, bus in unit.vehicle.buses.items():
        message = bus.database.messages.get(frame.key)
        if message is not None and not own.isdisjoint(message.senders):
            return name
    return None


def delayed(frame: Frame, unit: HeadUnit) -> Frame | None:
    """Tap "can_out": a cyclic frame leaves late; what answers a tester does not."""
    bus = bus_of(frame, unit)
    if bus is None or not unit.vehicle.buses[bus].database.messages[frame.key].cycle:
        return frame
    port = unit.ends.can[bus]
    unit.quietly(f"late {frame.id}", unit.clock.now() + LATE, lambda: unit.telegrams.put(port, frame))
    return None


def protector_of(frame: Frame, unit: HeadUnit) -> Protector | None:
    bus = bus_of(frame, unit)
    if bus is None:
        return None
    message = unit.vehicle.buses[bus].database.messages[frame.key]
    protection = unit.vehicle.protection.get((bus, message.name))
    return None if protection is None else Protector(message, protection)


def wrong_sum(frame: Frame, unit: HeadUnit) -> Frame:
    """Tap "can_out": the checksum is wrong."""
    protector = protector_of(frame, unit)
    return frame if protector is None else frame._replace(data=protector.spoil(frame.data))


def counter_stands(frame: Frame, unit: HeadUnit) -> Frame:
    """Tap "can_out": the counter of the frame before, with the checksum that belongs to it."""
    protector = protector_of(frame, unit)
    if protector is None:
        return frame
    before = (protector.counter_of(frame.data) - 1) % protector.modulus
    return frame._replace(data=protector.apply(frame.data, before))


def repetitions_saved(each: int) -> Filter:
    """Tap "can_out": each ``each``-th repetition of a change is saved, the first one too; counters go on as if there
    were none."""

    def saved(frame: Frame, unit: HeadUnit) -> Frame | None:
        bus = bus_of(frame, unit)
        message = None if bus is None else unit.vehicle.buses[bus].database.messages[frame.key]
        if message is None or not message.fast_cycle or "change" not in message.send_type.lower():
            return frame
        protector, now = protector_of(frame, unit), unit.clock.now()
        content = frame.data if protector is None else protector.apply(frame.data, 0)
        known = unit.ram.more.setdefault("said once", {})
        said, since, count = known.get(frame.key, (b"", now, 0))
        if said != content:
            since = now
        elif 0 < now - since <= message.repetitions * message.fast_cycle and (now - since) % message.fast_cycle == 0:
            unit.counted["repetitions"] += 1
            if (unit.counted["repetitions"] - 1) % each == 0:
                return None
        known[frame.key] = content, since, count if protector is None else protector.next_counter(count)
        return frame if protector is None else frame._replace(data=protector.apply(frame.data, count))

    return saved


def disturbs(frame: Frame, unit: HeadUnit) -> Frame:
    """Tap "can_out": the unit's bit timing is off, and now and then a frame of its own is destroyed. Only a bus
    that can be disturbed shows it."""
    bus = bus_of(frame, unit)
    destroy = None if bus is None else getattr(getattr(unit.ends.can[bus], "bus", None), "destroy_next", None)
    if destroy is not None:
        unit.counted["frames since"] += 1
        if unit.counted["frames since"] % 40 == 0:
            destroy(frame.key)
    return frame


def counted(heard: Heard, unit: HeadUnit) -> Heard:
    """Tap "can_in": how many frames came in the tenth of a second before this one."""
    known, tenth = unit.ram.more, heard.t // (100 * MS)
    if known.get("tenth") != tenth:
        known["tenth"], known["came"], known["now"] = tenth, known.get("now", 0), 0
    known["now"] = known.get("now", 0) + 1
    return heard


def overrun(heard: Heard, unit: HeadUnit) -> Heard | None:
    """Tap "can_in": what comes beyond the room there is is lost."""
    counted(heard, unit)
    return heard if unit.ram.more["now"] <= room(unit) else None


def room(unit: HeadUnit) -> float:
    return ROOM * sum(unit.vehicle.frames_per_second().values()) / 10


BUSY = Condition(holds=lambda n, unit: unit.ram.more.get("came", 0) > room(unit))
"""While the buses carry far more than the car's own traffic; needs the tap ``counted``."""


def user_by_diagnostics(did: tuple[int, bytes], unit: HeadUnit) -> tuple[int, bytes]:
    identifier, value = did
    session = unit.flash.session
    if identifier == unit.vehicle.diagnostics.dids.get("last_user") and session is not None:
        return identifier, value + session.account.encode()
    return did


DEFECTS = (
    Defect(
        "net-01-frame-lost",
        "One in sixty-four of the unit's frames is missing.",
        ("NET-01",),
        tap("can_out", swallowed, when=every(64)),
        Kind.MISSING,
        hooks=("taps.can_out",),
    ),
    Defect(
        "net-01-frame-late",
        "One in sixteen of the unit's cyclic frames comes 20 ms late.",
        ("NET-01",),
        tap("can_out", delayed, when=every(16)),
        Kind.WRONG_TIME,
        hooks=("taps.can_out",),
    ),
    Defect(
        "net-01-counter-stands",
        "Now and then the alive counter stands still for a frame.",
        ("NET-01",),
        tap("can_out", counter_stands, when=every(50)),
        Kind.WRONG_VALUE,
        hooks=("taps.can_out",),
    ),
    Defect(
        "net-01-checksum-wrong",
        "Now and then a frame of the unit has a wrong checksum.",
        ("NET-01",),
        tap("can_out", wrong_sum, when=every(50)),
        Kind.WRONG_VALUE,
        hooks=("taps.can_out",),
    ),
    Defect(
        "net-01-silent-after-ignition-off",
        "With the ignition off the unit falls silent although the bus is awake.",
        ("NET-01",),
        tap("can_out", swallowed, when=while_in("power", "standby")),
        Kind.MISSING,
        hooks=("taps.can_out",),
    ),
    Defect(
        "net-01-change-said-once",
        "Now and then another unit misses that the head unit has changed its state, until the next cycle tells it.",
        ("NET-01",),
        tap("can_out", repetitions_saved(1)),
        Kind.MISSING,
        hooks=("taps.can_out",),
        needs=("head_unit.on_change",),
    ),
    Defect(
        "net-02-recovers-slowly",
        "After a short on the bus the unit is gone for seconds.",
        ("NET-02",),
        set_figure("bus_off_recovery", 2500 * MS),
        Kind.WRONG_TIME,
        hooks=("figures.bus_off_recovery",),
    ),
    Defect(
        "net-02-never-recovers",
        "After a short on the bus the unit stays silent until the next start.",
        ("NET-02",),
        set_figure("bus_off_recovery", 3600 * S),
        Kind.MISSING,
        hooks=("figures.bus_off_recovery",),
    ),
    Defect(
        "net-02-disturbs-after-bus-off",
        "Since the short the unit destroys a frame of its own now and then.",
        ("NET-02",),
        tap("can_out", disturbs, when=once_after(BusOff)),
        Kind.STATE_LEAK,
        hooks=("taps.can_out",),
    ),
    Defect(
        "net-03-loses-frames-under-load",
        "When the bus is full the button is not heard.",
        ("NET-03",),
        tap("can_in", overrun),
        Kind.RESOURCE,
        hooks=("taps.can_in",),
    ),
    Defect(
        "net-03-slow-under-load",
        "When the bus is full the button answers half a second late.",
        ("NET-03",),
        together(tap("can_in", counted), wrap("begin_press", later_by(500 * MS), when=BUSY)),
        Kind.RESOURCE,
        hooks=("taps.can_in", "wraps.begin_press"),
    ),
    Defect(
        "net-03-leaving-unnoticed-under-load",
        "When the bus is full nobody is logged out.",
        ("NET-03",),
        together(tap("can_in", counted), wrap("look_at_presence", skipped, when=BUSY)),
        Kind.RESOURCE,
        hooks=("taps.can_in", "wraps.look_at_presence"),
    ),
    Defect(
        "dia-01-never-matures",
        "No trouble code is ever stored.",
        ("DIA-01", "BTN-06", "BTN-07"),
        wrap("begin_maturing", skipped),
        Kind.MISSING,
        hooks=("wraps.begin_maturing",),
    ),
    Defect(
        "dia-03-account-readable",
        "Diagnostics tell the account that is logged in.",
        ("DIA-03", "QR-10"),
        tap("did", user_by_diagnostics),
        Kind.SECURITY,
        hooks=("taps.did",),
    ),
)

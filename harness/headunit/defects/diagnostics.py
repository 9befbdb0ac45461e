"""DIA, and the trouble codes of BTN: faults that a workshop would meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.can.port import Heard
from harness.diag import names as uds
from harness.foundation.units import MS, S
from harness.headunit.blueprint import Action, Wrapper, drop, row, set_figure, tap, wrap
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.dtc import SNAPSHOT
from harness.headunit.events.button import ButtonUp
from harness.headunit.events.event import Event
from harness.headunit.events.fault import FaultSeen
from harness.headunit.events.power import SupplyOn
from harness.headunit.events.session import SessionRevoked

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

Answered = tuple[bytes, bool, bytes | None]


def never_heals(*faults: str) -> Wrapper:
    """Round ``begin_healing``: these faults go on failing; none named: all."""

    def wrapper(unit: HeadUnit, event: Event, inner: Action) -> None:
        if faults and getattr(event, "fault", "") not in faults:
            inner(unit, event)

    return wrapper


def judged_although(wrong: Callable[[HeadUnit], bool]) -> Wrapper:
    """Round ``begin_maturing``: an enabling condition is not looked at."""

    def wrapper(unit: HeadUnit, event: Event, inner: Action) -> None:
        inner(unit, event)
        fault = event.fault  # type: ignore[attr-defined]
        if wrong(unit) and fault not in ("undervoltage", "overvoltage"):
            unit.later(f"hasty {fault}", unit.figures["dtc_maturing"], lambda u: u.act("fail_test", event))

    return wrapper


def pending_for_ever(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``new_cycle``: what was pending stays so."""
    before = {fault: bits & uds.PENDING for fault, bits in unit.flash.dtcs.items()}
    inner(unit, event)
    for fault, bit in before.items():
        unit.flash.dtcs[fault] = unit.flash.dtcs.get(fault, 0) | bit


def forgets_confirmed(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``pass_test``: a code that heals is not confirmed any more."""
    inner(unit, event)
    fault = event.fault  # type: ignore[attr-defined]
    if fault in unit.flash.dtcs:
        unit.flash.dtcs[fault] &= ~uds.CONFIRMED


def empty_snapshot(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``fail_test``: the snapshot has the right form, and nothing but zeros in it."""
    inner(unit, event)
    known, data = unit.vehicle.diagnostics.dids, unit.diagnostics.data
    dids = [known[name] for name in SNAPSHOT if name in known]
    empty = b"".join(did.to_bytes(2, "big") + bytes(len(data.value(did) or b"")) for did in dids)
    unit.flash.more["dtc_snapshots"][event.fault] = bytes((len(dids),)) + empty  # type: ignore[attr-defined]


def default_session_only(did: tuple[int, bytes], unit: HeadUnit) -> tuple[int, bytes]:
    known = unit.vehicle.diagnostics.dids
    return (did[0], b"\x01") if did[0] == known.get("active_session") else did


def functional_refused(answered: Answered, unit: HeadUnit) -> Answered:
    """Tap "uds": "not supported" is said to a functional request too."""
    request, functional, payload = answered
    if functional and payload is None and request[0] not in unit.figures["uds_services"]:
        return request, functional, bytes((uds.NEGATIVE, request[0], uds.NOT_SUPPORTED))
    return answered


def another_refusal(service: int, code: int, instead: int) -> Callable[[Answered, HeadUnit], Answered]:
    """Tap "uds": ``service`` refuses with ``instead`` where ``code`` belongs."""

    def changed(answered: Answered, unit: HeadUnit) -> Answered:
        request, functional, payload = answered
        if payload == bytes((uds.NEGATIVE, service, code)):
            return request, functional, bytes((uds.NEGATIVE, service, instead))
        return answered

    return changed


def never_silent(answered: Answered, unit: HeadUnit) -> Answered:
    """Tap "uds": who asks for silence gets his answer all the same."""
    request, functional, payload = answered
    if payload is None and not functional and request[0] == uds.SESSION_CONTROL:
        return request, functional, bytes((request[0] + uds.POSITIVE, request[1] & 0x7F))
    return answered


def any_session(answered: Answered, unit: HeadUnit) -> Answered:
    """Tap "uds": a session that is none is accepted."""
    request, functional, payload = answered
    if payload == bytes((uds.NEGATIVE, uds.SESSION_CONTROL, uds.NO_SUBFUNCTION)) and not functional:
        return request, functional, bytes((uds.SESSION_CONTROL + uds.POSITIVE, request[1] & 0x7F, 0, 50, 1, 244))
    return answered


def logs_out_the_driver(answered: Answered, unit: HeadUnit) -> Answered:
    """Tap "uds": whatever is not understood ends the session."""
    request, _, payload = answered
    if payload == bytes((uds.NEGATIVE, request[0], uds.NOT_SUPPORTED)):
        unit.later("confused", 100 * MS, lambda u: u.post(SessionRevoked()))
    return answered


def deaf_after_nonsense(heard: Heard, unit: HeadUnit) -> Heard | None:
    """Tap "can_in": a consecutive frame that nobody waited for stops the transport for good."""
    frame, asked = heard.frame, unit.vehicle.diagnostics.request
    if frame is None or frame.id != asked:
        return heard
    known = unit.ram.more
    if frame.data and frame.data[0] >> 4 == 2 and not known.get("receiving"):
        known["deaf"] = True
    known["receiving"] = bool(frame.data) and frame.data[0] >> 4 == 1
    return None if known.get("deaf") else heard


def forgets_wrong_keys(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``check_lock``: a start begins to count anew."""
    if isinstance(event, SupplyOn):
        unit.flash.more["security_wrong"] = 0
    inner(unit, event)


def contacts_when_unlocked(did: tuple[int, bytes], unit: HeadUnit) -> tuple[int, bytes]:
    """Tap "did": who has unlocked the unit reads more than its own data."""
    identifier, value = did
    if unit.diagnostics.security.level and identifier == unit.vehicle.diagnostics.dids.get("service_log"):
        return identifier, value + ",".join(unit.ram.user.contacts).encode("utf-16-le")
    return did


def stores_another_code(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``stick``: one fault, two codes."""
    inner(unit, event)
    other = next((name for name in unit.vehicle.diagnostics.dtcs if name != "button_stuck"), None)
    if other is not None:
        unit.act("fail_test", FaultSeen(other))


DEFECTS = (
    Defect(
        "dia-01-answers-late",
        "Some testers lose the unit: its answers take 70 ms.",
        ("DIA-01", "DIA-02"),
        set_figure("p2_server", 140 * MS),
        Kind.WRONG_TIME,
        hooks=("figures.p2_server",),
    ),
    Defect(
        "dia-01-serial-missing",
        "The workshop cannot read a serial number.",
        ("DIA-01",),
        set_figure("serial", ""),
        Kind.MISSING,
        hooks=("figures.serial",),
    ),
    Defect(
        "dia-01-session-not-told",
        "The active session reads as the default one, whatever the session is.",
        ("DIA-01",),
        tap("did", default_session_only),
        Kind.WRONG_VALUE,
        hooks=("taps.did",),
    ),
    Defect(
        "dia-01-session-never-ends",
        "A unit that a tester has left stays in its extended session.",
        ("DIA-01",),
        set_figure("s3_server", 600 * S),
        Kind.STATE_LEAK,
        hooks=("figures.s3_server",),
    ),
    Defect(
        "dia-01-pending-for-ever",
        "A code stays pending although the fault has not come back.",
        ("DIA-01",),
        wrap("new_cycle", pending_for_ever),
        Kind.STATE_LEAK,
        hooks=("wraps.new_cycle",),
    ),
    Defect(
        "dia-01-healing-forgets",
        "A fault that was there on the way to the workshop has left no confirmed code.",
        ("DIA-01", "BTN-05"),
        wrap("pass_test", forgets_confirmed),
        Kind.WRONG_VALUE,
        hooks=("wraps.pass_test",),
    ),
    Defect(
        "dia-01-never-heals",
        "A code goes on failing long after the fault has gone.",
        ("DIA-01", "BTN-05", "BTN-06", "BTN-07"),
        wrap("begin_healing", never_heals()),
        Kind.MISSING,
        hooks=("wraps.begin_healing",),
    ),
    Defect(
        "dia-01-code-at-low-voltage",
        "Every weak battery leaves a code of lost communication.",
        ("DIA-01", "PWR-01"),
        wrap("begin_maturing", judged_although(lambda unit: unit.ram.band != "normal")),
        Kind.MISSING,
        hooks=("wraps.begin_maturing",),
    ),
    Defect(
        "dia-01-code-after-ignition-off",
        "Whenever the car is parked a code of lost communication is stored.",
        ("DIA-01",),
        wrap("begin_maturing", judged_although(lambda unit: unit.states["power"] != "run")),
        Kind.MISSING,
        hooks=("wraps.begin_maturing",),
    ),
    Defect(
        "dia-01-code-while-recording-off",
        "Reprogramming another unit leaves codes in this one although recording was switched off.",
        ("DIA-01",),
        wrap("begin_maturing", judged_although(lambda unit: not unit.ram.more["dtc_setting"])),
        Kind.MISSING,
        hooks=("wraps.begin_maturing",),
    ),
    Defect(
        "dia-01-code-at-start",
        "A code is stored before the car has woken up altogether.",
        ("DIA-01",),
        set_figure("dtc_enable_delay", 200 * MS),
        Kind.WRONG_TIME,
        hooks=("figures.dtc_enable_delay",),
    ),
    Defect(
        "dia-01-snapshot-empty",
        "The snapshot of every code says 0 V.",
        ("DIA-01",),
        wrap("fail_test", empty_snapshot),
        Kind.WRONG_VALUE,
        hooks=("wraps.fail_test",),
    ),
    Defect(
        "dia-01-matures-slowly",
        "A code needs five seconds of fault.",
        ("DIA-01", "BTN-06", "BTN-07"),
        set_figure("dtc_maturing", 4500 * MS),
        Kind.WRONG_TIME,
        hooks=("figures.dtc_maturing",),
    ),
    Defect(
        "dia-02-speaks-when-all-are-asked",
        "When the tester asks all units something, this one fills the bus with refusals.",
        ("DIA-02",),
        tap("uds", functional_refused),
        Kind.MISSING,
        hooks=("taps.uds",),
    ),
    Defect(
        "dia-02-wrong-length-is-out-of-range",
        "A request that is cut short is refused for the wrong reason.",
        ("DIA-02",),
        tap("uds", another_refusal(uds.READ_DATA, uds.WRONG_LENGTH, uds.OUT_OF_RANGE)),
        Kind.WRONG_VALUE,
        hooks=("taps.uds",),
    ),
    Defect(
        "dia-02-key-without-seed",
        "A key that nobody asked for is refused as wrong instead of as out of order.",
        ("DIA-02",),
        tap("uds", another_refusal(uds.SECURITY_ACCESS, uds.WRONG_SEQUENCE, uds.INVALID_KEY)),
        Kind.WRONG_ORDER,
        hooks=("taps.uds",),
    ),
    Defect(
        "dia-02-never-silent",
        "Asked for silence, the unit answers.",
        ("DIA-02",),
        tap("uds", never_silent),
        Kind.MISSING,
        hooks=("taps.uds",),
    ),
    Defect(
        "dia-02-any-session",
        "The unit says yes to sessions it does not have.",
        ("DIA-02",),
        tap("uds", any_session),
        Kind.MISSING,
        hooks=("taps.uds",),
    ),
    Defect(
        "dia-02-logs-out",
        "A tester that probes for services logs the driver out.",
        ("DIA-02",),
        tap("uds", logs_out_the_driver),
        Kind.WRONG_VALUE,
        hooks=("taps.uds",),
    ),
    Defect(
        "dia-02-deaf-after-nonsense",
        "After one frame out of order the unit answers no tester until it is restarted.",
        ("DIA-02",),
        tap("can_in", deaf_after_nonsense),
        Kind.STATE_LEAK,
        hooks=("taps.can_in",),
    ),
    Defect(
        "dia-03-lock-opens-without-power",
        "Pulling the fuse gives three more keys.",
        ("DIA-03",),
        wrap("check_lock", forgets_wrong_keys),
        Kind.SECURITY,
        hooks=("wraps.check_lock",),
    ),
    Defect(
        "dia-03-delay-short",
        "After wrong keys the unit can be tried again at once.",
        ("DIA-03",),
        set_figure("security_delay", 2 * S),
        Kind.SECURITY,
        hooks=("figures.security_delay",),
    ),
    Defect(
        "dia-03-one-key-too-many",
        "The unit locks with the fourth wrong key.",
        ("DIA-03",),
        set_figure("security_attempts", 4),
        Kind.SECURITY,
        hooks=("figures.security_attempts",),
    ),
    Defect(
        "dia-03-contacts-when-unlocked",
        "Who has the workshop's key reads the driver's contacts.",
        ("DIA-03",),
        tap("did", contacts_when_unlocked),
        Kind.SECURITY,
        hooks=("taps.did",),
    ),
    Defect(
        "btn-05-release-is-a-press",
        "When the jammed button comes free, messaging opens.",
        ("BTN-05",),
        row("button", "stuck", ButtonUp, "pressed", "begin_press"),
        Kind.STATE_LEAK,
        hooks=("tables.button",),
    ),
    Defect(
        "btn-05-two-codes",
        "A jammed button leaves two codes, one of them for nothing.",
        ("BTN-05",),
        wrap("stick", stores_another_code),
        Kind.WRONG_VALUE,
        hooks=("wraps.stick",),
    ),
    Defect(
        "btn-05-code-stays",
        "The button's code goes on failing although it moves freely again.",
        ("BTN-05",),
        drop("button", "stuck", ButtonUp, "unstick"),
        Kind.MISSING,
        hooks=("tables.button",),
    ),
    Defect(
        "btn-06-code-never-heals",
        "The code of invalid wheel frames stays active although the frames are right again.",
        ("BTN-06",),
        wrap("begin_healing", never_heals("wheel_invalid")),
        Kind.MISSING,
        hooks=("wraps.begin_healing",),
    ),
    Defect(
        "btn-07-code-never-heals",
        "The code of the lost wheel stays active although the wheel is back.",
        ("BTN-07",),
        wrap("begin_healing", never_heals("wheel_communication")),
        Kind.MISSING,
        hooks=("wraps.begin_healing",),
    ),
)

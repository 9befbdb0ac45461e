"""DIA: faults of what the unit remembers and guards, as a workshop meets them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.diag import names as uds
from harness.headunit.blueprint import Action, Blueprint, Change, set_figure, tap, wrap
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.defects.diagnostics import never_heals
from harness.headunit.defects.filters import skipped
from harness.headunit.events.event import Event
from harness.headunit.events.power import SupplyOn
from harness.headunit.uds_data import ACCESS, Access
from harness.headunit.uds_security import key_for
from harness.headunit.uds_services import Handler, Rule

if TYPE_CHECKING:
    from harness.headunit.diagnostics import Diagnostics
    from harness.headunit.unit import HeadUnit

Answered = tuple[bytes, bool, bytes | None]


def service(number: int, changed: Callable[[Handler], Handler]) -> Change:
    """The handler of one service becomes another, made of the right one."""

    def change(base: Blueprint) -> Blueprint:
        services: dict[int, Rule] = base.figures["uds_services"]
        rule = services[number]
        new = {**services, number: replace(rule, handler=changed(rule.handler))}
        return replace(base, figures={**base.figures, "uds_services": new})

    return change


def old_keys_open(inner: Handler) -> Handler:
    def handler(server: Diagnostics, request: bytes) -> bytes | int:
        unit, security = server.unit, server.security
        seeds: list[bytes] = unit.ram.more.setdefault("seeds", [])
        level = (request[1] & 0x7F) - 1
        mask = int(unit.figures["security_mask"])
        if level % 2 and any(request[2:] == key_for(level, seed, mask) for seed in seeds):
            security.level = level
            return bytes((level + 1,))
        outcome = inner(server, request)
        if isinstance(outcome, bytes) and len(outcome) > 1:
            seeds.append(outcome[1:])
        return outcome

    return handler


def stays_open(inner: Handler) -> Handler:
    """Round session control: a new session leaves the security level as it was."""

    def handler(server: Diagnostics, request: bytes) -> bytes | int:
        level = server.security.level
        outcome = inner(server, request)
        server.security.level = level
        return outcome

    return handler


def while_moving(inner: Handler) -> Handler:
    """Round ECU reset: nobody looks whether the car stands."""

    def handler(server: Diagnostics, request: bytes) -> bytes | int:
        outcome = inner(server, request)
        if outcome == uds.CONDITIONS_NOT_CORRECT:
            server.restart_after_answer()
            return bytes((request[1] & 0x7F,))
        return outcome

    return handler


def keeps_snapshots(inner: Handler) -> Handler:
    def handler(server: Diagnostics, request: bytes) -> bytes | int:
        kept = dict(server.unit.flash.more["dtc_snapshots"])
        outcome = inner(server, request)
        server.unit.flash.more["dtc_snapshots"].update(kept)
        return outcome

    return handler


def clears_all(inner: Handler) -> Handler:
    def handler(server: Diagnostics, request: bytes) -> bytes | int:
        outcome = inner(server, request)
        return inner(server, request[:1] + b"\xff\xff\xff") if isinstance(outcome, bytes) else outcome

    return handler


def forgets_faults(inner: Handler) -> Handler:
    def handler(server: Diagnostics, request: bytes) -> bytes | int:
        server.unit.ram.more["dtc_present"].clear()
        return inner(server, request)

    return handler


def counts_none(answered: Answered, unit: HeadUnit) -> Answered:
    """Tap "uds": the number of trouble codes is told as none."""
    request, functional, payload = answered
    if payload is not None and payload[:2] == b"\x59\x01":
        return request, functional, payload[:4] + bytes(2)
    return answered


def at_start(part: str) -> Callable[[HeadUnit, Event, Action], None]:
    """Round ``check_lock``: a start finds ``part`` of the flash empty."""

    def wrapper(unit: HeadUnit, event: Event, inner: Action) -> None:
        if isinstance(event, SupplyOn):
            (unit.flash.dtcs if part == "dtcs" else unit.flash.more[part]).clear()
        inner(unit, event)

    return wrapper


def tested_untested(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``new_cycle``: every test counts as done at once."""
    inner(unit, event)
    unit.ram.more["dtc_tested"].update(unit.vehicle.diagnostics.dtcs)


def unnoticed(fault: str) -> Callable[[HeadUnit, Event, Action], None]:
    """Round ``begin_maturing``: nobody looks for this fault."""

    def wrapper(unit: HeadUnit, event: Event, inner: Action) -> None:
        if getattr(event, "fault", "") != fault:
            inner(unit, event)

    return wrapper


def answers_only(inner: Handler) -> Handler:
    """Round ECU reset: what was asked for is promised and not done."""

    def handler(server: Diagnostics, request: bytes) -> bytes | int:
        return bytes((request[1] & 0x7F,)) if len(request) == 2 else inner(server, request)

    return handler


def locks_again(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``check_lock``: a start does not know that the delay has been waited for."""
    known, most = unit.flash.more, unit.figures["security_attempts"]
    if isinstance(event, SupplyOn) and known["security_wrong"] >= most - 1:
        known["security_wrong"] = most
    inner(unit, event)


def never_programmed(inner: Handler) -> Handler:
    """Round session control: for the programming session the conditions are never right."""

    def handler(server: Diagnostics, request: bytes) -> bytes | int:
        return uds.CONDITIONS_NOT_CORRECT if request[1] & 0x7F == uds.PROGRAMMING else inner(server, request)

    return handler


def all_or_nothing(inner: Handler) -> Handler:
    """Round reading: with one identifier that the unit has not, it tells of none."""

    def handler(server: Diagnostics, request: bytes) -> bytes | int:
        asked = (int.from_bytes(request[n : n + 2]) for n in range(1, len(request) - 1, 2))
        unknown = len(request) % 2 and any(server.data.access(identifier) is None for identifier in asked)
        return uds.OUT_OF_RANGE if unknown else inner(server, request)

    return handler


def without_times(answered: Answered, unit: HeadUnit) -> Answered:
    """Tap "uds": who begins a session is not told how long to wait for an answer."""
    request, functional, payload = answered
    if payload is not None and payload[0] == uds.SESSION_CONTROL + uds.POSITIVE:
        return request, functional, payload[:2]
    return answered


DEFECTS = (
    Defect(
        "dia-03-old-key-opens",
        "A key that was overheard once opens the unit again.",
        ("DIA-03",),
        service(uds.SECURITY_ACCESS, old_keys_open),
        Kind.SECURITY,
        hooks=("figures.uds_services",),
    ),
    Defect(
        "dia-03-stays-open",
        "A unit that a workshop has unlocked stays so for whoever comes after it.",
        ("DIA-03",),
        service(uds.SESSION_CONTROL, stays_open),
        Kind.SECURITY,
        hooks=("figures.uds_services",),
    ),
    Defect(
        "dia-03-counts-for-ever",
        "A workshop that mistypes the key once a year is locked out in the third.",
        ("DIA-03",),
        wrap("forget_wrong_keys", skipped),
        Kind.STATE_LEAK,
        hooks=("wraps.forget_wrong_keys",),
    ),
    Defect(
        "dia-03-locks-again",
        "Whoever has waited for the lock to open finds it shut after the next start.",
        ("DIA-03",),
        wrap("check_lock", locks_again),
        Kind.STATE_LEAK,
        hooks=("wraps.check_lock",),
    ),
    Defect(
        "pwr-04-reset-does-nothing",
        "A reset by the tester is answered and nothing else: what hangs goes on hanging.",
        ("PWR-04",),
        service(uds.ECU_RESET, answers_only),
        Kind.MISSING,
        hooks=("figures.uds_services",),
    ),
    Defect(
        "dia-03-written-without-key",
        "Anybody with a tester can overwrite the workshop's entry.",
        ("DIA-03",),
        set_figure("did_access", {**ACCESS, "workshop": Access(write=frozenset({uds.EXTENDED}), length=8)}),
        Kind.SECURITY,
        hooks=("figures.did_access",),
    ),
    Defect(
        "dia-03-entry-lost",
        "The workshop's entry is gone when the battery has been off.",
        ("DIA-03",),
        wrap("check_lock", at_start("did_written")),
        Kind.STATE_LEAK,
        hooks=("wraps.check_lock",),
    ),
    Defect(
        "dia-02-reset-while-driving",
        "A diagnostic dongle can restart the unit on the motorway.",
        ("DIA-02",),
        service(uds.ECU_RESET, while_moving),
        Kind.MISSING,
        hooks=("figures.uds_services",),
    ),
    Defect(
        "dia-02-never-programmed",
        "The unit can be updated in no workshop: the car has to stand, it says, and the car stands.",
        ("DIA-02",),
        service(uds.SESSION_CONTROL, never_programmed),
        Kind.WRONG_VALUE,
        hooks=("figures.uds_services",),
    ),
    Defect(
        "dia-01-all-or-nothing",
        "A tester that asks for one identifier of a newer unit is told nothing at all.",
        ("DIA-01",),
        service(uds.READ_DATA, all_or_nothing),
        Kind.MISSING,
        hooks=("figures.uds_services",),
    ),
    Defect(
        "dia-01-times-not-told",
        "A tester gives the unit up too early, or waits for seconds, since it does not know how long to wait.",
        ("DIA-01",),
        tap("uds", without_times),
        Kind.MISSING,
        hooks=("taps.uds",),
    ),
    Defect(
        "dia-01-codes-lost-without-power",
        "Whoever disconnects the battery first finds no codes afterwards.",
        ("DIA-01",),
        wrap("check_lock", at_start("dtcs")),
        Kind.WRONG_VALUE,
        hooks=("wraps.check_lock",),
    ),
    Defect(
        "dia-01-counts-none",
        "A tester that first asks how many codes there are reads none of them.",
        ("DIA-01",),
        tap("uds", counts_none),
        Kind.WRONG_VALUE,
        hooks=("taps.uds",),
    ),
    Defect(
        "dia-01-snapshot-stays",
        "The snapshot of a code is that of a fault repaired years ago.",
        ("DIA-01",),
        service(uds.CLEAR_DTCS, keeps_snapshots),
        Kind.STATE_LEAK,
        hooks=("figures.uds_services",),
    ),
    Defect(
        "dia-01-clears-all",
        "A workshop that clears one code has lost all the others.",
        ("DIA-01",),
        service(uds.CLEAR_DTCS, clears_all),
        Kind.WRONG_VALUE,
        hooks=("figures.uds_services",),
    ),
    Defect(
        "dia-01-cleared-for-good",
        "A code that is cleared before the repair does not come back until the next start.",
        ("DIA-01",),
        service(uds.CLEAR_DTCS, forgets_faults),
        Kind.STATE_LEAK,
        hooks=("figures.uds_services",),
    ),
    Defect(
        "dia-01-matures-at-once",
        "Each flicker of the supply leaves a code.",
        ("DIA-01",),
        set_figure("dtc_maturing", 0),
        Kind.WRONG_TIME,
        hooks=("figures.dtc_maturing",),
    ),
    Defect(
        "dia-01-heals-at-once",
        "A loose contact is told as healed again and again.",
        ("DIA-01",),
        set_figure("dtc_healing", 0),
        Kind.WRONG_TIME,
        hooks=("figures.dtc_healing",),
    ),
    Defect(
        "dia-01-tested-untested",
        "Right after the ignition the unit says that every test has been done.",
        ("DIA-01",),
        wrap("new_cycle", tested_untested),
        Kind.WRONG_VALUE,
        hooks=("wraps.new_cycle",),
    ),
    Defect(
        "dia-01-bus-off-unnoticed",
        "A cable that chafes through now and then leaves no code.",
        ("DIA-01",),
        wrap("begin_maturing", unnoticed("bus_off")),
        Kind.MISSING,
        hooks=("wraps.begin_maturing",),
    ),
    Defect(
        "dia-01-bus-off-stays",
        "The code of a bus-off goes on failing although the bus has been repaired.",
        ("DIA-01",),
        wrap("begin_healing", never_heals("bus_off")),
        Kind.MISSING,
        hooks=("wraps.begin_healing",),
    ),
)

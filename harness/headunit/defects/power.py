"""PWR: faults that the battery, the starter and the first seconds bring out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.can.port import Heard
from harness.diag.names import is_network
from harness.foundation.units import MS, S
from harness.headunit.blueprint import Action, drop, once_after, row, set_figure, tap, wrap
from harness.headunit.defects.defect import Defect, Kind
from harness.headunit.defects.filters import later_by
from harness.headunit.events.event import Event
from harness.headunit.events.fault import FaultSeen
from harness.headunit.events.power import BusQuiet, VoltageHigh, VoltageLow

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

WAKES_EVERY, WAKES_FOR = 20 * S, 2 * S


def code_of_communication(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``see_undervoltage``: the dip is taken for a bus that has died."""
    inner(unit, event)
    network = next((name for name, code in unit.vehicle.diagnostics.dtcs.items() if is_network(code)), None)
    if network is not None:
        unit.act("fail_test", FaultSeen(network))


def wheel_unheard(heard: Heard, unit: HeadUnit) -> Heard | None:
    """Tap "can_in": the wheel's message is lost."""
    role = unit.vehicle.role("wheel.messaging")
    return None if heard.frame is not None and heard.frame.key == role.message.key else heard


def wakes_by_itself(unit: HeadUnit, event: Event, inner: Action) -> None:
    """Round ``rest``: from time to time something in the unit looks around."""
    inner(unit, event)

    def look(asleep: HeadUnit) -> None:
        if asleep.states.get("power") == "sleep":
            asleep.ends.supply.draw(float(asleep.figures["standby_current"]))
            asleep.later("doze", WAKES_FOR, doze)

    def doze(asleep: HeadUnit) -> None:
        if asleep.states.get("power") == "sleep":
            asleep.ends.supply.draw(float(asleep.figures["sleep_current"]))
            asleep.later("look", WAKES_EVERY, look)

    unit.later("look", WAKES_EVERY, look)


DEFECTS = (
    Defect(
        "pwr-01-resets-on-cranking",
        "Starting the engine restarts the unit.",
        ("PWR-01",),
        set_figure("voltage_reset", 8.5),
        Kind.WRONG_VALUE,
        hooks=("figures.voltage_reset",),
    ),
    Defect(
        "pwr-01-cranking-logs-out",
        "On cold mornings the driver has to log in again.",
        ("PWR-01", "PWR-02"),
        row("session", "active", VoltageLow, "erasing", "mark_leaving", "close_session", "start_erasing"),
        Kind.WRONG_VALUE,
        hooks=("tables.session",),
    ),
    Defect(
        "pwr-01-code-of-communication",
        "Each start of the engine leaves a code of lost communication.",
        ("PWR-01",),
        wrap("see_undervoltage", code_of_communication),
        Kind.MISSING,
        hooks=("wraps.see_undervoltage",),
    ),
    Defect(
        "pwr-02-low-range-too-wide",
        "Under-voltage is noticed a volt too late.",
        ("PWR-02",),
        set_figure("voltage_low", 8.55),
        Kind.WRONG_VALUE,
        hooks=("figures.voltage_low",),
    ),
    Defect(
        "pwr-02-high-range-too-narrow",
        "With a strong alternator the unit complains of over-voltage.",
        ("PWR-02",),
        set_figure("voltage_high", 15.55),
        Kind.WRONG_VALUE,
        hooks=("figures.voltage_high",),
    ),
    Defect(
        "pwr-02-starts-late",
        "With a weak battery the unit does not start at all.",
        ("PWR-02",),
        set_figure("voltage_off", 6.95),
        Kind.WRONG_VALUE,
        hooks=("figures.voltage_off",),
    ),
    Defect(
        "pwr-02-deaf-after-overvoltage",
        "After a jump start the steering-wheel button is dead until the next day.",
        ("PWR-02",),
        tap("can_in", wheel_unheard, when=once_after(VoltageHigh)),
        Kind.STATE_LEAK,
        hooks=("taps.can_in",),
    ),
    Defect(
        "pwr-03-thirsty-sleep",
        "The battery is flat after two weeks: the unit draws 40 mA asleep.",
        ("PWR-03", "BTN-09"),
        set_figure("sleep_current", 0.04),
        Kind.RESOURCE,
        hooks=("figures.sleep_current",),
    ),
    Defect(
        "pwr-03-thirsty-standby",
        "Whoever loads the car for an evening, ignition off, finds the battery flat.",
        ("PWR-03",),
        set_figure("standby_current", 0.9),
        Kind.RESOURCE,
        hooks=("figures.standby_current",),
    ),
    Defect(
        "pwr-03-thirsty-at-work",
        "On long drives in summer the fuse of the unit blows.",
        ("PWR-03",),
        set_figure("active_current", 3.6),
        Kind.RESOURCE,
        hooks=("figures.active_current",),
    ),
    Defect(
        "pwr-03-never-sleeps",
        "The parked car's screen is dark, but the unit never goes to sleep.",
        ("PWR-03",),
        drop("power", "standby", BusQuiet),
        Kind.RESOURCE,
        hooks=("tables.power",),
    ),
    Defect(
        "pwr-03-stays-up-long",
        "The unit keeps itself awake for minutes after the driver has gone.",
        ("PWR-03",),
        set_figure("post_run", 150 * S),
        Kind.RESOURCE,
        hooks=("figures.post_run",),
    ),
    Defect(
        "pwr-03-wakes-by-itself",
        "Every now and then the sleeping unit draws current for two seconds.",
        ("PWR-03",),
        wrap("rest", wakes_by_itself),
        Kind.RESOURCE,
        hooks=("wraps.rest",),
    ),
    Defect(
        "pwr-04-boots-slowly",
        "A cold start takes twelve seconds.",
        ("PWR-04", "QR-01"),
        set_figure("boot_cold", 12 * S),
        Kind.WRONG_TIME,
        hooks=("figures.boot_cold",),
    ),
    Defect(
        "pwr-04-resumes-slowly",
        "From sleep the unit starts as slowly as from nothing.",
        ("PWR-04", "QR-01"),
        set_figure("boot_resume", 6 * S),
        Kind.WRONG_TIME,
        hooks=("figures.boot_resume",),
    ),
    Defect(
        "pwr-04-session-late",
        "After a start it takes long until the driver's session is there again.",
        ("PWR-04",),
        wrap("restore_session", later_by(9500 * MS)),
        Kind.WRONG_TIME,
        hooks=("wraps.restore_session",),
    ),
)

"""PWR, NET, DIA: faults of the unit as a citizen of the car."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.can.port import Frame
from harness.headunit.blueprint import every, set_figure, tap, wrap
from harness.headunit.defects.defect import Defect
from harness.headunit.defects.filters import skipped

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit


def swallowed(frame: Frame, unit: HeadUnit) -> Frame | None:
    """Tap "can_out": the frame never leaves."""
    return None


def user_by_diagnostics(did: tuple[int, bytes], unit: HeadUnit) -> tuple[int, bytes]:
    identifier, value = did
    session = unit.flash.session
    if identifier == unit.vehicle.diagnostics.dids.get("last_user") and session is not None:
        return identifier, value + session.account.encode()
    return did


DEFECTS = (
    Defect(
        "pwr-03-thirsty-sleep",
        "The battery is flat after two weeks: the unit draws 40 mA asleep.",
        ("PWR-03", "BTN-09"),
        set_figure("sleep_current", 0.04),
    ),
    Defect(
        "pwr-01-resets-on-cranking",
        "Starting the engine restarts the unit.",
        ("PWR-01",),
        set_figure("voltage_reset", 8.5),
    ),
    Defect(
        "net-01-frame-lost",
        "One in sixty-four of the unit's frames is missing.",
        ("NET-01",),
        tap("can_out", swallowed, when=every(64)),
        "data",
    ),
    Defect(
        "dia-01-never-matures",
        "No trouble code is ever stored.",
        ("DIA-01", "BTN-06", "BTN-07"),
        wrap("begin_maturing", skipped),
    ),
    Defect(
        "dia-03-account-readable",
        "Diagnostics tell the account that is logged in.",
        ("DIA-03", "QR-10"),
        tap("did", user_by_diagnostics),
        "privacy",
    ),
)

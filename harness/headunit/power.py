"""Power: off, starting, running, post-run, asleep.

Theory. KL30 gives life (unit.py); KL15 or ACC asks the unit to run; the bus may keep it awake without asking for
anything. A first start loads everything, a start from sleep resumes. After ignition off the unit stays awake for its
post-run, to finish what it owes the driver, and then as long as others keep the bus awake; it casts no vote of its own
after the post-run. Asleep it hears only network management and the two lines: a wheel frame is not even looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.headunit.blueprint import Action, Table
from harness.headunit.events.event import Event
from harness.headunit.events.power import BootDone, BusAwake, BusQuiet, IgnitionOff, IgnitionOn, PostRunEnded, SupplyOn
from harness.headunit.events.session import SessionClosed

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

OFF, BOOT, RUN, POST_RUN, STANDBY, SLEEP = "off", "boot", "run", "post_run", "standby", "sleep"
DARK_BOOT = "dark_boot"

TABLE: Table = {
    (OFF, SupplyOn): (SLEEP, ("rest",)),
    (SLEEP, IgnitionOn): (BOOT, ("wake", "boot")),
    (SLEEP, BusAwake): (DARK_BOOT, ("wake", "boot")),
    (DARK_BOOT, IgnitionOn): (BOOT, ()),
    (DARK_BOOT, BootDone): (POST_RUN, ("booted", "start_post_run", "restore_session", "check_login")),
    (BOOT, BootDone): (RUN, ("booted", "restore_session", "check_login")),
    (BOOT, IgnitionOff): (DARK_BOOT, ()),
    (RUN, IgnitionOff): (POST_RUN, ("start_post_run", "check_login", "end_voice")),
    (POST_RUN, IgnitionOn): (RUN, ("stop_post_run", "restore_session", "check_login")),
    (POST_RUN, PostRunEnded): (STANDBY, ("check_sleep",)),
    (STANDBY, IgnitionOn): (RUN, ("restore_session", "check_login")),
    (STANDBY, BusQuiet): (SLEEP, ("rest",)),
    (STANDBY, SessionClosed): (STANDBY, ("check_sleep",)),
    (STANDBY, BusAwake): (STANDBY, ()),
}


def rest(unit: HeadUnit, event: Event) -> None:
    """Stop everything but the wake-up lines."""
    unit.log.line("power: sleep")
    unit.telegrams.sleep()
    unit.screens.sleep()
    unit.mouth.silence()
    unit.intake.sleep()
    unit.later("sleep_current", unit.figures["sleep_settle"], lambda u: u.ends.supply.draw(u.figures["sleep_current"]))


def wake(unit: HeadUnit, event: Event) -> None:
    unit.stop("sleep_current")
    unit.ends.supply.draw(float(unit.figures["active_current"]))
    unit.intake.wake()


def boot(unit: HeadUnit, event: Event) -> None:
    name = "boot_resume" if unit.ram.quick_boot else "boot_cold"
    unit.log.boot(name)
    unit.ram.lit_from = unit.clock.now() + unit.lasting(unit.figures["screen_wakes"])
    unit.later("talk", unit.figures["first_frame"], lambda u: u.telegrams.wake())
    unit.start("boot", unit.figures[name], BootDone())


def booted(unit: HeadUnit, event: Event) -> None:
    unit.ram.quick_boot = True
    unit.log.line("boot: done")
    unit.service.register()


def start_post_run(unit: HeadUnit, event: Event) -> None:
    unit.ends.supply.draw(float(unit.figures["standby_current"]))
    unit.start("post_run", unit.figures["post_run"], PostRunEnded())


def stop_post_run(unit: HeadUnit, event: Event) -> None:
    unit.ends.supply.draw(float(unit.figures["active_current"]))


def check_sleep(unit: HeadUnit, event: Event) -> None:
    """Nobody else keeps the bus awake: nothing will tell us so again."""
    if not unit.intake.bus_awake:
        unit.post(BusQuiet())


ACTIONS: dict[str, Action] = {
    "rest": rest,
    "wake": wake,
    "boot": boot,
    "booted": booted,
    "start_post_run": start_post_run,
    "stop_post_run": stop_post_run,
    "check_sleep": check_sleep,
}

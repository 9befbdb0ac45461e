"""Power: off, starting, running, post-run, asleep.

Theory. KL30 gives life (unit.py); KL15 or ACC asks the unit to run; the bus may keep it awake without asking for
anything. A first start loads everything, a start from sleep resumes. After ignition off the unit stays awake for its
post-run, to finish what it owes the driver, and then as long as others keep the bus awake; it casts no vote of its own
after the post-run. Asleep it hears only network management and the two lines: a wheel frame is not even looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.headunit import events as ev
from harness.headunit.blueprint import Action, Table

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

OFF, BOOT, RUN, POST_RUN, STANDBY, SLEEP = "off", "boot", "run", "post_run", "standby", "sleep"
DARK_BOOT = "dark_boot"
AWAKE = frozenset({BOOT, RUN, POST_RUN, STANDBY, DARK_BOOT})

TABLE: Table = {
    (OFF, ev.SupplyOn): (SLEEP, ("rest",)),
    (SLEEP, ev.IgnitionOn): (BOOT, ("wake", "boot")),
    (SLEEP, ev.BusAwake): (DARK_BOOT, ("wake", "boot")),
    (DARK_BOOT, ev.IgnitionOn): (BOOT, ()),
    (DARK_BOOT, ev.BootDone): (POST_RUN, ("booted", "start_post_run", "restore_session", "check_login")),
    (BOOT, ev.BootDone): (RUN, ("booted", "restore_session", "check_login")),
    (BOOT, ev.IgnitionOff): (DARK_BOOT, ()),
    (RUN, ev.IgnitionOff): (POST_RUN, ("start_post_run", "check_login", "end_voice")),
    (POST_RUN, ev.IgnitionOn): (RUN, ("stop_post_run", "restore_session", "check_login")),
    (POST_RUN, ev.PostRunEnded): (STANDBY, ("check_sleep",)),
    (STANDBY, ev.IgnitionOn): (RUN, ("restore_session", "check_login")),
    (STANDBY, ev.BusQuiet): (SLEEP, ("rest",)),
    (STANDBY, ev.SessionClosed): (STANDBY, ("check_sleep",)),
    (STANDBY, ev.BusAwake): (STANDBY, ()),
}


def rest(unit: HeadUnit, event: ev.Event) -> None:
    """Stop everything but the wake-up lines."""
    unit.log.line("power: sleep")
    unit.stop("post_run")
    unit.telegrams.sleep()
    unit.screens.sleep()
    unit.mouth.silence()
    unit.intake.sleep()
    unit.later("sleep_current", unit.figures["sleep_settle"], lambda u: u.ends.supply.draw(u.figures["sleep_current"]))


def wake(unit: HeadUnit, event: ev.Event) -> None:
    unit.stop("sleep_current")
    unit.ends.supply.draw(float(unit.figures["active_current"]))
    unit.intake.wake()


def boot(unit: HeadUnit, event: ev.Event) -> None:
    name = "boot_resume" if unit.ram.quick_boot else "boot_cold"
    unit.log.boot(name)
    unit.later("talk", unit.figures["first_frame"], lambda u: u.telegrams.wake())
    unit.start("boot", unit.figures[name], ev.BootDone())


def booted(unit: HeadUnit, event: ev.Event) -> None:
    unit.ram.quick_boot = True
    unit.ram.booted_at = unit.clock.now()
    unit.log.line("boot: done")
    unit.service.register()


def start_post_run(unit: HeadUnit, event: ev.Event) -> None:
    unit.ends.supply.draw(float(unit.figures["standby_current"]))
    unit.start("post_run", unit.figures["post_run"], ev.PostRunEnded())


def stop_post_run(unit: HeadUnit, event: ev.Event) -> None:
    unit.ends.supply.draw(float(unit.figures["active_current"]))
    unit.stop("post_run")


def check_sleep(unit: HeadUnit, event: ev.Event) -> None:
    """Nobody else keeps the bus awake: nothing will tell us so again."""
    if not unit.intake.bus_awake:
        unit.post(ev.BusQuiet())


ACTIONS: dict[str, Action] = {
    "rest": rest,
    "wake": wake,
    "boot": boot,
    "booted": booted,
    "start_post_run": start_post_run,
    "stop_post_run": stop_post_run,
    "check_sleep": check_sleep,
}

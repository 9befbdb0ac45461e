"""Changes change what they name, and refuse what is not there."""

from __future__ import annotations

import pytest

from harness.foundation.errors import HarnessError
from harness.headunit.blueprint import (
    after,
    apply,
    differing,
    drop,
    every,
    gesture,
    once_after,
    row,
    scale_figure,
    set_figure,
    tap,
    wrap,
)  # fmt: skip
from harness.headunit.diagram import mermaid
from harness.headunit.events.driver import DriverLeft
from harness.headunit.events.gesture import HangUp, Listen, Undo
from harness.headunit.events.login import CodeArrived
from harness.headunit.events.power import BootDone
from harness.headunit.nominal import base_blueprint


@pytest.fixture
def base(gs4):
    return base_blueprint(gs4)


def test_the_cars_figures_go_over_the_units_own(base, gs4):
    assert base.figures["boot_cold"] == gs4.unit["boot_cold"]
    assert base.figures["voltage_reset"] == 6.0


def test_a_figure_is_set_and_the_base_stays_as_it_was(base):
    before = base.figures["long_press"]
    assert apply(base, set_figure("long_press", 7)).figures["long_press"] == 7
    assert base.figures["long_press"] == before


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (set_figure("long_pres", 1), "long_press"),
        (row("voise", "idle", Listen, "listening"), "voice"),
        (row("voice", "idel", Listen, "listening"), "idle"),
        (row("voice", "idle", Listen, "listening", "chyme"), "chime"),
        (drop("voice", "idle", HangUp), "HangUp"),
        (drop("voice", "listening", Undo, "end_tone"), "end_tone"),
        (wrap("erase_user_dat", lambda unit, event, inner: None), "erase_user_data"),
        (tap("can_inn", lambda value, unit: value), "can_in"),
        (gesture("idel", "press", "listen@press"), "idle"),
    ],
)
def test_what_the_unit_does_not_have_is_refused_by_name(base, change, named):
    with pytest.raises(HarnessError, match=named):
        apply(base, change)


def test_dropping_an_action_keeps_the_row(base):
    changed = apply(base, drop("session", "active", DriverLeft, "start_confirm_timer"))
    assert changed.tables["session"][("active", DriverLeft)] == ("leaving", ("mark_leaving",))


def test_differing_names_the_hooks(base):
    changed = apply(base, set_figure("theme", 9), tap("ear", lambda s, unit: s))
    assert differing(base, changed) == {"figures.theme", "taps.ear"}
    assert differing(base, base) == frozenset()


def test_conditions_begin_when_they_say(make):
    seen = []

    def note(name):
        return lambda line, unit: seen.append((name, line)) or line

    car = make(
        tap("log_line", note("every"), when=every(3)),
        tap("log_line", note("after"), when=after(2)),
        tap("log_line", note("once"), when=once_after(BootDone)),
    )
    car.power()
    for n in range(6):
        car.unit.log.line(f"line {n}")
    mine = [(name, line) for name, line in seen if line.startswith("line")]
    assert len([m for m in mine if m[0] == "every"]) == 2
    assert mine
    assert not [m for m in mine if m[0] == "once"]
    car.start()
    assert [m for m in seen if m[0] == "once"]


@pytest.mark.parametrize(("kept", "remembers"), [("ram", False), ("flash", True)])
def test_losing_kl30_forgets_a_condition_in_ram_only(make, kept, remembers):
    seen = []
    car = make(tap("log_line", lambda line, unit: seen.append(line) or line, when=once_after(CodeArrived, kept)))
    car.start()
    car.supply.output(False)
    car.run(10_000_000)
    seen.clear()
    car.supply.output(True)
    car.run(1_000_000_000)
    assert bool(seen) is remembers


def test_every_machine_can_be_drawn(base):
    for table in base.tables:
        drawn = mermaid(base, table)
        assert drawn.startswith("stateDiagram-v2\n    [*] --> ")
        assert drawn.count("-->") > 1
    assert "leaving --> active: DriverBack" in mermaid(base, "session")


def test_a_figure_is_scaled_from_the_cars_own_and_keeps_its_kind(base):
    changed = apply(base, scale_figure("long_press", 1.15), scale_figure("sleep_current", 2.0))
    assert changed.figures["long_press"] == 920_000_000
    assert isinstance(changed.figures["long_press"], int)
    assert changed.figures["sleep_current"] == pytest.approx(0.004)
    with pytest.raises(HarnessError, match="long_press"):
        apply(base, scale_figure("long_pres", 1.1))

"""Right units that are not alike."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.signals import sine
from harness.foundation.units import MS, S
from harness.headunit.blueprint import apply, differing, set_figure, together
from harness.headunit.nominal import base_blueprint
from harness.headunit.sampling import stretched
from harness.headunit.variants import fitted, surroundings, variant
from harness.headunit.variants.start import FRAMES, SCREEN

SEEDS = range(40)


def test_a_variant_is_a_function_of_its_seed(gs4):
    base = base_blueprint(gs4)
    one, same, other = (apply(base, variant(seed)) for seed in (4, 4, 5))
    assert one.figures == same.figures
    assert one.figures != other.figures
    assert len(differing(base, one)) > 30
    assert surroundings(4) == surroundings(4) != surroundings(5)
    assert fitted(gs4, 4).sounds == fitted(gs4, 4).sounds


def test_the_family_is_wide(gs4):
    """Each property takes values on both sides of what the car's own unit has."""
    base = base_blueprint(gs4)
    units = [apply(base, variant(seed)).figures for seed in SEEDS]
    around = [surroundings(seed) for seed in SEEDS]
    for quartz in ("clock_drift", "sample_drift"):
        drifts = [unit[quartz] for unit in units]
        assert min(drifts) < -50
        assert max(drifts) > 50
    assert {unit["voice_codec"] for unit in units} == {"opus", "amr-nb"} == {a.phone_codec for a in around}
    resumed = [tuple(sorted((u[FRAMES], u[SCREEN], u["boot_resume"]))) for u in units]
    orders = {
        tuple(which.index(u[n]) for n in (FRAMES, SCREEN, "boot_resume"))
        for which, u in zip(resumed, units, strict=True)
    }
    assert len(orders) >= 4
    assert len({a.neighbours for a in around}) >= 4
    assert max(a.slower for a in around) > 60 * MS
    assert len({fitted(gs4, seed).sounds["chime"] for seed in SEEDS}) >= 5


def test_without_a_seed_the_car_is_as_it_was(gs4):
    assert fitted(gs4, None) is gs4


@pytest.mark.parametrize("seed", range(5))
def test_variants_stay_within_the_requirements(make, seed):
    car = make(variant(seed))
    car.power()
    car.ignition(True)
    code = car.until(lambda: car.state("session") == "code_shown", 10 * S)
    assert code <= 9 * S
    car.run(300 * MS)
    car.scan_and_confirm()
    began = car.press()
    car.run(300 * MS)
    listening = next(t for t, s in car.history("head_unit.app") if s == "listening")
    assert listening - began <= 245 * MS
    assert not car.audio.heard("amp.front_left", began, began + 245 * MS).silent
    assert [p.stamp.t for p in car.screen.frames(began, began + 245 * MS)][1:]
    car.run(150 * MS)
    car.say(1.0)
    ended = car.clock.now() + 1 * S
    car.until(lambda: car.state("voice") != "listening", 5 * S)
    assert 1.7 * S <= car.clock.now() - ended <= 2.6 * S
    car.until(lambda: len(car.contact.inbox()) == 1, 2 * S)
    car.leave()
    left = car.clock.now()
    assert car.until(lambda: car.said("head_unit.session") == "logged_out", 5 * S) - left <= 4900 * MS


def test_a_fast_quartz_shortens_what_is_timed(make):
    """A code is replaced 100 ppm of its time sooner or later."""
    shown = []
    for drift in (-100.0, 0.0, 100.0):
        car = make(together(set_figure("clock_drift", drift), set_figure("code_validity", 100 * S)))
        car.power()
        car.ignition(True)
        car.until(lambda: car.state("session") == "code_shown", 10 * S)  # noqa: B023
        first, began = car.unit.ram.code, car.clock.now()
        car.until(lambda: car.unit.ram.code != first, 110 * S)  # noqa: B023
        shown.append(car.clock.now() - began)
    assert shown[0] - shown[1] == pytest.approx(-97e-4 * S, abs=3 * MS)
    assert shown[2] - shown[1] == pytest.approx(97e-4 * S, abs=3 * MS)


def test_a_late_screen_stays_dark_and_then_shows_what_is_in_front(make):
    car = make(together(set_figure("screen_wakes", 9 * S)))
    car.power()
    car.ignition(True)
    car.run(8 * S)
    assert car.unit.screens.shown == "off"
    car.run(2 * S)
    assert car.unit.screens.shown == "code"


@pytest.mark.parametrize("ppm", [-90.0, 0.0, 90.0])
def test_stretching_changes_the_length_and_nothing_else(ppm):
    tone = sine(1000.0, 2.0, -20.0, 48_000)
    out = stretched(tone, ppm)
    assert len(out) == round(len(tone) * (1 + ppm * 1e-6))
    t = np.arange(len(out)) / 48_000 / (1 + ppm * 1e-6)
    x = out.astype(float)
    fit = 2 * np.hypot(np.mean(x * np.sin(2000 * np.pi * t)), np.mean(x * np.cos(2000 * np.pi * t)))
    assert np.std(x) * np.sqrt(2) == pytest.approx(fit, rel=1e-3)
    assert np.std(x) == pytest.approx(np.std(tone.astype(float)), rel=2e-3)

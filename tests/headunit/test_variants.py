"""Right units that are not alike."""

from __future__ import annotations

import pytest

from harness.foundation.units import MS, S
from harness.headunit.blueprint import apply, differing
from harness.headunit.nominal import base_blueprint
from harness.headunit.variants import variant


def test_a_variant_is_a_function_of_its_seed(gs4):
    base = base_blueprint(gs4)
    one, same, other = (apply(base, variant(seed)) for seed in (4, 4, 5))
    assert one.figures == same.figures
    assert one.figures != other.figures
    assert len(differing(base, one)) > 30


@pytest.mark.parametrize("seed", range(8))
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

"""How far a picture of the code may be spoiled: as a measurement, undecided before the screen was seen."""

from __future__ import annotations

import io

import numpy as np
import segno
from PIL import Image

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement, Verdict
from harness.judging.cameras import bears
from harness.judging.decision import decide
from harness.judging.observation import Undecided

AT, ANY = Stamp.exact(2 * S), Limit("1", low=1.0)


def page(scale: int) -> np.ndarray:
    out = io.BytesIO()
    segno.make("https://login.example.invalid/c/ABC", error="m", micro=False).save(out, kind="png", scale=scale)
    picture = Image.new("RGB", (640, 480), (20, 24, 30))
    picture.paste(Image.open(out).convert("RGB"), (80, 40))
    return np.array(picture, dtype=np.uint8)


def test_a_code_bears_so_much_and_the_answer_depends_on_the_seed_alone(tape) -> None:
    tape.show(page(8), 1 * S)
    question = bears("blur", 7, AT)
    assert isinstance(tape.ask(question, ANY, 0), Undecided)
    tape.clock.run_until(2 * S + 100 * MS)
    first, again = tape.ask(question, ANY, 0), tape.ask(bears("blur", 7, AT), ANY, 0)
    assert isinstance(first, Measurement)
    assert first == again
    assert first.quantity == "bears_blur"
    assert first.value.value >= 2.0
    assert "not read at" in first.detail
    fails = float(first.detail.rpartition("not read at ")[2])
    assert first.value.low == first.value.value < first.value.high < fails
    assert decide(first, Limit("1", low=fails))[0] is Verdict.FAIL
    assert decide(first, Limit("1", low=(first.value.value + fails) / 2))[0] is Verdict.INCONCLUSIVE


def test_without_a_code_there_is_nothing_to_bear(tape) -> None:
    tape.show(np.zeros((480, 640, 3), np.uint8), 1 * S)
    tape.clock.run_until(3 * S)
    assert tape.ask(bears("low light", 1, AT), ANY, 0).value == Interval.exact(0.0)


def test_a_code_that_not_even_the_mildest_leaves_readable_bears_less_than_that(tape) -> None:
    tape.show(page(1), 1 * S)
    tape.clock.run_until(3 * S)
    found = tape.ask(bears("glare", 1, AT), ANY, 0)
    assert isinstance(found, Measurement)
    assert found.detail == "code read up to 0 % of the code's area of glare, not read at 1"
    assert found.value.low == found.value.value == 0.0
    assert 0.99 < found.value.high < 1.0
    assert decide(found, ANY)[0] is Verdict.FAIL

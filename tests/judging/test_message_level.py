"""The level of a message against what was said: silence around it changes nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harness.audio.port import MICROPHONE, RATE
from harness.audio.rates import to_rate
from harness.audio.stimuli import Library
from harness.foundation.stamps import Stamp
from harness.foundation.units import S
from harness.foundation.values import Limit
from harness.judging.voice import JUDGED_RATE, Said, level_change


@pytest.mark.parametrize("tail", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("gain", [0.0, -6.0])
def test_a_message_with_silence_around_it_is_as_loud_as_without(tape, tail: float, gain: float) -> None:
    """P.56 counts 200 ms of hangover behind the last word; where a recording ends at once there are none."""
    spoken = Library.load(Path(__file__).parents[2] / "scenarios" / "stimuli").get("on_my_way.zh").samples
    heard = np.rint(to_rate(spoken, RATE, JUDGED_RATE) * 10 ** (gain / 20)).astype(np.int16)
    silence = np.zeros(round(tail * JUDGED_RATE), np.int16)
    end = 1 * S + len(spoken) * S // RATE
    tape.play(MICROPHONE, spoken, 1 * S)
    tape.delivers("contact", 5 * S, samples=np.concatenate([silence, heard, silence]), rate=JUDGED_RATE)
    tape.clock.run_until(6 * S)
    said = Said(MICROPHONE, Stamp.exact(1 * S), Stamp.exact(end), "on_my_way.zh")
    found = tape.ask(level_change("contact", "m0", said), Limit("dB", low=-1.0, high=1.0), 0)
    assert found.value.value == pytest.approx(gain, abs=0.05)

"""The memory lines keep the audio contract."""

from __future__ import annotations

import pytest

from harness.audio import memory
from harness.contracts.audio import AudioContract, AudioEnds
from harness.foundation.clock import VirtualClock


@pytest.fixture
def ends() -> AudioEnds:
    clock = VirtualClock()
    return AudioEnds(clock, *memory.pair(clock))


class TestMemoryAudio(AudioContract):
    pass

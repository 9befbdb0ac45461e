"""The ring holds the newest frames by their running index and says what is gone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audio.ring import Lost, Ring


def counted(first: int, count: int) -> np.ndarray:
    """Two channels: the index, and its opposite."""
    index = np.arange(first, first + count, dtype=np.int64)
    return np.stack((index, -index), axis=1).astype(np.int16)


@settings(deadline=None, max_examples=60)
@given(st.integers(10, 200), st.lists(st.integers(1, 10), max_size=80), st.data())
def test_what_is_still_held_is_read_back_and_the_rest_is_refused(frames: int, blocks: list[int], data: st.DataObject):
    ring = Ring(frames, 2)
    for size in blocks:
        ring.write(counted(ring.written, size))
    assert ring.written == sum(blocks)
    start = data.draw(st.integers(0, ring.written))
    stop = data.draw(st.integers(start, ring.written))
    if start < ring.written - frames:
        with pytest.raises(Lost):
            ring.read(0, start, stop)
    else:
        assert np.array_equal(ring.read(0, start, stop), np.arange(start, stop))
        assert np.array_equal(ring.read(1, start, stop), -np.arange(start, stop))


def test_the_future_is_refused() -> None:
    ring = Ring(100, 2)
    ring.write(counted(0, 10))
    with pytest.raises(Lost):
        ring.read(0, 5, 11)


def test_a_copy_is_not_touched_by_what_comes_later() -> None:
    ring = Ring(10, 2)
    ring.write(counted(0, 10))
    held = ring.read(0, 0, 10)
    ring.write(counted(10, 10))
    assert np.array_equal(held, np.arange(10))


def test_it_can_live_in_a_file(tmp_path: Path) -> None:
    ring = Ring(100, 2, tmp_path / "ring")
    ring.write(counted(0, 30))
    assert (tmp_path / "ring").stat().st_size == 400
    assert np.array_equal(ring.read(0, 10, 20), np.arange(10, 20))

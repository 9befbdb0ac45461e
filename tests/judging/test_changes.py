"""Whether what is sent on change is repeated as often as the database says."""

from __future__ import annotations

import pytest

from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.judging.changes import changes_repeated

UNTIL = 3 * S
LIMIT = Limit("%", low=100.0)
MESSAGE = "HU_ClusterMsg"  # on change and every 500 ms, three repetitions 50 ms apart, unprotected


@pytest.fixture
def cluster(tape):
    """``said(t, content)``: one frame of the message."""
    bus = tape.vehicle.buses["infotainment"]
    message = next(m for m in bus.database.messages.values() if m.name == MESSAGE)

    def said(t: int, content: int) -> None:
        tape.bytes_on("infotainment", message.key, bytes([content]) + message.start_data()[1:], t)

    return said


def share(answer: Measurement) -> float:
    assert answer.value is not None
    return answer.value.value


def measured(tape) -> Measurement:
    tape.clock.run_until(UNTIL + S)
    answer = tape.ask(changes_repeated(Stamp.exact(0), UNTIL), LIMIT, 0)
    assert isinstance(answer, Measurement)
    return answer


def test_a_change_with_its_repetitions_is_whole(tape, cluster) -> None:
    for t, content in ((100, 1), (600, 1), (700, 2), (750, 2), (800, 2), (850, 2), (1100, 2), (1600, 2)):
        cluster(t * MS, content)
    assert share(measured(tape)) == 100.0


def test_a_repetition_that_is_missing_counts(tape, cluster) -> None:
    """Of three repetitions the second never came."""
    for t, content in ((100, 1), (600, 1), (700, 2), (750, 2), (850, 2), (1100, 2), (1600, 2)):
        cluster(t * MS, content)
    answer = measured(tape)
    assert answer.value.value == pytest.approx(200 / 3)
    assert "2 of 3" in answer.detail
    assert "800" in answer.detail


def test_a_change_that_is_said_with_the_beat_only_is_not_repeated(tape, cluster) -> None:
    for t, content in ((100, 1), (600, 1), (1100, 2), (1600, 2)):
        cluster(t * MS, content)
    assert measured(tape).value.value == 0.0


def test_the_next_change_ends_what_the_last_one_owes(tape, cluster) -> None:
    for t, content in ((100, 1), (600, 2), (650, 2), (690, 3), (740, 3), (790, 3), (840, 3), (1190, 3)):
        cluster(t * MS, content)
    answer = measured(tape)
    assert share(answer) == 100.0
    assert "4 of 4" in answer.detail


def test_what_the_window_cuts_off_is_not_owed(tape, cluster) -> None:
    for t, content in ((100, 1), (2900, 2), (2950, 2)):
        cluster(t * MS, content)
    answer = measured(tape)
    assert share(answer) == 100.0
    assert "1 of 1" in answer.detail


def test_where_nothing_changes_there_is_no_share(tape, cluster) -> None:
    for t in (100, 600, 1100):
        cluster(t * MS, 1)
    answer = measured(tape)
    assert answer.value is None, "a share of nothing is none"
    assert "nothing sent on change" in answer.detail

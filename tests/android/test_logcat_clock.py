"""A device's clock on the bench line: the bounds hold the truth, and a clock that was set is found out."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.console.device_clock import DRIFT_PPM, DeviceClock
from harness.console.resume import Resume, device_time
from harness.foundation.units import MS, S

EPOCH = 1_700_000_000 * S


@settings(deadline=None, max_examples=60)
@given(
    ppm=st.floats(-DRIFT_PPM * 0.9, DRIFT_PPM * 0.9),
    delays=st.lists(st.tuples(st.integers(1, 400), st.floats(0, 1)), min_size=1, max_size=8),
    later=st.integers(0, 60),
)
def test_the_stamp_holds_the_truth_however_slow_and_lopsided_the_exchanges(
    ppm: float, delays: list[tuple[int, float]], later: int
) -> None:
    def device(bench: int) -> int:
        return EPOCH + bench + round(bench * ppm / 1e6)

    clock, now = DeviceClock(), 0
    for width, where in delays:
        answered = now + width * MS
        clock.exchange(now, device(now + round(width * MS * where)), answered)
        now = answered + 5 * S
    assert clock.steps == 0
    truth = now + later * S
    said = device(truth) // 1000 * 1000
    stamp = clock.stamp(said, 1000, truth + 50 * MS)
    assert stamp is not None
    assert stamp.early <= truth <= stamp.late


def test_a_clock_that_was_set_counts_and_only_the_new_exchange_holds() -> None:
    clock = DeviceClock()
    clock.exchange(0, EPOCH, 10 * MS)
    clock.exchange(S, EPOCH + 3600 * S, S + 10 * MS)
    assert clock.steps == 1
    stamp = clock.stamp(EPOCH + 3600 * S, 1, S)
    assert stamp is not None
    assert S - MS <= stamp.early <= stamp.late <= S + 11 * MS


def test_without_an_exchange_nothing_is_known() -> None:
    assert DeviceClock().stamp(EPOCH, 1, 0) is None


def line(when: float, words: str) -> bytes:
    return f"{int(when):>19}.{round(when % 1 * 1e6):06}  1  1 I Tag: {words}\n".encode()


def test_times_are_read_as_logcat_prints_them() -> None:
    assert device_time(b"         1700000000.123456  1234  1234 I Tag     : x\n") == (EPOCH + 123_456_000, 1000)
    assert device_time(b"1700000000.123 1 1 I x\n") == (EPOCH + 123 * MS, MS)
    for other in (b"--------- beginning of main\n", b"", b"12.5 x\n", b"\xff\xfe"):
        assert device_time(other) == (0, 0)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=20), st.integers(0, 19), st.integers(0, 30))
def test_a_log_cut_anywhere_goes_on_where_it_was(steps: list[int], lines_heard: int, bytes_more: int) -> None:
    """Times repeat (steps of 0): all lines of the last time are asked for again."""
    when, log = 1_700_000_000, []
    for number, step in enumerate(steps):
        when += step
        log.append(line(when, f"line {number}"))
    heard = log[: min(lines_heard, len(log)) or 1]
    piece = log[len(heard)][:bytes_more] if len(heard) < len(log) else b""
    resume, got = Resume(0), b""
    for one in [*heard, *([piece] if piece else [])]:
        resume.took(one)
        got += one
    resume.again()
    for one in (x for x in log if device_time(x)[0] >= resume.when):
        fresh = resume.fresh(one)
        got += fresh
        if fresh == one:
            resume.took(one)
    # a piece too short to hold its time cannot be known again: it is there twice, never missing
    known = not piece or device_time(piece)[0] == device_time(log[len(heard)])[0]
    assert not resume.lost
    if known:
        assert got == b"".join(log)


def test_a_later_line_first_is_a_loss() -> None:
    resume = Resume(0)
    resume.took(line(1_700_000_000, "a"))
    resume.again()
    assert resume.pending
    assert resume.fresh(line(1_700_000_005, "z")) == line(1_700_000_005, "z")
    assert (resume.lost, resume.pending) == (True, False)


def test_without_a_line_nobody_can_tell() -> None:
    resume = Resume(0)
    resume.again()
    assert resume.lost

"""The gaps between the beats of one message, found among its frames: each as (value, low, high, at) in ms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest

from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit
from harness.judging.cyclic import Own, checksum_errors, counter_errors, gaps, own_messages, within_cycle

EVEN = range(100, 2000, 200)
"""Beats of a message of 200 ms, from 100 to 1900 ms."""
ANY = Limit("%", low=99.0)


@pytest.fixture
def own(tape) -> Callable[[str], Own]:
    return lambda name: next(o for o in own_messages(tape) if o.message.name == name)


@pytest.fixture
def found(tape, own):
    """``found("HU_Display", times)``: the gaps from 0 to 2 s with frames at these ms."""

    def ask(name: str, times: Iterable[float], start: int = 0, stop: int = 2000) -> list[tuple[float, ...]]:
        mine = own(name)
        for t in times:
            tape.bytes_on(mine.bus, mine.message.key, mine.message.start_data(), round(t * MS))
        tape.clock.run_until(10 * S)
        return [tuple(x / MS for x in gap) for gap in gaps(tape, mine, start * MS, stop * MS)]

    return ask


def even(*beats: float) -> list[tuple[float, ...]]:
    """What gaps look like from beat to beat."""
    return [(b - a, b - a, b - a, b) for a, b in pairwise(beats)]


def without(*places: int) -> list[int]:
    return [t for n, t in enumerate(EVEN) if n not in places]


def whole(gap: float, at: float) -> tuple[float, ...]:
    return gap, gap, gap, at


ROWS: dict[str, tuple[str, list[float], list[tuple[float, ...]]]] = {
    "an even beat": ("HU_Display", [*EVEN], even(*EVEN)),
    "never a frame": ("HU_Display", [], [whole(2000, 2000)]),
    "one frame in the middle": ("HU_Display", [1000], [whole(1000, 1000), whole(1000, 2000)]),
    "a start that is late by half a cycle": ("HU_Display", [*range(300, 2000, 200)], even(*range(300, 2000, 200))),
    "a start later than that": (
        "HU_Display", [*range(301, 2000, 200)], [whole(301, 301), *even(*range(301, 2000, 200))],
    ),
    "an end that is early by half a cycle": ("HU_Display", [*range(100, 1701, 200)], even(*range(100, 1701, 200))),
    "an end earlier than that": (
        "HU_Display", [*range(99, 1700, 200)], [*even(*range(99, 1700, 200)), whole(301, 2000)],
    ),
    "a beat that is missing": ("HU_Display", without(4), even(*without(4))),
    "three beats that are missing": ("HU_Display", without(4, 5, 6), even(*without(4, 5, 6))),
    "a beat half a cycle late": ("HU_Display", [*EVEN[:5], 1200, *EVEN[6:]], even(*EVEN[:5], 1200, *EVEN[6:])),
    "a beat half a cycle early": ("HU_Display", [*EVEN[:5], 1000, *EVEN[6:]], even(*EVEN[:5], 1000, *EVEN[6:])),
    "a frame for no reason": (
        "HU_Display", [*EVEN, 960], [*even(*EVEN[:5]), whole(200, 1100), whole(0, 960), *even(*EVEN[5:])],
    ),
    "two frames for no reason": (
        "HU_Display", [*EVEN, 940, 960],
        [*even(*EVEN[:5]), whole(200, 1100), whole(0, 940), whole(0, 960), *even(*EVEN[5:])],
    ),
    "the nearer of two is the beat": (
        "HU_Display", [*EVEN, 1101], [*even(*EVEN[:6]), *even(*EVEN[5:7]), whole(0, 1101), *even(*EVEN[6:])],
    ),
    "the later of two is the nearer": (
        "HU_Display", [*EVEN[:5], 1095, 1101, *EVEN[6:]],
        [*even(*EVEN[:5], 1101), whole(0, 1095), *even(1101, *EVEN[6:])],
    ),
    "the first frame is no beat": ("HU_Display", [60, *EVEN], even(*EVEN)),
    "the first beat is the one that most follow": (
        "HU_Display", [60, 100, 255, *EVEN[1:]], [whole(200, 300), whole(0, 255), *even(*EVEN[1:])],
    ),
    "a beat may come a tenth of a cycle late to be followed": (
        "HU_Display", [60, 100, *range(320, 2000, 200)], even(100, *range(320, 2000, 200)),
    ),
    "a beat that comes later than that is not followed": (
        "HU_Display", [60, 100, *range(321, 2000, 200)],
        [whole(261, 321), whole(0, 100), *even(*range(321, 2000, 200))],
    ),
    "nobody votes": ("NM_HU", [], []),
    "a vote that begins late and ends early": ("NM_HU", [900, 1400], even(900, 1400)),
    "a vote that pauses is no gap": ("NM_HU", [100, 600, 2601, 3101], [*even(100, 600), *even(2601, 3101)]),
    "a vote that is late is one": ("NM_HU", [100, 600, 2600, 3100], even(100, 600, 2600, 3100)),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_what_is_a_gap(found, name: str) -> None:
    message, times, gaps_ = ROWS[name]
    assert found(message, times, stop=3200 if message == "NM_HU" else 2000) == gaps_


def test_a_gap_is_as_wide_as_the_stamps_allow(make_tape) -> None:
    tape = make_tape(spread=3 * MS)
    mine = next(o for o in own_messages(tape) if o.message.name == "HU_Display")
    for t in (100, 300):
        tape.bytes_on(mine.bus, mine.message.key, mine.message.start_data(), t * MS)
    tape.clock.run_until(2 * S)
    assert list(gaps(tape, mine, 0, 400 * MS)) == [(200 * MS, 194 * MS, 206 * MS, 300 * MS)]


def test_which_messages_are_the_units_own(tape, own) -> None:
    found = [(o.bus, o.message.name, o.cycle // MS, o.may_rest, o.moving) for o in own_messages(tape)]
    assert found == [
        ("infotainment", "HU_Status", 100, False, ("HU_StatusCnt", "HU_StatusCRC")),
        ("infotainment", "HU_Display", 200, False, ()),
        ("infotainment", "HU_AudioReq", 100, False, ()),
        ("infotainment", "HU_ClusterMsg", 500, False, ()),
        ("infotainment", "NM_HU", 500, True, ()),
    ]


@pytest.fixture
def plays(tape, own):
    """Even beats of all own messages from 0 to 4 s; ``late`` ms by which the 5th of HU_Display comes late."""

    def send(late: float = 0.0, vote: bool = True) -> None:
        for mine in own_messages(tape):
            if mine.may_rest and not vote:
                continue
            for n, t in enumerate(range(10 * MS, 4 * S, mine.cycle)):
                off = round(late * MS) if n == 5 and mine.message.name == "HU_Display" else 0
                tape.bytes_on(mine.bus, mine.message.key, mine.message.start_data(), t + off)
        tape.clock.run_until(5 * S)

    return send


@pytest.mark.parametrize(
    ("late", "share", "inside"),
    [(0, 0.1, 19), (20, 0.1, 19), (20.001, 0.1, 17), (-20, 0.1, 19), (-20.001, 0.1, 17), (60, 0.3, 19),
     (60.001, 0.3, 17)],
)  # fmt: skip
def test_a_gap_at_the_edge_of_the_share_is_within(tape, plays, late: float, share: float, inside: int) -> None:
    plays(late)
    found = tape.ask(within_cycle(share, Stamp.exact(0), 4 * S), ANY, 0)
    assert found.value.value == pytest.approx(100 * inside / 19)


def test_the_message_that_keeps_it_worst_is_told_and_one_that_rests_keeps_it(tape, plays) -> None:
    plays(50, vote=False)
    found = tape.ask(within_cycle(0.1, Stamp.exact(0), 4 * S), ANY, 0)
    assert found.detail == ("infotainment/HU_Display: 17 of 19 gaps within 10 % of 0.200 s; worst 0.250 s at 1.060 s")
    assert found.refs == ({"track": "can/infotainment", "t": 1060 * MS},)


def test_all_are_within_where_all_keep_it(tape, plays) -> None:
    plays()
    found = tape.ask(within_cycle(0.1, Stamp.exact(0), 4 * S), ANY, 0)
    assert found.value == (100.0, 100.0, 100.0)


def test_stamps_that_are_not_exact_leave_some_gaps_open(make_tape) -> None:
    """At 18 ms of 20 a gap is surely within only when its stamps are known to a millisecond."""
    tape = make_tape(spread=2 * MS)
    for mine in own_messages(tape):
        for n, t in enumerate(range(10 * MS, 4 * S, mine.cycle)):
            off = {5: 18 * MS, 10: 22 * MS}.get(n, 0) if mine.message.name == "HU_Display" else 0
            tape.bytes_on(mine.bus, mine.message.key, mine.message.start_data(), t + off)
    tape.clock.run_until(5 * S)
    found = tape.ask(within_cycle(0.1, Stamp.exact(0), 4 * S), ANY, 0)
    assert tuple(found.value) == pytest.approx((100 * 17 / 19, 100 * 15 / 19, 100.0))


@pytest.mark.parametrize("question", [counter_errors, checksum_errors])
def test_a_window_without_frames_has_no_errors(tape, question) -> None:
    tape.clock.run_until(5 * S)
    found = tape.ask(question(Stamp.exact(0), 4 * S), ANY, 0)
    assert found.value == (0, 0, 0)
    assert found.detail.startswith("HU_Status: 0 frames, every ")


def test_it_is_undecided_until_the_last_bus_was_seen(make_tape) -> None:
    from harness.judging.observation import Undecided

    tape = make_tape(lag={"can/body": 1})
    tape.clock.run_until(4 * S)
    assert tape.ask(within_cycle(0.1, Stamp.exact(0), 4 * S), ANY, 0) == Undecided(4 * S)
    tape.clock.run_until(4 * S + 1)
    assert tape.ask(within_cycle(0.1, Stamp.exact(0), 4 * S), ANY, 0) != Undecided(4 * S)

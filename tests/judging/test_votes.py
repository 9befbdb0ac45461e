"""The unit's own network management: whether it votes, what its votes ask, and whom they call the one who woke."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, S
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Undecided
from harness.judging.votes import asks_nothing, first_votes, keeps_voting, tells_who_woke
from harness.vehicle.load import load_vehicle

ROOT = Path(__file__).parents[2]
START, UNTIL = Stamp.exact(0), 10 * S
LIMIT = Limit("1", high=0.0)
PLAIN = "1A 00 00 00 00 00 00 00"


@pytest.fixture
def gkui(tape):
    """A tape of the car whose nodes vote by CanNm PDUs; its head unit is node 1A, with a PDU each 400 ms."""
    return type(tape)(load_vehicle(ROOT / "dbc" / "gkui"), tape.clock, book=tape.book)


def votes(on, *times: int, data: str = PLAIN) -> None:
    role = on.vehicle.role("network.head_unit")
    for t in times:
        on.bytes_on(role.bus, role.message.key, bytes.fromhex(data), t)


def measured(on, observation) -> Measurement:
    on.clock.run_until(UNTIL + S)
    answer = on.ask(observation, LIMIT, 0)
    assert isinstance(answer, Measurement)
    return answer


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (PLAIN, False),
        ("1A 10 00 00 00 00 00 00", False),  # that it has woken the bus is no request
        ("1A 01 00 00 00 00 00 00", True),
        ("1A 08 00 00 00 00 00 00", True),
        ("1B 00 00 00 00 00 00 00", True),
        ("1A 00 02 00 00 00 00 00", True),
    ],
)
def test_whatever_a_pdu_says_beside_its_node_is_a_request(gkui, data, wrong) -> None:
    votes(gkui, 1 * S)
    votes(gkui, 2 * S, data=data)
    found = measured(gkui, asks_nothing(START, UNTIL))
    assert found.value is not None
    assert found.value.value == wrong


def test_where_votes_are_no_pdus_no_bit_is_free(tape) -> None:
    plain = tape.vehicle.role("network.head_unit").message.start_data()
    votes(tape, 1 * S, data=plain.hex())
    votes(tape, 2 * S, 3 * S, data=(plain[:1] + bytes((plain[1] ^ 0x10,)) + plain[2:]).hex())
    found = measured(tape, asks_nothing(START, UNTIL))
    assert found.value is not None
    assert found.value.value == 2
    assert "2 of 3 NM_HU say what nobody needs" in found.detail


@pytest.mark.parametrize(("itself", "wrong"), [(True, 1), (False, 2)])
def test_the_bit_that_tells_who_woke_is_counted_where_it_is_wrong(gkui, itself, wrong) -> None:
    votes(gkui, 1 * S, 2 * S, data="1A 10 00 00 00 00 00 00")
    votes(gkui, 3 * S, data="1A EF 00 00 00 00 00 00")
    found = measured(gkui, tells_who_woke(itself, START, UNTIL))
    assert found.value is not None
    assert found.value.value == wrong


@pytest.mark.parametrize("question", [asks_nothing(START, UNTIL), tells_who_woke(True, START, UNTIL)])
def test_who_never_votes_says_nothing_right(gkui, question) -> None:
    found = measured(gkui, question)
    assert found.value is None
    assert found.detail == "no NM_IHU was sent"


def test_first_votes_are_told_from_the_first_after_the_instant_to_the_last_of_so_many(gkui) -> None:
    votes(gkui, 500 * MS, 1 * S, 1020 * MS, 1050 * MS, 1100 * MS, 3 * S)
    found = measured(gkui, first_votes(4, Stamp.exact(800 * MS), UNTIL))
    assert found.value is not None
    assert found.value.value == pytest.approx(0.1)


@pytest.mark.parametrize("times", [(), (1 * S, 2 * S, 3 * S)])
def test_fewer_votes_than_are_asked_for_have_no_time(gkui, times) -> None:
    votes(gkui, *times)
    found = measured(gkui, first_votes(4, START, UNTIL))
    assert found.value is None
    assert found.detail == f"{len(times)} of 4 NM_IHU were sent"


def test_a_vote_each_cycle_is_all_that_is_asked(gkui) -> None:
    votes(gkui, *range(0, UNTIL + 1, 400 * MS))
    found = measured(gkui, keeps_voting(START, UNTIL))
    assert found.value is not None
    assert found.value.value == 100.0


@pytest.mark.parametrize(
    "times", [(), range(0, 6 * S, 400 * MS), (*range(0, 4 * S, 400 * MS), *range(6 * S, UNTIL, 400 * MS))]
)
def test_silence_is_a_gap_where_the_bus_is_needed(gkui, times) -> None:
    votes(gkui, *times)
    found = measured(gkui, keeps_voting(START, UNTIL))
    assert found.value is not None
    assert found.value.value < 100.0


@pytest.mark.parametrize(
    "question",
    [
        keeps_voting(START, UNTIL),
        asks_nothing(START, UNTIL),
        tells_who_woke(True, START, UNTIL),
        first_votes(1, START, UNTIL),
    ],
)
def test_nothing_is_said_of_votes_still_to_come(gkui, question) -> None:
    votes(gkui, 1 * S)
    gkui.clock.run_until(UNTIL - 1)
    assert gkui.ask(question, LIMIT, 0) == Undecided(UNTIL)
    gkui.clock.run_until(UNTIL)
    assert isinstance(gkui.ask(question, LIMIT, 0), Measurement)

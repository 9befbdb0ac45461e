"""Relay boards: their words byte for byte, and what happens when they fail."""

from __future__ import annotations

from typing import Any

import pytest

from harness.foundation.clock import VirtualClock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.units import MS, S
from harness.io.relay import DEVANTECH, LCUS, NUMATO, RelayBoard


def test_the_words_are_those_of_the_manuals() -> None:
    assert LCUS.command(1, True) == bytes.fromhex("A00101A2")
    assert LCUS.command(1, False) == bytes.fromhex("A00100A1")
    assert LCUS.command(2, True) == bytes.fromhex("A00201A3")
    assert NUMATO.command(0, True) == b"relay on 0\r"
    assert NUMATO.command(12, False) == b"relay off C\r"
    assert (DEVANTECH.command(1, True), DEVANTECH.command(8, False)) == (b"\x65", b"\x76")


@pytest.mark.parametrize(
    ("answer", "level"),
    [
        (b"relay read 0\n\ron\n\r>", True),
        (b"relay read 0\n\roff\n\r>", False),
        (b"relay read 0\n\r>", None),
        (b">", None),
    ],
)
def test_numatos_answer_is_read_behind_its_echo(answer: bytes, level: bool | None) -> None:
    assert NUMATO.means(0, answer) is level


def test_all_lines_are_off_once_it_is_open(make_board: Any) -> None:
    board = make_board("numato", {"KL15": 0, "ACC": 1})
    board.on = {0: True, 1: True, 2: True}
    port = RelayBoard(VirtualClock(), board.url, NUMATO, board.channels)
    assert board.on == {0: False, 1: False, 2: True}
    port.close()


def test_a_line_on_the_opening_contact_is_switched_the_other_way(make_board: Any) -> None:
    board = make_board("devantech", {"KL15": 1, "ACC": 2})
    port = RelayBoard(VirtualClock(), board.url, DEVANTECH, board.channels, inverted=["ACC"])
    assert board.on == {2: True}
    port.set("ACC", True)
    assert board.on == {2: False}
    port.close()


def test_a_relay_that_does_not_move_is_a_fault(make_board: Any) -> None:
    board = make_board("numato", {"KL15": 0})
    port = RelayBoard(VirtualClock(), board.url, NUMATO, board.channels)
    board.stuck = True
    with pytest.raises(RigFault, match="KL15"):
        port.set("KL15", True)
    port.close()


def test_a_board_that_forgot_its_relays_is_found_within_a_second(make_board: Any) -> None:
    clock = VirtualClock()
    board = make_board("devantech", {"KL15": 1})
    port = RelayBoard(clock, board.url, DEVANTECH, board.channels)
    port.set("KL15", True)
    clock.run_until(500 * MS)
    board.on = {}
    with pytest.raises(RigFault, match="not where it was switched to"):
        clock.run_until(2 * S)
    assert port.seen_to() <= 1 * S
    port.close()


def test_a_mute_board_is_a_fault_in_bounded_time(make_board: Any) -> None:
    board = make_board("numato", {"KL15": 0})
    port = RelayBoard(VirtualClock(), board.url, NUMATO, board.channels, timeout=100 * MS)
    board.mute = True
    with pytest.raises(RigFault, match="no whole answer"):
        port.set("KL15", True)
    port.close()


def test_a_pulled_board_is_a_fault(make_board: Any) -> None:
    board = make_board("lcus", {"KL15": 1})
    port = RelayBoard(VirtualClock(), board.url, LCUS, board.channels)
    board.unplug()
    with pytest.raises(RigFault, match="could not be sent"):
        port.set("KL15", True)
    assert port.fault is not None


@pytest.mark.parametrize("channels", [{"KL99": 1}, {"KL15": 0}, {"KL15": 17}])
def test_a_line_or_channel_that_does_not_exist_is_a_misuse(channels: dict[str, int]) -> None:
    with pytest.raises(HarnessError):
        RelayBoard(VirtualClock(), "loop://", LCUS, channels)


def test_a_board_that_is_not_there_is_a_fault_with_a_remedy() -> None:
    with pytest.raises(RigFault, match="list_ports"):
        RelayBoard(VirtualClock(), "/dev/ttyNOT-THERE", LCUS, {"KL15": 1})

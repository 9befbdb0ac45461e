"""ISO-TP: what the standard says of each frame and time-out, and can-isotp as the other end."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.diag import isotp_frames as pci
from harness.diag.isotp import Begun, Fault, Message, Send, Sent, Settings, Transport
from harness.foundation.errors import HarnessError
from harness.foundation.units import MS, US, S


def talk(payload: bytes, here: Settings, there: Settings, *, reserved: int | None = None) -> tuple[list, list, int]:
    """One message over an ideal wire of 1 ms a frame: what both ends were told, and how many frames it took."""
    one, two = Transport(here), Transport(there)
    told: tuple[list, list] = ([], [])
    now, frames = 0, 0
    queue = [(0, a) for a in one.send(payload, 0)]
    for _ in count():
        if not queue:
            due = [t for t in (one.due, two.due) if t is not None]
            if not due or min(due) > 60 * S:
                return told[0], told[1], frames
            now = max(now, min(due))
            queue += [(0, a) for a in one.elapse(now)] + [(1, a) for a in two.elapse(now)]
            continue
        who, action = queue.pop(0)
        if not isinstance(action, Send):
            told[who].append(action)
            continue
        frames += 1
        now += MS
        mine, other = (one, two) if who == 0 else (two, one)
        queue += [(who, a) for a in mine.confirm(action.data, now)]
        queue += [(1 - who, a) for a in other.take(action.data, now)]
    raise AssertionError


@settings(deadline=None, max_examples=60)
@given(
    length=st.integers(1, 4095),
    block=st.integers(0, 255),
    stmin=st.sampled_from([0, 1, 20, 0xF1, 0xF9]),
    dl=st.sampled_from([8, 12, 24, 64]),
)
def test_a_message_of_any_length_arrives_whole(length: int, block: int, stmin: int, dl: int) -> None:
    payload = bytes(i * 7 & 0xFF for i in range(length))
    sent, got, _ = talk(payload, Settings(tx_dl=dl), Settings(block_size=block, stmin=stmin))
    assert sent == [Sent()]
    assert [a for a in got if isinstance(a, Message)] == [Message(payload)]


@pytest.mark.parametrize("length", [1, 6, 7, 8, 13, 14, 20, 62, 63, 4094, 4095])
@pytest.mark.parametrize("dl", [8, 64])
def test_lengths_at_the_edges_of_frames(length: int, dl: int) -> None:
    payload = bytes(i & 0xFF for i in range(length))
    _, got, frames = talk(payload, Settings(tx_dl=dl), Settings())
    assert got[-1] == Message(payload)
    if length <= (7 if dl == 8 else 62):
        assert frames == 1
    else:
        assert frames == 2 + -(-(length - (dl - 2)) // (dl - 1))


def test_above_4095_bytes_the_length_has_four_bytes() -> None:
    payload = bytes(5000)
    _, got, _ = talk(payload, Settings(), Settings(longest=6000))
    assert got == [Begun(5000), Message(payload)]


def test_a_message_too_long_for_the_receiver_is_given_up_by_both() -> None:
    sent, got, frames = talk(bytes(300), Settings(), Settings(longest=255))
    assert sent == [Fault("N_BUFFER_OVFLW", True)]
    assert got == [Fault("N_BUFFER_OVFLW", False)]
    assert frames == 2


def frames_of(actions: list) -> list[bytes]:
    return [a.data for a in actions if isinstance(a, Send)]


def begun(payload: bytes = bytes(30), **more: int) -> Transport:
    """A sender whose first frame is out."""
    sender = Transport(Settings(**more))
    (frame,) = frames_of(sender.send(payload, 0))
    sender.confirm(frame, 1 * MS)
    return sender


def test_stmin_is_kept_from_the_confirmation_on() -> None:
    sender = begun()
    (frame,) = frames_of(sender.take(pci.flow_control(pci.CONTINUE, 0, 5), 2 * MS))
    assert sender.elapse(4 * MS) == []
    assert sender.confirm(frame, 4 * MS) == []
    assert sender.due == 9 * MS
    assert sender.elapse(9 * MS - 1) == []
    assert len(frames_of(sender.elapse(9 * MS))) == 1


def test_a_block_is_as_long_as_asked_for() -> None:
    sender, out = begun(bytes(100)), []
    out += frames_of(sender.take(pci.flow_control(pci.CONTINUE, 2, 0), 2 * MS))
    out += frames_of(sender.confirm(out[-1], 3 * MS))
    assert sender.confirm(out[-1], 4 * MS) == []
    assert len(out) == 2
    assert sender.due == 4 * MS + S
    assert len(frames_of(sender.take(pci.flow_control(pci.CONTINUE, 0, 0), 5 * MS))) == 1


def test_wait_begins_the_time_out_anew_and_not_for_ever() -> None:
    sender = begun(most_waits=2)
    assert sender.take(pci.flow_control(pci.WAIT), 900 * MS) == []
    assert sender.due == 900 * MS + S
    assert sender.take(pci.flow_control(pci.WAIT), 1800 * MS) == []
    assert sender.take(pci.flow_control(pci.WAIT), 2000 * MS) == [Fault("N_WFT_OVRN", True)]
    assert not sender.busy


def test_flow_control_that_never_comes_ends_the_message_after_n_bs() -> None:
    sender = begun()
    assert sender.elapse(S) == []
    assert sender.elapse(S + MS) == [Fault("N_TIMEOUT_BS", True)]


def test_a_frame_that_never_leaves_ends_the_message_after_n_as() -> None:
    sender = Transport(Settings())
    sender.send(b"\x3e\x00", 0)
    assert sender.elapse(S) == [Fault("N_TIMEOUT_A", True)]


@pytest.mark.parametrize(("status", "why"), [(2, "N_BUFFER_OVFLW"), (3, "N_INVALID_FS"), (15, "N_INVALID_FS")])
def test_overflow_and_reserved_flow_status_end_the_message(status: int, why: str) -> None:
    assert begun().take(bytes((0x30 | status, 0, 0)), 2 * MS) == [Fault(why, True)]


def test_flow_control_nobody_waits_for_is_ignored() -> None:
    assert Transport(Settings()).take(pci.flow_control(pci.CONTINUE), 0) == []


def receiving(**more: int) -> Transport:
    receiver = Transport(Settings(**more))
    receiver.take(b"\x10\x14" + bytes(6), 0)
    return receiver


def test_a_wrong_sequence_number_ends_the_reception() -> None:
    receiver = receiving()
    assert receiver.take(b"\x22" + bytes(7), MS) == [Fault("N_WRONG_SN", False)]
    assert receiver.take(b"\x21" + bytes(7), 2 * MS) == []


def test_a_missing_consecutive_frame_ends_the_reception_after_n_cr() -> None:
    receiver = receiving()
    receiver.take(b"\x21" + bytes(7), 500 * MS)
    assert receiver.elapse(1500 * MS - 1) == []
    assert receiver.elapse(1500 * MS) == [Fault("N_TIMEOUT_CR", False)]


def test_a_new_message_in_the_middle_of_one_replaces_it() -> None:
    assert receiving().take(b"\x02\x3e\x00", MS) == [Fault("N_UNEXP_PDU", False), Message(b"\x3e\x00")]
    again = receiving().take(b"\x10\x08" + bytes(6), MS)
    assert again[:2] == [Fault("N_UNEXP_PDU", False), Begun(8)]


def test_a_functional_single_frame_does_not_disturb_a_reception() -> None:
    receiver = receiving()
    assert receiver.take(b"\x02\x3e\x80", MS, functional=True) == [Message(b"\x3e\x80", True)]
    receiver.take(b"\x21" + bytes(7), 2 * MS)
    assert receiver.take(b"\x22" + bytes(7), 3 * MS) == [Message(bytes(20))]


def test_a_functional_first_frame_is_ignored() -> None:
    assert Transport(Settings()).take(b"\x10\x14" + bytes(6), 0, functional=True) == []


def test_a_receiver_without_room_lets_the_sender_wait() -> None:
    receiver = receiving(block_size=4, stmin=10)
    assert frames_of(receiver.wait(800 * MS)) == [b"\x31\x04\x0a" + b"\xcc" * 5]
    assert receiver.due == 800 * MS + S


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00", b"\x08" + bytes(7), b"\x07abc", b"\x10\x05" + bytes(6), b"\x10\x14abc", b"\x40\x01\x02", b"\x30\x00",
     b"\x00\x08" + bytes(6), b"\x10\x00\x00\x00\x0f\xff\x00\x00", b"\x00\x05" + bytes(10)],
)  # fmt: skip
def test_what_is_no_frame_is_ignored(data: bytes) -> None:
    assert Transport(Settings()).take(data, 0) == []


@settings(deadline=None, max_examples=200)
@given(st.lists(st.binary(max_size=8), max_size=12))
def test_no_bytes_make_a_receiver_raise(frames: list[bytes]) -> None:
    receiver = Transport(Settings())
    for n, frame in enumerate(frames):
        receiver.take(frame, n * MS)


@pytest.mark.parametrize(
    ("stmin", "span"),
    [(0, 0), (1, MS), (0x7F, 127 * MS), (0xF1, 100 * US), (0xF9, 900 * US), (0x80, 127 * MS), (0xFA, 127 * MS)]
)  # fmt: skip
def test_stmin_as_the_standard_codes_it(stmin: int, span: int) -> None:
    assert pci.separation(stmin) == span


def test_two_messages_at_once_are_our_error() -> None:
    sender = begun()
    with pytest.raises(HarnessError):
        sender.send(b"\x3e\x00", 2 * MS)


# -- an end that somebody else wrote ----------------------------------------------------------------------------------


class Foreign:
    """can-isotp's logic, stepped by hand."""

    def __init__(self, **params: object) -> None:
        import isotp

        self.isotp, self.inbox, self.out = isotp, [], []
        self.logic = isotp.TransportLayerLogic(
            rxfn=lambda timeout: self.inbox.pop(0) if self.inbox else None,
            txfn=lambda message: self.out.append(bytes(message.data)),
            address=isotp.Address(isotp.AddressingMode.Normal_29bits, txid=0x18DAF140, rxid=0x18DA40F1),
            params={"tx_padding": 0xCC, "stmin": 0, **params},
        )

    def give(self, data: bytes) -> None:
        self.inbox.append(self.isotp.CanMessage(arbitration_id=0x18DA40F1, data=data, extended_id=True))
        self.logic.process()


@pytest.mark.parametrize("length", [1, 7, 8, 20, 21, 255, 4095])
@pytest.mark.parametrize("block", [0, 1, 8])
def test_we_send_to_can_isotp(length: int, block: int) -> None:
    payload, foreign, sender = bytes(i & 0xFF for i in range(length)), Foreign(blocksize=block), Transport(Settings())
    pending = frames_of(sender.send(payload, 0))
    while pending:
        data = pending.pop(0)
        pending += frames_of(sender.confirm(data, 0))
        foreign.give(data)
        for answer in foreign.out:
            pending += frames_of(sender.take(answer, 0))
        foreign.out.clear()
    assert bytes(foreign.logic.recv()) == payload


@pytest.mark.parametrize("length", [1, 7, 8, 62, 63, 255, 4095])
@pytest.mark.parametrize(("block", "dl"), [(0, 8), (3, 8), (0, 64)])
def test_can_isotp_sends_to_us(length: int, block: int, dl: int) -> None:
    payload = bytes(i & 0xFF for i in range(length))
    foreign, receiver = Foreign(tx_data_length=dl, can_fd=dl > 8), Transport(Settings(block_size=block))
    foreign.logic.send(payload)
    got: list = []
    for _ in range(2000):
        foreign.logic.process()
        for data in foreign.out:
            got += receiver.take(data, 0)
        foreign.out.clear()
        for control in frames_of(got):
            foreign.give(control)
        got = [a for a in got if not isinstance(a, Send)]
        if any(isinstance(a, Message) for a in got):
            break
    assert got[-1] == Message(payload)

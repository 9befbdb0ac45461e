"""What we say of a bus, and what programs say of it that know nothing of us."""

from __future__ import annotations

import contextlib
import io
import itertools
import re
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.can.candump import CandumpWriter, read_candump, to_line
from harness.can.port import Frame, Heard
from harness.can.python_can import PythonCan
from harness.diag import client
from harness.foundation.clock import WallClock
from harness.foundation.errors import RigFault
from harness.foundation.units import MS, Ns, S

Start = Callable[..., subprocess.Popen[str]]
Open = Callable[[str], PythonCan]
FRAMES = [
    Frame(0x1A3, bytes.fromhex("0011223344556677")),
    Frame(0x000, b""),
    Frame(0x1ABCDE12, b"\xff", extended=True),
    Frame(0x123, b"\x01", extended=True),
    Frame(0x123, bytes(range(64)), fd=True, brs=True),
    Frame(0x124, bytes(range(12)), fd=True),
]


def wait(clock: WallClock, span: Ns) -> None:
    clock.run_until(clock.now() + span)


def what(line: str) -> str:
    """Of a candump line the frame alone: identifier, flags and data. Programs may set 4 among the flags of an FD frame,
    which says that it is one (CANFD_FDF) and was never on a wire."""
    return re.sub("##([4-7])", lambda flags: f"##{int(flags[1]) - 4}", line.split()[2])


def test_candump_sees_the_frames_of_our_trace_byte_for_byte_and_in_order(
    clock: WallClock, open_can: Open, start: Start, tmp_path: Path
) -> None:
    port, other = open_can("vcan0"), open_can("vcan0")
    trace = io.StringIO()
    port.listen(CandumpWriter(trace, "vcan0"))
    with (tmp_path / "witness.log").open("w") as log:
        witness = start("candump", "-L", "vcan0", stdout=log)
        wait(clock, 1 * S)
        for turn in range(30):
            for frame in FRAMES:
                (port if turn % 3 else other).send(frame)
            wait(clock, 5 * MS)
        wait(clock, 500 * MS)
        witness.terminate()
        witness.wait()
    ours = [what(line) for line in trace.getvalue().splitlines()]
    theirs = [what(line) for line in (tmp_path / "witness.log").read_text().splitlines()]
    assert len(theirs) == 30 * len(FRAMES)
    assert theirs == ours


def test_a_frame_of_cansend_is_heard_and_is_not_taken_for_our_own(
    clock: WallClock, open_can: Open, start: Start
) -> None:
    port = open_can("vcan0")
    heard: list[Heard] = []
    port.listen(heard.append)
    for text in ("2F1#0102", "1ABCDE12#AA", "123##1" + "55" * 16):
        assert start("cansend", "vcan0", text).wait(timeout=30) == 0
    wait(clock, 300 * MS)
    assert [h.frame for h in heard] == [
        Frame(0x2F1, b"\x01\x02"), Frame(0x1ABCDE12, b"\xaa", True), Frame(0x123, b"\x55" * 16, False, True, True)
    ]  # fmt: skip
    assert not any(h.own for h in heard)


def test_canplayer_replays_our_trace_and_we_hear_the_same(
    clock: WallClock, open_can: Open, start: Start, tmp_path: Path
) -> None:
    first, second = open_can("vcan0"), open_can("vcan1")
    recorded: list[Heard] = []
    first.listen(recorded.append)
    for frame in FRAMES * 5:
        first.send(frame)
        wait(clock, 3 * MS)
    wait(clock, 300 * MS)
    path, coarse = tmp_path / "trace.log", tmp_path / "trace-us.log"
    path.write_text("".join(to_line(one, "vcan0") for one in recorded))
    # canplayer wants microseconds; the command is the one in docs/reference/driver-python-can.md
    with coarse.open("w") as out:
        cut = start("sed", "-E", r"s/^\(([0-9]+\.[0-9]{6})[0-9]{3}\)/(\1)/", str(path), stdout=out)
        assert cut.wait(timeout=30) == 0
    replayed: list[Heard] = []
    second.listen(replayed.append)
    player = start("canplayer", "-I", str(coarse), "vcan1=vcan0")
    for _ in range(100):
        wait(clock, 100 * MS)
        if player.poll() is not None:
            break
    wait(clock, 300 * MS)
    assert player.returncode == 0
    assert len(recorded) == 5 * len(FRAMES)
    assert [one.frame for one in replayed] == [one.frame for _, one in read_candump(path)]
    assert not any(one.own for one in replayed)


def counted(overlay: int) -> list[Frame]:
    """Sixteen frames: a counter, the overlay's number in six bytes (a torn frame shows), the exclusive-or of it all."""
    frames = []
    for count in range(16):
        data = bytes([count]) + bytes([overlay]) * 6
        check = 0
        for byte in data:
            check ^= byte
        frames.append(Frame(0x2A0, data + bytes([check])))
    return frames


def test_the_kernels_cycle_has_no_counter_or_checksum_error_over_40_swaps(clock: WallClock, open_can: Open) -> None:
    port, other = open_can("vcan0"), open_can("vcan0")
    heard: list[Heard] = []
    other.listen(heard.append)
    echoes: list[Heard] = []
    port.listen(echoes.append)
    task = port.cyclic(counted(0), 10 * MS)
    for overlay in range(1, 41):
        wait(clock, (37 + overlay % 7) * MS)  # at ever other places of the beat
        for _ in range(400):  # an emulated processor may have been away for longer than that
            if heard and heard[-1].frame and heard[-1].frame.data[1] == overlay - 1:
                break
            wait(clock, 5 * MS)
        task.replace(counted(overlay))
    wait(clock, 500 * MS)
    task.stop()
    wait(clock, 300 * MS)
    data = [one.frame.data for one in heard if one.frame]
    assert len(data) > 80
    assert {d[1] for d in data} == set(range(41))
    wrong = [d.hex() for d in data if d not in {f.data for f in counted(d[1])}]
    assert wrong == []
    jumps = [(a[0], b[0]) for a, b in itertools.pairwise(data) if (a[0] + 1) % 16 != b[0]]
    assert jumps == []
    assert sorted(d[1] for d in data) == [d[1] for d in data]
    assert [one.frame for one in echoes] == [one.frame for one in heard]
    assert all(one.own for one in echoes)
    assert port.unechoed == 0


def test_a_sequence_of_another_length_keeps_the_counter_and_the_period(clock: WallClock, open_can: Open) -> None:
    port, other = open_can("vcan0"), open_can("vcan0")
    heard: list[Heard] = []
    other.listen(heard.append)
    task = port.cyclic([Frame(0x2A1, bytes([0, i])) for i in range(16)], 20 * MS)
    wait(clock, 190 * MS)
    task.replace([Frame(0x2A1, bytes([1, i])) for i in range(48)])
    wait(clock, 600 * MS)
    task.stop()
    wait(clock, 300 * MS)
    new = [one.frame.data[1] for one in heard if one.frame and one.frame.data[0] == 1]
    old = [one.frame.data[1] for one in heard if one.frame and one.frame.data[0] == 0]
    assert old == [i % 16 for i in range(len(old))]
    assert new[:20] == [(new[0] + i) % 48 for i in range(20)]
    assert new[0] - len(old) in (0, 1)  # at most the beat on which it was exchanged is missing


def test_isotprecv_of_the_kernel_understands_our_tester(clock: WallClock, open_can: Open, start: Start) -> None:
    port = open_can("vcan0")
    tester = client.Tester(clock, port, 0x7B3, 0x7BB)
    receiver = start("isotprecv", "-s", "7BB", "-d", "7B3", "-p", "AA:AA", "vcan0", stdout=subprocess.PIPE)
    wait(clock, 1 * S)
    request = bytes([0x2E, 0xF1, 0x90]) + bytes(range(40))
    assert tester.ask(request, within=2 * S) is None  # isotprecv listens and does not answer
    said, _ = receiver.communicate(timeout=30)
    assert bytes.fromhex(said) == request
    tester.close()


def test_our_tester_understands_isotpsend_of_the_kernel(clock: WallClock, open_can: Open, start: Start) -> None:
    port = open_can("vcan0")
    tester = client.Tester(clock, port, 0x7B3, 0x7BB)
    answer = bytes([0x62, 0xF1, 0x90]) + bytes(range(0x30, 0x30 + 17))
    sender = start("isotpsend", "-s", "7BB", "-d", "7B3", "vcan0", stdin=subprocess.PIPE)
    wait(clock, 500 * MS)

    def write(_: Heard) -> None:
        if sender.stdin is not None and not sender.stdin.closed:
            sender.stdin.write(answer.hex(" "))
            sender.stdin.close()

    end = port.listen(write)  # the echo of the request brings the answer
    assert tester.read(0xF190) == answer[3:]
    end()
    tester.close()


def test_an_interface_that_goes_down_is_deaf_within_a_second_and_comes_back(
    clock: WallClock, open_can: Open, start: Start
) -> None:
    port, other = open_can("vcan1"), open_can("vcan1")
    heard: list[Heard] = []
    port.listen(heard.append)
    wait(clock, 300 * MS)
    assert clock.now() - port.seen_to() < port.stall
    assert start("ip", "link", "set", "vcan1", "down").wait(timeout=30) == 0
    wait(clock, 1500 * MS)
    assert clock.now() - port.seen_to() > port.stall
    with pytest.raises(RigFault, match="down"):
        other.send(Frame(0x123, b"\x01"))
    assert start("ip", "link", "set", "vcan1", "up").wait(timeout=30) == 0
    wait(clock, 500 * MS)
    other.send(Frame(0x123, b"\x02"))
    wait(clock, 300 * MS)
    assert clock.now() - port.seen_to() < port.stall
    assert [one.frame for one in heard if one.kind == "data"] == [Frame(0x123, b"\x02")]


def test_the_kernels_cycle_goes_on_while_nobody_lets_time_run(clock: WallClock, open_can: Open) -> None:
    port, other = open_can("vcan0"), open_can("vcan0")
    heard: list[Heard] = []
    other.listen(heard.append)
    task = port.cyclic(counted(0), 10 * MS)
    busy_until = clock.now() + 1 * S
    while clock.now() < busy_until:
        pass
    task.stop()
    wait(clock, 500 * MS)
    counts = [one.frame.data[0] for one in heard if one.frame]
    assert len(counts) > 10  # 100 on a machine that is not emulated
    assert counts == [i % 16 for i in range(len(counts))]
    assert max(one.late for one in heard) < busy_until + 200 * MS


def test_the_kernel_sends_fd_frames_as_well(clock: WallClock, open_can: Open) -> None:
    port, other = open_can("vcan0"), open_can("vcan0")
    heard: list[Heard] = []
    other.listen(heard.append)
    frames = [Frame(0x1ABCDE12, bytes([i]) * 64, extended=True, fd=True, brs=True) for i in range(4)]
    task = port.cyclic(frames, 20 * MS)
    wait(clock, 150 * MS)
    other_frames = [frame._replace(data=bytes([frame.data[0] + 100]) * 64) for frame in frames]
    task.replace(other_frames)
    wait(clock, 150 * MS)
    task.stop()
    wait(clock, 200 * MS)
    assert {one.frame for one in heard} == {*frames, *other_frames}
    assert [one.frame.data[0] % 100 for one in heard if one.frame] == [i % 4 for i in range(len(heard))]


@pytest.mark.parametrize(
    ("change", "back", "problem"),
    [
        (("mtu", "16"), ("mtu", "72", "up"), "vcan1 carries no FD frames; run: ip link add dev vcan1 type vcan"),
        (("down",), ("up",), "vcan1 is down; run: "),
    ],
)
def test_an_interface_that_is_not_ready_comes_with_the_command(
    open_can: Open, start: Start, change: tuple[str, ...], back: tuple[str, ...], problem: str
) -> None:
    start("ip", "link", "set", "vcan1", "down").wait(timeout=30)
    assert start("ip", "link", "set", "vcan1", *change).wait(timeout=30) == 0
    if change[0] == "mtu":
        start("ip", "link", "set", "vcan1", "up").wait(timeout=30)
    try:
        with pytest.raises(RigFault, match=problem):
            open_can("vcan1")
    finally:
        start("ip", "link", "set", "vcan1", "down").wait(timeout=30)
        assert start("ip", "link", "set", "vcan1", *back).wait(timeout=30) == 0


def test_no_frame_of_a_burst_is_lost(clock: WallClock, open_can: Open) -> None:
    port, other = open_can("vcan0"), open_can("vcan0")
    heard: list[Heard] = []
    other.listen(heard.append)
    for i in range(2000):
        port.send(Frame(0x100 + i % 16, i.to_bytes(2, "big")))
    for _ in range(50):
        wait(clock, 100 * MS)
        if len(heard) >= 2000:
            break
    assert [int.from_bytes(one.frame.data, "big") for one in heard if one.frame] == list(range(2000))
    wait(clock, 500 * MS)
    assert port.unechoed == 0


def test_what_our_diagnostics_ask_and_the_kernels_iso_tp_answers_is_a_dialogue(
    clock: WallClock, open_can: Open
) -> None:
    """Both ways over several frames, with flow control of the kernel (CAN_ISOTP, ISO 15765-2) on the other side."""
    port = open_can("vcan0")
    tester = client.Tester(clock, port, 0x7B3, 0x7BB)
    with socket.socket(socket.AF_CAN, socket.SOCK_DGRAM, socket.CAN_ISOTP) as unit:
        unit.bind(("vcan0", 0x7B3, 0x7BB))  # rx, tx
        unit.settimeout(0)
        asked: list[bytes] = []

        def serve() -> None:
            with contextlib.suppress(BlockingIOError):
                asked.append(unit.recv(4095))
                unit.send(bytes([asked[-1][0] + 0x40]) + asked[-1][1:])
            if not asked:
                clock.at(clock.now() + 20 * MS, serve, name="unit")

        request = bytes([0x2E, 0xF1, 0x90]) + bytes(range(200))
        clock.at(clock.now(), serve, name="unit")
        assert tester.ask(request, within=8 * S) == bytes([0x6E]) + request[1:]
        assert asked == [request]
    tester.close()

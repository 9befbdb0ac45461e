"""Recordings: what is written is what is read, by us and by python-can."""

from __future__ import annotations

from pathlib import Path

import pytest
from can.io.canutils import CanutilsLogReader
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.can.candump import CandumpWriter, from_line, read_candump, to_line
from harness.can.port import Frame, Heard
from harness.can.timing import FD_LENGTHS
from harness.foundation.errors import BadInput


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    extended, fd = draw(st.booleans()), draw(st.booleans())
    size = draw(st.sampled_from(sorted(FD_LENGTHS) if fd else list(range(9))))
    identifier = draw(st.integers(0, (1 << (29 if extended else 11)) - 1))
    content = draw(st.binary(min_size=size, max_size=size))
    return Frame(identifier, content, extended, fd, fd and draw(st.booleans()))


def only_identity(frame: Frame | None) -> Frame | None:
    return None if frame is None else Frame(frame.id, b"", frame.extended)


times = st.integers(0, 10**15)
data = st.builds(lambda t, frame, own: Heard(t, t, t, "data", frame, own), times, frames(), st.booleans())
states = st.builds(lambda t, state: Heard(t, t, t, "state", None, False, state), times,
                   st.sampled_from(["active", "warning", "passive", "off"]))
faults = st.builds(lambda t, frame, own, kind: Heard(t, t, t, kind, only_identity(frame), own),
                   times, st.none() | frames(), st.booleans(), st.sampled_from(["error", "bad"]))


@settings(deadline=None, max_examples=300, database=None, derandomize=True)
@given(data | states | faults)
def test_a_line_reads_back_as_what_was_heard(heard: Heard) -> None:
    line = to_line(heard, "body")
    assert line.endswith("\n")
    assert from_line(line) == ("body", heard)


@settings(deadline=None, max_examples=30, database=None, derandomize=True)
@given(st.lists(data | states | faults, max_size=20))
def test_python_can_reads_what_we_write(tmp_path_factory: pytest.TempPathFactory, heard: list[Heard]) -> None:
    path = tmp_path_factory.mktemp("log") / "body.log"
    with path.open("w") as file:
        writer = CandumpWriter(file, "can0")
        for one in heard:
            writer(one)
    read = list(CanutilsLogReader(path))
    assert len(read) == len(heard) == writer.lines
    for theirs, ours in zip(read, heard, strict=True):
        assert theirs.timestamp == pytest.approx(ours.t / 1e9, abs=1e-6)
        assert theirs.is_error_frame == (ours.kind != "data")
        if ours.kind == "data" and ours.frame is not None:
            frame = ours.frame
            assert (theirs.arbitration_id, bytes(theirs.data), theirs.is_extended_id, theirs.is_fd) == \
                   (frame.id, frame.data, frame.extended, frame.fd)
            assert theirs.bitrate_switch == frame.brs
            assert theirs.is_rx == (not ours.own)
            assert theirs.channel == "can0"


def test_lines_look_as_candump_writes_them() -> None:
    t = 12_003_456_789
    frame = Frame(0x1A3, bytes.fromhex("00112233"))
    assert to_line(Heard(t, t, t, "data", frame), "body") == "(12.003456789) body 1A3#00112233 R\n"
    assert to_line(Heard(t, t, t, "data", frame, True), "body") == "(12.003456789) body 1A3#00112233 T\n"
    fast = Frame(0x1A3, b"\x01", True, True, True)
    assert to_line(Heard(t, t, t, "data", fast), "body") == "(12.003456789) body 000001A3##101 R\n"


@pytest.mark.parametrize(("kind", "detail", "shown"), [
    # linux/can/error.h: CAN_ERR_FLAG 20000000, BUSERROR 80, CRTL 4 with data[1], PROT 8 with data[2], BUSOFF 40
    ("state", "warning", "20000084#00080000FFFFFFFF"),
    ("state", "passive", "20000084#00200000FFFFFFFF"),
    ("state", "active", "20000084#00400000FFFFFFFF"),
    ("state", "off", "200000C0#00000000FFFFFFFF"),
    ("error", "", "20000088#00000100FFFFFFFF"),
    ("bad", "", "20000088#00000200FFFFFFFF"),
])
def test_what_is_no_data_is_an_error_frame_of_socketcan(kind: str, detail: str, shown: str) -> None:
    assert to_line(Heard(0, 0, 0, kind, None, False, detail), "body") == f"(0.000000000) body {shown} R\n"


def test_an_error_frame_names_the_message_it_destroyed() -> None:
    line = to_line(Heard(0, 0, 0, "error", Frame(0x1A3, b"\x01", True)), "body")
    assert line == "(0.000000000) body 20000088#00000100800001A3 R\n"


def test_lines_of_can_utils_are_read() -> None:
    channel, heard = from_line("(1436509052.249713) vcan0 044#2A366C2BBA", spread=500)
    t = 1436509052_249713000
    assert channel == "vcan0"
    assert heard == Heard(t, t - 500, t + 500, "data", Frame(0x44, bytes.fromhex("2A366C2BBA")))
    assert from_line("(0.5) vcan0 123#R")[1].kind == "bad"
    assert from_line("(0.5) vcan0 20000004#0008000000000000")[1].detail == "warning"


@pytest.mark.parametrize("line", ["", "nonsense", "(1.0) body 1A3", "(1.0) body 1A3#123", "(x) body 1A3#",
                                  "1.0 body 1A3#", "(1.0) body 1A3#00 X", "(1.0) body 12345#00"])
def test_what_is_no_line_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="candump"):
        from_line(line)


def test_a_wrong_line_is_told_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "body.log"
    path.write_text("(1.0) body 1A3#00 R\n\nbroken\n")
    with pytest.raises(BadInput) as caught:
        list(read_candump(path))
    assert (caught.value.where, caught.value.line, caught.value.value) == (path, 3, "broken")


def test_a_recording_that_breaks_off_says_so(tmp_path: Path) -> None:
    path = tmp_path / "body.log"
    path.write_text("(1.0) body 1A3#00 R\n(2.0) body 1A3#001")
    (_, first), (_, last) = read_candump(path)
    assert first.kind == "data"
    assert (last.kind, last.t) == ("bad", first.t)
    assert "line 2" in last.detail

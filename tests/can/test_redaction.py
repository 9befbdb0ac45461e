from __future__ import annotations

from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.can.candump import from_line, to_line
from harness.can.joined import joined
from harness.can.port import Frame, Heard
from harness.can.redaction import redact
from harness.foundation.spellings import Needles, spelled

SECRET = "HVK7DIAKS3JV7XQ4FBS7SMFDWY"
NEEDLES = Needles([SECRET])


def trace(frames: list[bytes], *, own: bool = False, identifier: int = 0x5A1, fd: bool = False) -> list[bytes]:
    heard = (Heard(t, t, t, "data", Frame(identifier, data, False, fd, fd), own, "") for t, data in enumerate(frames))
    return [to_line(one, "body").encode() for one in heard]


def payload(lines: list[bytes]) -> list[bytes]:
    return [from_line(line.decode())[1].frame.data for line in lines]  # type: ignore[union-attr]


def split(text: bytes, size: int, head: bytes = b"", tail: bytes = b"", repeat: int = 1) -> list[bytes]:
    pieces = [text[i : i + size].ljust(size, b"\0") for i in range(0, len(text), size)]
    return [head + piece + tail for piece in pieces for _ in range(repeat)]


def test_a_secret_split_over_frames_is_blanked_in_each_and_nothing_else_is() -> None:
    frames = [b"\x01\x02\x03", *split(SECRET.encode(), 2, b"\xaa", b"\xbb")]
    public, told = redact(trace(frames), NEEDLES)
    assert payload(public) == [b"\x01\x02\x03", *[b"\xaa**\xbb"] * 13]
    assert {one.hit.text for one in told} == {SECRET}


def test_a_piece_that_a_cycle_repeats_is_blanked_every_time() -> None:
    public, _ = redact(trace(split(SECRET.encode(), 2, b"\xaa", repeat=3)), NEEDLES)
    assert payload(public) == [b"\xaa**"] * 39


def test_stamps_identifiers_lengths_and_directions_stay() -> None:
    lines = trace(split(SECRET.encode(), 5, b"\x01"), fd=True)
    public, _ = redact(lines, NEEDLES)
    assert public != lines
    for before, after in zip(lines, public, strict=True):
        assert len(before) == len(after)
        assert before.split(b"#")[0] == after.split(b"#")[0]
        assert before.split()[-1] == after.split()[-1]


def test_the_sum_of_two_identities_is_no_secret() -> None:
    half = SECRET.encode()
    lines = trace(split(half[:13], 8)) + trace(split(half[13:], 8), identifier=0x5A2)
    assert redact(lines, NEEDLES) == (lines, [])


def test_what_the_rig_sent_itself_is_searched_in_whole_frames() -> None:
    lines = trace(split(SECRET.encode(), 2), own=True)
    assert payload(redact(lines, NEEDLES)[0]) == [b"**"] * 13


def test_lines_that_are_no_data_frames_stay() -> None:
    lines = [b"# a remark\n", b"(1.000000000) body 5A1#R8 R\n", b"\n", b"(1.0) body 20000088#0000000000000000 R\n"]
    assert redact(lines, NEEDLES) == (lines, [])


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(s for s in spelled(SECRET) if len(s) >= 10)),
    st.integers(1, 8),
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(1, 3),
)
def test_no_spelling_in_no_splitting_survives(spelling: bytes, size: int, head: int, tail: int, repeat: int) -> None:
    pieces = split(spelling, size)
    if repeat > 1:  # of two pieces alike, one after the other, nobody can tell what is a repetition
        assume(all(one != other for one, other in pairwise(pieces)))
    frames = split(spelling, size, b"\x01" * head, b"\x02" * tail, repeat)
    public, told = redact(trace(frames, fd=size + head + tail > 8), NEEDLES)
    assert told
    assert not any(spelling in one.data for one in joined(payload(public)))
    assert redact(public, NEEDLES) == (public, [])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=12), min_size=1, max_size=9))
def test_a_joined_place_leads_back_to_the_byte_it_came_from(frames: list[bytes]) -> None:
    for one in joined(frames):
        for at in range(len(one.data)):
            for frame, byte in one.places(at, at + 1):
                assert frames[frame][byte] == one.data[at]

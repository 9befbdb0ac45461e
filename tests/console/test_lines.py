"""Chunks into lines: the same bytes give the same lines however they are cut, and no byte is lost."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.console.lines import Line, LineSplitter
from harness.console.port import Bytes
from harness.foundation.stamps import Stamp

console_bytes = st.lists(st.sampled_from([b"\n", b"\r", b"\r\n", b"a", b"\xe7", b"\x00", b"boot ok"])).map(b"".join)


def chunk(t: int, data: bytes) -> Bytes:
    return Bytes(Stamp.exact(t), data)


def split(chunks: list[bytes]) -> list[Line]:
    splitter = LineSplitter()
    lines = [line for t, data in enumerate(chunks) for line in splitter.feed(chunk(t, data))]
    return lines + splitter.flush()


def test_lines_end_with_lf_or_crlf():
    assert [(x.data, x.ending) for x in split([b"one\ntwo\r\nthree"])] == [
        (b"one", b"\n"),
        (b"two", b"\r\n"),
        (b"three", b""),
    ]


def test_a_cr_and_its_lf_may_come_apart():
    assert [(x.data, x.ending) for x in split([b"one\r", b"\ntwo\n"])] == [(b"one", b"\r\n"), (b"two", b"\n")]


def test_a_progress_display_stays_one_line():
    assert [x.data for x in split([b"10%\r20%\r30%\n"])] == [b"10%\r20%\r30%"]


def test_a_line_is_stamped_by_its_first_byte():
    lines = split([b"a", b"b\nc", b"", b"d\n\n"])
    assert [(x.stamp.t, x.data) for x in lines] == [(0, b"ab"), (1, b"cd"), (3, b"")]
    assert [x.stamp.t for x in split([b"", b"a", b"b", b"c"])] == [1]


def test_flushing_starts_afresh():
    splitter = LineSplitter()
    splitter.feed(chunk(1, b"half"))
    assert [x.data for x in splitter.flush()] == [b"half"]
    assert splitter.flush() == []
    assert [x.stamp.t for x in splitter.feed(chunk(5, b"new\n"))] == [5]


@given(console_bytes, st.lists(st.integers(0, 60), max_size=10))
@settings(deadline=None, max_examples=300)
def test_any_chunks_give_the_same_lines(data, cuts):
    edges = [0, *sorted(min(c, len(data)) for c in cuts), len(data)]
    pieces = [data[a:b] for a, b in pairwise(edges)]
    lines = split(pieces)
    assert [(x.data, x.ending) for x in lines] == [(x.data, x.ending) for x in split([data])]
    assert b"".join(x.data + x.ending for x in lines) == data
    assert all(b"\n" not in x.data for x in lines)
    assert all(x.ending for x in lines[:-1])
    stamps = [x.stamp.t for x in lines]
    assert stamps == sorted(stamps)

"""A console's bytes as lines of text come back as they were."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.console.recorded import from_text, to_line

PIECES = st.lists(
    st.sampled_from([b"a", b"\r", b"\n", b"\\", b"n", b"r", b"x41", b"\xff", "林".encode(), b" "]), max_size=8
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**14), PIECES.map(b"".join) | st.binary(max_size=12)), max_size=4))
def test_whatever_comes_comes_back(chunks: list[tuple[int, bytes]]) -> None:
    text = "".join(to_line(t, data) for t, data in chunks)
    assert text.count("\n") == len(chunks)
    assert list(from_text(text.encode())) == chunks


def test_a_usual_line_reads_as_it_was_said() -> None:
    assert to_line(12_003_456_789, b"boot: ready\r\n") == "(12.003456789) boot: ready\n"


@pytest.mark.parametrize("line", ["boot: ready", "(12.3) boot", "12.003456789 boot"])
def test_what_is_no_line_is_refused_by_its_number(line: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        list(from_text(f"{to_line(1, b'a')}{line}\n".encode()))

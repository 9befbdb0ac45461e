from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.console.recorded import from_text, to_line
from harness.console.redaction import redact
from harness.foundation.spellings import Needles, further, spelled

SECRET = "HVK7DIAKS3JV7XQ4FBS7SMFDWY"
NAME = "林悦"
NEEDLES = Needles([SECRET, NAME])


def log(*chunks: bytes) -> bytes:
    return "".join(to_line(t, data) for t, data in enumerate(chunks)).encode()


def said(text: bytes) -> bytes:
    return b"".join(data for _, data in from_text(text))


def test_a_secret_is_blanked_and_the_rest_stays() -> None:
    text = log(b"boot\r\n", b"net: token " + SECRET.encode() + b"\r\n", b"ready\r\n")
    public, hits = redact(text, NEEDLES)
    assert public == text.replace(SECRET.encode(), b"*" * len(SECRET))
    assert [hit.text for hit in hits] == [SECRET]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16-le", "utf-16-be"])
def test_a_name_in_any_code_page_is_blanked(encoding: str) -> None:
    raw = b"hello " + NAME.encode(encoding) + b"\r\n"
    public, hits = redact(log(raw), NEEDLES)
    assert said(public) == b"hello " + b"*" * len(NAME.encode(encoding)) + b"\r\n"
    assert [hit.text for hit in hits] == [NAME]


def test_a_console_without_secrets_stays_as_it_is() -> None:
    text = log(b"boot\r\n", b"\xff\x00\\x41", b"ready\n")
    assert redact(text, NEEDLES) == (text, [])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted({**spelled(SECRET), **further(SECRET)})), st.lists(st.integers(0, 120), max_size=5))
def test_no_spelling_survives_however_the_chunks_cut_it(spelling: bytes, cuts: list[int]) -> None:
    whole = b"a: " + spelling + b" end\r\n"
    ends = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    text = log(*(whole[a:b] for a, b in pairwise(ends)))
    public, hits = redact(text, NEEDLES)
    assert hits
    assert len(said(public)) == len(whole)
    assert redact(public, NEEDLES) == (public, [])

"""What answers say, and that nonsense says nothing."""

from __future__ import annotations

import pytest

from harness.diag import uds


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"\x62\xf1\x891.4.0", "1.4.0"),
        (b"\x62\xf1\x891.4.0\x00\x00 \xff", "1.4.0"),
        (b"\x62\xf1\x89", None),
        (b"\x62\xf1\x89\x01\x02", None),
        (b"\x62\xf1\x89caf\xe9", None),
        (b"\x7f\x22\x31", None),
        (b"", None),
        (None, None),
    ],
)
def test_the_text_of_an_identifier_is_what_is_left_without_its_padding(answer: bytes | None, said: str | None) -> None:
    assert uds.text(answer) == said

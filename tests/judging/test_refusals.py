"""The table of wrong requests: each row is asked in a session in which its answer is the one that ISO 14229-1 names."""

from __future__ import annotations

import pytest

from harness.diag import names as uds
from harness.judging.refusals import AFTER_NONSENSE, EXTENDED, TABLE, Row, named, told

IDS = [row.name for row in TABLE]
NOT_BY_DEFAULT = (0x27, 0x2E, 0x85)
"""Services that a unit only has outside the default session (ISO 14229-1, table 23)."""


@pytest.mark.parametrize("row", TABLE, ids=IDS)
def test_a_service_of_another_session_is_asked_there_or_refused_for_it(row: Row) -> None:
    opened = row.before[:1] == (bytes.fromhex(EXTENDED),)
    if row.request[0] in NOT_BY_DEFAULT:
        assert opened is not (uds.NOT_IN_SESSION in row.physical)
    else:
        assert row.before == ()


@pytest.mark.parametrize("row", TABLE, ids=IDS)
def test_what_is_not_supported_is_not_said_to_all(row: Row) -> None:
    """ISO 14229-1, 8.7: five negative responses are not sent to a functional request."""
    unsaid = {uds.NOT_SUPPORTED, uds.NO_SUBFUNCTION, uds.OUT_OF_RANGE, uds.NOT_IN_SESSION}
    if unsaid.intersection(row.physical) and not row.before:
        assert row.functional == (None,)
    if row.before:
        assert row.functional is None
    elif row.physical[0] in (uds.WRONG_LENGTH, 0):
        assert row.functional == row.physical


def test_who_asks_for_silence_gets_it() -> None:
    quiet = {row.request.hex(): row.physical for row in TABLE if row.physical == (None,)}
    assert quiet == {"3e80": (None,), "1081": (None,)}


def test_the_names_and_requests_of_the_rows_differ() -> None:
    assert len(set(IDS)) == len(TABLE)
    assert len({(row.request, row.before) for row in TABLE}) == len(TABLE)
    assert AFTER_NONSENSE[1:] == (b"\x3e\x00", (0,), None, ())


@pytest.mark.parametrize(
    ("request_", "answer", "code"),
    [
        ("22 F1 89", None, None), ("22 F1 89", "62 F1 89 31", 0), ("22 F1 89", "7F 22 31", 0x31),
        ("22 F1 89", "7F 23 31", -1), ("22 F1 89", "7F 22", -1), ("22 F1 89", "7F 22 31 00", -1),
        ("22 F1 89", "63 F1 89", -1), ("22 F1 89", "", -1), ("BA 00", "FA 00", 0), ("C0", "00", 0),
    ],
)  # fmt: skip
def test_what_an_answer_is_in_terms_of_the_table(request_: str, answer: str | None, code: int | None) -> None:
    assert told(bytes.fromhex(request_), None if answer is None else bytes.fromhex(answer)) == code


def test_codes_have_names() -> None:
    assert named((None,)) == "silence"
    assert named((0,)) == "a positive answer"
    assert named((-1, None)) == "nonsense or silence"
    assert named((0x31, 0x7F)).count("0x") == 2
    assert "0x31" in named((0x31,))

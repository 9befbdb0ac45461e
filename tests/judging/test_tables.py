"""Tables that a scenario, a journal or a file relies on, held row by row against ``answers/``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from harness.diag import names as uds
from harness.foundation.stamps import Stamp
from harness.foundation.units import S
from harness.judging import login_codes, music, voice, yields
from harness.judging.foreground import MESSAGING
from harness.judging.refusals import AFTER_NONSENSE, TABLE, Row, named, told
from harness.judging.seen import STATES, WITH_SESSION, WITHOUT_SESSION
from harness.judging.trouble_codes import STAGES, status_is
from harness.screen.port import Picture

AT = Stamp.exact(1 * S)


def line(row: Row) -> str:
    functional = "not asked functionally" if row.functional is None else named(row.functional)
    before = ", ".join(request.hex(" ") for request in row.before) or "nothing"
    return f"{row.name}: {row.request.hex(' ')} after {before}: {named(row.physical)}; to all: {functional}"


def test_wrong_requests_and_their_answers(keeps: Callable[[str], None]) -> None:
    assert told(b"\x3e\x00", b"\x7e\x00") == 0
    for row in (*TABLE, AFTER_NONSENSE):
        keeps(line(row))


LENGTHS = {
    0x10: range(2, 3), 0x11: range(2, 3), 0x3E: range(2, 3), 0x85: range(2, 3), 0x14: range(4, 5),
    0x22: range(3, 99, 2), 0x2E: range(4, 99),
}  # fmt: skip
"""ISO 14229-1: whole lengths of the requests that the table spoils; 0x22 takes several identifiers."""
OF_CODES = {0x01: 3, 0x02: 3, 0x04: 6, 0x06: 6, 0x0A: 2}
"""Of 0x19, by sub-function."""
SUBFUNCTIONS = {
    0x10: {1, 2, 3}, 0x11: {1, 2, 3}, 0x3E: {0}, 0x19: {*OF_CODES}, 0x27: {1, 2}, 0x85: {1, 2},
}  # fmt: skip
ELSEWHERE = (0x27, 0x2E, 0x85)
KNOWN = {0x22: b"\xf1\x89", 0x14: b"\xff\xff\xff", 0x2E: b"", 0x19: b""}
"""What there is behind the service; of 0x2E and 0x19 the table asks for nothing that there is."""


def expected(row: Row) -> int | None:
    """What the general server behaviour of ISO 14229-1 (figures 5 and 6) comes to, asked in the default session or in
    an extended one without security."""
    service, extended = row.request[0], bool(row.before)
    if service not in {*LENGTHS, *SUBFUNCTIONS, *ELSEWHERE}:
        return uds.NOT_SUPPORTED
    if service in ELSEWHERE and not extended:
        return uds.NOT_IN_SESSION
    if service in SUBFUNCTIONS:
        if len(row.request) < 2:
            return uds.WRONG_LENGTH
        if row.request[1] & 0x7F not in SUBFUNCTIONS[service]:
            return uds.NO_SUBFUNCTION
    lengths = LENGTHS.get(service, (OF_CODES[row.request[1]],) if service == 0x19 else range(99))
    if len(row.request) not in lengths:
        return uds.WRONG_LENGTH
    if service == 0x27:  # a key: of a seed that was asked for, and four bytes long
        return uds.WRONG_LENGTH if len(row.before) > 1 else uds.WRONG_SEQUENCE
    if service in KNOWN and row.request[1:] != KNOWN[service]:
        return uds.OUT_OF_RANGE
    return None if row.request[1] & 0x80 else 0


@pytest.mark.parametrize("row", [*TABLE, AFTER_NONSENSE], ids=lambda row: row.name)
def test_an_answer_is_what_the_order_of_checks_comes_to(row: Row) -> None:
    assert expected(row) in row.physical, named(row.physical)


def test_stages_of_a_trouble_code(keeps: Callable[[str], None]) -> None:
    for name, stage in STAGES.items():
        assert status_is("microphone", 0x9A1101, name, AT, AT.t).sentence == f"microphone is {name}"
        keeps(f"{name}, {stage.about}: set {uds.status(stage.on)}; clear {uds.status(stage.off)}")
        assert not stage.on & stage.off


def test_views_of_messaging_and_of_sessions(keeps: Callable[[str], None], tape, gs4) -> None:
    for view in ("home", "navigation", "listening", "boot", "logged_out", "code", "messages"):
        shown = Picture(AT, np.array(Image.open(gs4.screens[view]).convert("RGB")))
        keeps(f"{view}: {', '.join(f'{role} {state}' for (role, state), sees in STATES.items() if sees(tape, shown))}")
    keeps(f"messaging: {', '.join(MESSAGING)}")
    keeps(f"with a session: {', '.join(WITH_SESSION)}")
    keeps(f"without: {', '.join(WITHOUT_SESSION)}")
    keeps(f"seen: {', '.join(f'{role} {state}' for role, state in STATES)}")
    assert set(gs4.screens) >= {*MESSAGING, *WITHOUT_SESSION}
    assert set(WITH_SESSION) - {"home", "settings", "navigation"} <= {*MESSAGING}


def test_the_figures_that_questions_are_built_on(keeps: Callable[[str], None]) -> None:
    keeps(f"gaps from {voice.GAP} s on, at {voice.JUDGED_RATE} Hz, narrow up to {voice.NARROW_RATE} Hz")
    keeps(f"music beside the tone at {music.BESIDE} Hz; misses {music.MISSES}")
    keeps(f"a message that gives way: {yields.LEFT} left, {yields.LOUD} loud")
    even, bits = login_codes.even(["abcd", "efgh"], "", AT, AT)
    assert (even.quantity, bits.quantity) == ("bias", "bits")

"""Our generated codec and cantools agree on every message of every database, both ways, bit for bit."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from cantools.database.can import Database as Oracle
from cantools.database.can import Message as OracleMessage
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.can.database import Message, load_dbc
from harness.foundation.errors import BadInput, SeveralBadInputs

HERE = Path(__file__).parent
FILES = sorted([*(HERE / "data").rglob("*.dbc"), *(HERE / "data").rglob("*.DBC"),
                *(HERE.parents[1] / "dbc").rglob("*.dbc")])
REFUSED = {"bad_message_length.dbc", "incorrect-sig_valtype.dbc", "incorrect-val.dbc", "issue_199.dbc",
           "issue_199_extended.dbc", "issue_63.dbc"}
"""Of cantools' files those that are wrong; what we say about them is in test_database_errors."""
GOOD = [path for path in FILES if path.name not in REFUSED]


def same(one: Any, other: Any) -> bool:
    both_nan = isinstance(one, float) and isinstance(other, float) and math.isnan(one) and math.isnan(other)
    return both_nan or (type(one) is type(other) and one == other)


def pairs(path: Path) -> list[tuple[OracleMessage, Message]]:
    oracle = Oracle(strict=False)
    text = path.read_bytes()
    try:
        oracle.add_dbc_string(text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        oracle.add_dbc_string(text.decode("cp1252", errors="replace"))
    ours = load_dbc(path)
    assert len(ours.messages) == len(oracle.messages)
    return [(theirs, ours.messages[(theirs.frame_id, theirs.is_extended_frame)]) for theirs in oracle.messages]


def payloads_of(message: Message, data: bytes) -> list[bytes]:
    """``data``, and the same under ids that the multiplexers know (else nearly all random data is undecodable)."""
    found = [data, bytes(len(data)), b"\xff" * len(data)]
    levels = [(message.tree, data)]
    while levels and len(found) < 40:
        level, base = levels.pop()
        for multiplexer, branches in level.branches:
            for raw, below in list(branches.items())[:12]:
                low, high = multiplexer.raw_range
                if not low <= raw <= high:
                    continue
                out = bytearray(base)
                multiplexer.write_raw(out, raw)
                found.append(bytes(out))
                levels.append((below, bytes(out)))
    return found


def compare(theirs: OracleMessage, ours: Message, data: bytes) -> None:
    try:
        want: dict[str, Any] | None = dict(theirs.decode_simple(data, decode_choices=False))
    except Exception:
        want = None
    if want is None:
        with pytest.raises(ValueError, match=ours.name):
            ours.decode(data)
        return
    got = ours.decode(data)
    assert got.keys() == want.keys()
    assert all(same(got[name], want[name]) for name in want), (ours.name, got, want)
    raw = ours.decode_raw(data)
    want_raw = theirs.decode_simple(data, decode_choices=False, scaling=False)
    assert all(same(raw[name], want_raw[name]) for name in want_raw)
    assert all(same(ours.signals[name].read_raw(data), raw[name]) for name in raw)
    if not any(isinstance(value, float) and math.isnan(value) for value in raw.values()):
        encoded = theirs.encode(want, strict=False)
        assert ours.encode(got) == encoded
        assert ours.encode_raw(raw) == encoded
        assert ours.encode(got, start=bytes(len(data))) == encoded


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_every_message_decodes_and_encodes_as_cantools_does(path: Path) -> None:
    both = pairs(path)
    total = sum(ours.length for _, ours in both)

    @settings(deadline=None, max_examples=20, database=None, derandomize=True)
    @given(st.binary(min_size=total, max_size=total))
    def agree(drawn: bytes) -> None:
        at = 0
        for theirs, ours in both:
            data = drawn[at:at + ours.length]
            at += ours.length
            for payload in payloads_of(ours, data):
                compare(theirs, ours, payload)

    agree()


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_every_signal_rounds_a_physical_number_as_cantools_does(path: Path) -> None:
    signals = [(one, ours.signals[one.name]) for theirs, ours in pairs(path) for one in theirs.signals]

    @settings(deadline=None, max_examples=15, database=None, derandomize=True)
    @given(st.floats(0, 1))
    def agree(share: float) -> None:
        for theirs, ours in signals:
            low, high = (ours.to_physical(raw) for raw in ours.raw_range)
            x = low * (1 - share) + high * share
            want = theirs.conversion.numeric_scaled_to_raw(x)
            least, most = ours.raw_range
            if least <= want <= most:
                assert same(ours.to_raw(x), want), (ours.name, x)

    agree()


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_every_label_encodes_to_its_value(path: Path) -> None:
    for theirs, ours in pairs(path):
        for one in theirs.signals:
            for raw, label in (one.choices or {}).items():
                signal = ours.signals[one.name]
                assert signal.label(raw) == str(label)
                assert signal.to_raw(str(label)) == one.conversion.choice_to_number(str(label))


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_wrong_file_of_cantools_is_refused_with_its_line(name: str) -> None:
    with pytest.raises((BadInput, SeveralBadInputs)) as caught:
        load_dbc(HERE / "data" / "cantools" / name)
    for error in caught.value.errors if isinstance(caught.value, SeveralBadInputs) else [caught.value]:
        assert error.line
        assert error.remedy

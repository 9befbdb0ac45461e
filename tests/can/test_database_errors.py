"""A database with an error is refused with file, line, value and remedy."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.can.database import Database, load_dbc
from harness.foundation.errors import BadInput, SeveralBadInputs

Write = Callable[[str], Path]


def refusal(path: Path) -> BadInput:
    with pytest.raises(BadInput) as caught:
        load_dbc(path)
    assert caught.value.where == path
    assert caught.value.remedy
    return caught.value


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "none.dbc").problem


def test_a_syntax_error_is_pointed_to(dbc_file: Write) -> None:
    error = refusal(dbc_file('BO_ 291 M: 8 Car\n SG_ A : 0|8@1+ (1,0 [0|0] "" Unit'))
    assert error.line == 6
    assert "SG_ A" in error.value


def test_an_attribute_that_nothing_defines(dbc_file: Write) -> None:
    error = refusal(dbc_file('BO_ 291 M: 8 Car\n\nBA_DEF_ BO_ "Cycle" INT 0 1000;\nBA_DEF_DEF_ "Cycle" 0;\n'
                             'BA_ "Cycle" BO_ 291 20;\nBA_ "Sender" BO_ 291 5;'))
    assert (error.line, error.value) == (10, 'BA_ "Sender" BO_ 291 5;')
    assert "BA_DEF_" in error.problem


def test_a_signal_beyond_the_message(dbc_file: Write) -> None:
    error = refusal(dbc_file('BO_ 291 M: 2 Car\n SG_ A : 0|8@1+ (1,0) [0|0] "" Unit\n'
                             ' SG_ B : 12|8@1+ (1,0) [0|0] "" Unit'))
    assert (error.line, error.value) == (7, "M.B")
    assert "3 bytes" in error.problem


def test_a_motorola_signal_beyond_the_message(dbc_file: Write) -> None:
    error = refusal(dbc_file('BO_ 291 M: 2 Car\n SG_ A : 11|8@0+ (1,0) [0|0] "" Unit'))
    assert (error.line, error.value) == (6, "M.A")


def test_signals_that_overlap(dbc_file: Write) -> None:
    error = refusal(dbc_file('BO_ 291 M: 2 Car\n SG_ A : 0|8@1+ (1,0) [0|0] "" Unit\n'
                             ' SG_ B : 7|4@1+ (1,0) [0|0] "" Unit'))
    assert (error.line, error.value, error.problem) == (7, "M.B", "it overlaps A")


def test_signals_of_different_multiplexer_ids_may_share_bits(dbc_file: Write) -> None:
    path = dbc_file('BO_ 291 M: 2 Car\n SG_ P M : 0|4@1+ (1,0) [0|0] "" Unit\n'
                    ' SG_ A m0 : 8|8@1+ (1,0) [0|0] "" Unit\n SG_ B m1 : 8|8@1+ (1,0) [0|0] "" Unit')
    assert set(load_dbc(path).by_name("M").signals) == {"P", "A", "B"}


def test_signals_of_one_multiplexer_id_may_not(dbc_file: Write) -> None:
    path = dbc_file('BO_ 291 M: 2 Car\n SG_ P M : 0|4@1+ (1,0) [0|0] "" Unit\n'
                    ' SG_ A m1 : 8|8@1+ (1,0) [0|0] "" Unit\n SG_ B m1 : 8|8@1+ (1,0) [0|0] "" Unit')
    assert refusal(path).problem == "it overlaps A"


def test_two_messages_with_one_id(dbc_file: Write) -> None:
    error = refusal(dbc_file("BO_ 291 M: 2 Car\n\nBO_ 291 N: 2 Car\n"))
    assert error.line == 7
    assert "0x123" in error.value
    assert "M" in error.problem


def test_an_extended_id_of_the_same_number_is_another_message(dbc_file: Write) -> None:
    database = load_dbc(dbc_file(f"BO_ 291 M: 2 Car\n\nBO_ {0x8000_0000 + 291} N: 2 Car\n"))
    assert set(database.messages) == {(0x123, False), (0x123, True)}


def test_two_extended_messages_with_one_id(dbc_file: Write) -> None:
    number = 0x8000_0000 + 291
    error = refusal(dbc_file(f"BO_ {number} M: 2 Car\n\nBO_ {number} N: 2 Car\n\nBO_ 291 P: 1 Car\n"))
    assert (error.line, error.value) == (7, "N 0x123x")


def test_two_messages_with_one_name(dbc_file: Write) -> None:
    error = refusal(dbc_file("BO_ 291 M: 2 Car\n\nBO_ 292 M: 2 Car\n"))
    assert (error.line, error.value) == (7, "M")


def test_a_float_of_an_odd_length(dbc_file: Write) -> None:
    path = dbc_file('BO_ 291 M: 8 Car\n SG_ A : 0|24@1- (1,0) [0|0] "" Unit\n\nSIG_VALTYPE_ 291 A : 1;')
    assert "a float of 24 bits" in refusal(path).problem


def test_a_factor_of_zero(dbc_file: Write) -> None:
    assert "factor" in refusal(dbc_file('BO_ 291 M: 8 Car\n SG_ A : 0|8@1+ (0,0) [0|0] "" Unit')).problem


def test_a_start_value_that_does_not_fit(dbc_file: Write) -> None:
    error = refusal(dbc_file(
        'BO_ 291 M: 8 Car\n SG_ A : 0|4@1+ (1,0) [0|0] "" Unit\n\n'
        'BA_DEF_ SG_ "GenSigStartValue" INT 0 100;\nBA_DEF_DEF_ "GenSigStartValue" 0;\n'
        'BA_ "GenSigStartValue" SG_ 291 A 16;'))
    assert (error.line, error.value) == (6, "M.A")
    assert "0 to 15" in error.remedy


@pytest.mark.parametrize(("start", "fits"), [(-9, False), (-8, True), (7, True), (8, False)])
def test_a_start_value_of_a_signed_signal(dbc_file: Write, start: int, fits: bool) -> None:
    path = dbc_file(
        'BO_ 291 M: 8 Car\n SG_ A : 0|4@1- (1,0) [0|0] "" Unit\n\n'
        f'BA_DEF_ SG_ "GenSigStartValue" INT -100 100;\nBA_DEF_DEF_ "GenSigStartValue" {start};\n')
    if fits:
        assert load_dbc(path).by_name("M").signals["A"].start_raw == start
    else:
        assert "-8 to 7" in refusal(path).remedy


def test_all_that_is_wrong_is_told_at_once(dbc_file: Write) -> None:
    with pytest.raises(SeveralBadInputs) as caught:
        load_dbc(dbc_file('BO_ 291 M: 1 Car\n SG_ A : 0|9@1+ (1,0) [0|0] "" Unit\n\nBO_ 291 N: 1 Car\n'))
    assert [error.line for error in caught.value.errors] == [6, 8]


def test_an_id_of_too_many_bits(dbc_file: Write) -> None:
    error = refusal(dbc_file("BO_ 2048 M: 2 Car\n"))
    assert error.line == 5


@pytest.mark.parametrize(("text", "line", "value"), [
    ('BO_ 291 M: 8 Car\n SG_ Power : 0|0@1+ (1,0) [0|0] "" Unit\n', 6, 'SG_ Power : 0|0@1+ (1,0) [0|0] "" Unit'),
    ('BO_ 291 M: 8 Car\n SG_ Power : 0|4@1+ (1,0) [0|0] "" Unit\nSIG_VALTYPE_ 291 Powr : 1;\n', 7,
     "SIG_VALTYPE_ 291 Powr : 1;"),
    ("BO_ 4294967295 Large: 8 Car\n\nBO_ 291 M: 8 Car\n", 5, "BO_ 4294967295 Large: 8 Car"),
])
def test_what_the_library_refuses_without_a_line_is_found_by_name(
        dbc_file: Write, text: str, line: int, value: str) -> None:
    error = refusal(dbc_file(text))
    assert (error.line, error.value) == (line, value)


@settings(deadline=None, max_examples=150, database=None, derandomize=True)
@given(st.data())
def test_whatever_is_broken_is_bad_input_and_never_a_crash(small: Database, data: st.DataObject) -> None:
    text = small.path.read_text()
    at = data.draw(st.integers(0, len(text) - 1))
    length = data.draw(st.integers(0, 40))
    filling = data.draw(st.text(st.sampled_from('0189BO_SGM :|@+-(),[]"\n;x\u00e4'), max_size=10))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "broken.dbc"
        path.write_text(text[:at] + filling + text[at + length:], encoding="utf-8")
        try:
            loaded = load_dbc(path)
        except (BadInput, SeveralBadInputs):  # anything else would be our crash
            return
        for message in loaded.messages.values():
            assert len(message.start_data()) == message.length

"""What is said of a database with an error, to the word: where, what, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.can.database import load_dbc
from harness.foundation.errors import BadInput, SeveralBadInputs

Write = Callable[[str], Path]
Told = tuple[int | None, str, str, str]
ATTRIBUTE = 'BA_DEF_ SG_ "GenSigStartValue" FLOAT -1000 1000;\nBA_DEF_DEF_ "GenSigStartValue" 0;\n'


def told(path: Path) -> list[Told]:
    with pytest.raises((BadInput, SeveralBadInputs)) as caught:
        load_dbc(path)
    errors = caught.value.errors if isinstance(caught.value, SeveralBadInputs) else [caught.value]
    assert {error.where for error in errors} == {path}
    return [(error.line, error.value, error.problem, error.remedy) for error in errors]


def signals(*rows: str, size: int = 8) -> str:
    return f"BO_ 291 M: {size} Car\n" + "".join(f' SG_ {row} [0|0] "" Unit\n' for row in rows) + "\n"


LAYOUTS: list[tuple[str, list[Told]]] = [
    (signals("A : 0|24@1- (1,0)") + "SIG_VALTYPE_ 291 A : 1;",
     [(6, "M.A", "a float of 24 bits", "Make it 16, 32 or 64 bits long, or no float")]),
    (signals("A : 0|8@1+ (0,0)"), [(6, "M.A", "its factor is 0", "Write a factor that is not 0")]),
    (signals("A : 0|8@1+ (1,0)", "B : 13|4@1+ (1,0)", size=2),
     [(7, "M.B", "it needs 3 bytes and the message has 2", "Move or shorten the signal, or lengthen the message")]),
    (signals("A : 3|8@0+ (1,0)", size=1),
     [(6, "M.A", "it needs 2 bytes and the message has 1", "Move or shorten the signal, or lengthen the message")]),
    (signals("A : 0|4@1+ (1,0)", "B : 4|4@1+ (1,0)", "C : 10|8@0+ (1,0)", "D : 16|3@1+ (1,0)"), []),
    (signals("A : 0|4@1+ (1,0)", "C : 10|8@0+ (1,0)", "D : 16|4@1+ (1,0)"),
     [(8, "M.D", "it overlaps C", "Move one of the two")]),
    (signals("A : 0|4@1+ (1,0)", "B : 3|4@1+ (1,0)", "C : 2|3@1+ (1,0)"),
     [(8, "M.C", "it overlaps A", "Move one of the two"), (7, "M.B", "it overlaps A", "Move one of the two")]),
    (signals("A : 10|8@0+ (1,0)", "B : 21|4@1+ (1,0)"), [(7, "M.B", "it overlaps A", "Move one of the two")]),
    (signals("A : 0|4@1+ (1,0)") + ATTRIBUTE + 'BA_ "GenSigStartValue" SG_ 291 A 16;\n',
     [(6, "M.A", "its start value 16 does not fit into 4 bits", "Write a GenSigStartValue from 0 to 15 (raw)")]),
    (signals("A : 0|4@1- (1,0)") + ATTRIBUTE + 'BA_ "GenSigStartValue" SG_ 291 A -9;\n',
     [(6, "M.A", "its start value -9 does not fit into 4 bits", "Write a GenSigStartValue from -8 to 7 (raw)")]),
    ("BO_ 291 M: 2 Car\n\nBO_ 292 P: 2 Car\n\nBO_ 291 N: 2 Car\n",
     [(9, "N 0x123", "the id is already that of M", "Give one of the two another id")]),
    ("BO_ 291 M: 2 Car\n\nBO_ 292 P: 2 Car\n\nBO_ 293 M: 2 Car\n",
     [(9, "M", "a second message of this name", "Give one of the two another name")]),
    ("BO_ 2048 M: 2 Car\n\nBO_ 2047 O: 2 Car\n\nBO_ 536870911 N: 2 Car\n\nBO_ 536870912 P: 2 Car\n", [
        (5, "BO_ 2048 M", "the id has more than 11 bits",
         "Write BO_ 2147485696 if it is an extended one (bit 31 says so)"),
        (9, "BO_ 536870911 N", "the id has more than 11 bits",
         "Write BO_ 2684354559 if it is an extended one (bit 31 says so)"),
        (11, "BO_ 536870912 P", "the id has more than 11 bits",
         "An identifier has 11 bits, or 29 with bit 31 set in the file")]),
    (signals("A : 0|4@1+ (1,0)") + 'VAL_ 291 A 0 "no" ;\nVAL_ 291 B 0 "no" ;\nVAL_ 292 A 1 "yes" ;\n', [
        (line, f"VAL_ {name}", "a value table of a signal that is not there",
         "Remove the line, or correct the signal's name") for line, name in ((9, "291 B"), (10, "292 A"))]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), LAYOUTS)
def test_every_error_says_where_it_is_what_it_is_and_what_to_do(dbc_file: Write, text: str, wanted: list[Told]) -> None:
    path = dbc_file(text)
    if wanted:
        assert told(path) == wanted
    else:
        load_dbc(path)


def test_a_syntax_error_shows_its_row_and_column(dbc_file: Write) -> None:
    row = 'SG_ A : 0|8@1+ (1,0 [0|0] "" Unit'
    assert told(dbc_file(f"BO_ 291 M: 8 Car\n {row}\n")) == [
        (6, row, "no valid DBC syntax at column 22", "Correct the statement there, or the end of the one before it")]
    long = "X" * 300
    assert told(dbc_file(f"BO_ 291 M: 8 Car\n {long} 1\n"))[0][:2] == (6, long[:120])


def test_what_the_library_says_is_passed_on_in_one_line(dbc_file: Write) -> None:
    row = "SIG_VALTYPE_ 291 Powr : 1;"
    ((line, value, problem, remedy),) = told(dbc_file(signals("Power : 0|4@1+ (1,0)") + row + "\n"))
    assert (line, value, remedy) == (8, row, "Correct the database; what cannot be read cannot be sent")
    assert "Powr" in problem
    assert "\n" not in problem
    ((line, value, problem, _),) = told(dbc_file(f"BO_ 4294967295 Large{'x' * 200}: 8 Car\n"))
    assert (line, value) == (5, f"BO_ 4294967295 Large{'x' * 200}"[:120])


def test_a_name_of_one_letter_is_found_where_the_library_says_what_it_names(dbc_file: Write) -> None:
    ((line, value, _, _),) = told(dbc_file(signals("B : 8|8@1+ (1,0)", "A : 0|0@1+ (1,0)")))
    assert (line, value) == (7, 'SG_ A : 0|0@1+ (1,0) [0|0] "" Unit')


def test_of_two_statements_about_a_name_the_last_is_shown(dbc_file: Write) -> None:
    """What comes later is what the library stumbled over; another name in the text does not draw the line to it."""
    text = signals("Power : 0|0@1+ (1,0)") + 'VAL_ 291 Power 0 "no" ;\n'
    ((line, value, _, _),) = told(dbc_file(text))
    assert (line, value) == (8, 'VAL_ 291 Power 0 "no" ;')


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    assert told(tmp_path / "none.dbc") == [
        (None, "", "cannot be read (No such file or directory)", "Check the path of the DBC file")]


MULTIPLEXED = ("P M : 0|2@1+ (1,0)", "A m0 : 8|8@1+ (1,0)", "B m1 : 8|8@1+ (1,0)", "C m1 : 12|8@1+ (1,0)",
               "D m0 : 16|8@1+ (1,0)", "E : 24|8@1+ (1,0)")  # fmt: skip


def test_only_what_can_be_there_together_overlaps(dbc_file: Write) -> None:
    assert told(dbc_file(signals(*MULTIPLEXED))) == [(9, "M.C", "it overlaps B", "Move one of the two")]
    every = (*MULTIPLEXED[:3], *MULTIPLEXED[4:], "F : 10|4@1+ (1,0)")
    assert told(dbc_file(signals(*every))) == [(11, "M.F", "it overlaps A", "Move one of the two")]


def test_pages_below_pages_that_exclude_each_other_may_overlap(dbc_file: Write) -> None:
    text = signals("P M : 0|2@1+ (1,0)", "Q m0M : 2|2@1+ (1,0)", "A m0 : 8|8@1+ (1,0)", "B m1 : 8|8@1+ (1,0)",
                   "C m1 : 16|8@1+ (1,0)", "D m2 : 8|8@1+ (1,0)")  # fmt: skip
    ranges = "SG_MUL_VAL_ 291 Q P 0-0;\nSG_MUL_VAL_ 291 A Q 0-0;\nSG_MUL_VAL_ 291 B Q 1-1;\n"
    path = dbc_file(text + ranges + "SG_MUL_VAL_ 291 C P 1-1;\nSG_MUL_VAL_ 291 D P 2-3;\n")
    message = load_dbc(path).by_name("M")
    assert message.decode(bytes([0b0100, 7, 8])  + bytes(5)) == {"P": 0, "Q": 1, "B": 7}
    assert message.decode(bytes([0b0011, 7, 8])  + bytes(5)) == {"P": 3, "D": 7}
    assert message.decode_raw(bytes([0b0001, 7, 8]) + bytes(5)) == {"P": 1, "C": 8}
    path = dbc_file(text + ranges + "SG_MUL_VAL_ 291 C P 1-1;\nSG_MUL_VAL_ 291 D P 0-1;\n")
    assert told(path) == [(11, "M.D", "it overlaps A", "Move one of the two")]


ATTRIBUTES = """
BO_ 291 M: {size} Car
 SG_ A : 0|8@1+ (1,0) [-3|9] "km/h" Unit
 SG_ F : 32|32@1- (1,0) [0|0] "" Unit

BO_ 292 N: 8 Vector__XXX
 SG_ B : 0|8@1- (2,1) [0|0] "" Unit

CM_ SG_ 291 A "What A is.";
BA_DEF_ BO_ "GenMsgCycleTime" FLOAT 0 65535;
BA_DEF_ BO_ "GenMsgCycleTimeFast" FLOAT 0 65535;
BA_DEF_ BO_ "GenMsgNrOfRepetition" INT 0 100;
BA_DEF_ BO_ "GenMsgSendType" ENUM "cyclic","event","none";
BA_DEF_ BO_ "NmMessage" ENUM "no","{yes}";
BA_DEF_ BO_ "CANFD_BRS" {brs};
BA_DEF_ SG_ "GenSigStartValue" FLOAT -100 100;
BA_DEF_DEF_ "GenMsgCycleTime" 0;
BA_DEF_DEF_ "GenMsgCycleTimeFast" 0;
BA_DEF_DEF_ "GenMsgNrOfRepetition" 4;
BA_DEF_DEF_ "GenMsgSendType" "none";
BA_DEF_DEF_ "NmMessage" "no";
BA_DEF_DEF_ "CANFD_BRS" {usual};
BA_DEF_DEF_ "GenSigStartValue" -7;
BA_ "GenMsgCycleTime" BO_ 291 12.5;
BA_ "GenMsgCycleTimeFast" BO_ 291 2.25;
BA_ "GenMsgSendType" BO_ 291 1;
BA_ "NmMessage" BO_ 291 1;
BA_ "GenSigStartValue" SG_ 291 A 5;
BA_ "GenSigStartValue" SG_ 291 F 1.5;
SIG_VALTYPE_ 291 F : 1;
VAL_ 291 A 1 "one" 2 "two" ;
"""


def attributes(**words: str | int) -> str:
    return ATTRIBUTES.format(**{"size": 8, "yes": "Yes", "brs": 'ENUM "0","1"', "usual": '"1"', **words})


def test_attributes_are_read_as_the_file_gives_them_or_their_defaults(dbc_file: Write) -> None:
    database = load_dbc(dbc_file(attributes()))
    m, n = database.by_name("M"), database.by_name("N")
    assert (m.cycle, m.fast_cycle, m.repetitions, m.send_type) == (12_500_000, 2_250_000, 4, "event")
    assert (n.cycle, n.fast_cycle, n.repetitions, n.send_type) == (None, None, 4, "none")
    assert (m.network_management, n.network_management) == (True, False)
    assert (m.fd, m.brs, m.senders, n.senders) == (False, False, ("Car",), ())
    assert (m.comment, m.line, n.line, database.nodes) == ("", 5, 9, ("Car", "Unit"))
    a, f, b = m.signals["A"], m.signals["F"], n.signals["B"]
    assert (a.unit, a.comment, a.minimum, a.maximum, a.line, b.line) == ("km/h", "What A is.", -3, 9, 6, 10)
    assert (f.unit, f.comment, f.minimum, f.maximum, f.float, f.values) == ("", "", None, None, True, {})
    assert (a.start_raw, f.start_raw, b.start_raw) == (5, 1.5, -7)
    assert [type(s.start_raw) for s in (a, f, b)] == [int, float, int]
    assert (a.values, a.labels, a.mux, a.is_multiplexer) == ({1: "one", 2: "two"}, {"one": 1, "two": 2}, None, False)
    assert (b.signed, b.scale, b.offset, b.little_endian, b.start_bit, b.length) == (True, 2, 1, True, 0, 8)


@pytest.mark.parametrize(("brs", "usual", "switched"), [
    ('ENUM "0","1"', '"1"', True), ('ENUM "0","1"', '"0"', False), ('ENUM "no","yes"', '"no"', False),
    ("INT 0 1", "0", False), ("INT 0 1", "1", True), ('ENUM "False","True"', '"False"', False)])  # fmt: skip
def test_a_long_message_is_fd_and_switches_its_bit_rate_unless_told_otherwise(
        dbc_file: Write, brs: str, usual: str, switched: bool) -> None:
    database = load_dbc(dbc_file(attributes(size=12, brs=brs, usual=usual)))
    m, n = database.by_name("M"), database.by_name("N")
    assert (m.fd, m.brs, n.fd, n.brs) == (True, switched, False, False)


@pytest.mark.parametrize(("word", "manages"), [("Yes", True), ("yes", True), ("1", True), ("TRUE", True), ("x", False)])
def test_network_management_is_said_in_several_words(dbc_file: Write, word: str, manages: bool) -> None:
    assert load_dbc(dbc_file(attributes(yes=word))).by_name("M").network_management is manages


def test_without_attributes_nothing_is_known_and_all_starts_at_zero(dbc_file: Write) -> None:
    m = load_dbc(dbc_file(signals("A : 0|8@1+ (1,0)"))).by_name("M")
    assert (m.cycle, m.fast_cycle, m.repetitions, m.send_type, m.network_management) == (None, None, 0, "", False)
    assert (m.signals["A"].start_raw, m.start_data()) == (0, bytes(8))
    long = load_dbc(dbc_file(signals("A : 0|8@1+ (1,0)", size=9))).by_name("M")
    assert (long.fd, long.brs) == (True, True)


def test_names_are_read_in_the_file_s_own_letters(dbc_file: Write) -> None:
    path = dbc_file(signals("A : 0|8@1+ (1,0)"))
    text = path.read_text().replace('[0|0] ""', '[0|0] "\u00b0C"')
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        path.write_bytes(text.encode(encoding))
        assert load_dbc(path).by_name("M").signals["A"].unit == "\u00b0C"
    path.write_bytes(text.encode("cp1252").replace(b"\xb0", b"\xb0\x81"))  # 0x81 is no letter there
    assert load_dbc(path).by_name("M").signals["A"].unit == "\u00b0\ufffdC"


def test_a_message_of_no_single_frame_is_named_with_the_next_length(dbc_file: Write) -> None:
    rows = [f"BO_ {n} M{n}: {n} Car\n" for n in (8, 9, 12, 25, 64, 65)]
    found = load_dbc(dbc_file("\n".join(rows))).unsendable()
    assert [(e.line, e.value, e.problem, e.remedy) for e in found] == [
        (7, "M9", "a CAN frame cannot have 9 bytes", "Write 12 bytes: a longer frame is filled up, or take it out."),
        (11, "M25", "a CAN frame cannot have 25 bytes", "Write 32 bytes: a longer frame is filled up, or take it out."),
        (15, "M65", "a CAN frame cannot have 65 bytes", "It is of another protocol, or take it out.")]


def test_each_wrong_signal_of_a_message_is_told(dbc_file: Write) -> None:
    text = signals("A : 0|24@1- (1,0)", "B : 24|8@1+ (0,0)", "C : 30|20@1+ (1,0)", "D : 38|4@1+ (0,0)", size=5)
    assert [error[1] for error in told(dbc_file(text + "SIG_VALTYPE_ 291 A : 1;\n"))] == ["M.A", "M.B", "M.C", "M.D"]

"""What a unit says beside its states: trouble codes, error frames, what is unread, and contents that are nobody's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import MS, Ns, S
from harness.foundation.values import Limit, Measurement
from harness.judging.accounts import accepted, arrives, delivered
from harness.judging.buses import error_frames, load, returns
from harness.judging.calls import call_is, with_picture
from harness.judging.cyclic import within_cycle
from harness.judging.interrupted import finished
from harness.judging.privacy import in_answers, in_files, on_the_buses, on_the_console
from harness.judging.queue import arrive_in_order
from harness.judging.signals import reaches, says, silent
from harness.judging.trouble_codes import changes, status_is, stored, told
from harness.judging.voice import JUDGED_RATE
from harness.vehicle.vehicle import Vehicle

CODE, OTHER = 0xC12181, 0x930011
AT = Stamp(2 * S, 1990 * MS, 2010 * MS)
UNTIL = 10 * S
NONE = Limit("1", low=0.0, high=0.0)
CANARY = "acct-7Q4K2"


@pytest.fixture
def bus(tape, gs4):
    """``bus(t, request, answer)``: both in one frame, in hex, the answer 20 ms later."""
    d = gs4.diagnostics

    def say(t: int, request: str, answer: str = "") -> None:
        for key, text, at in ((d.request, request, t), (d.response, answer, t + 20)):
            data = bytes.fromhex(text)
            if data:
                tape.bytes_on(d.bus, (key, False), (bytes((len(data),)) + data).ljust(8, b"\xaa"), at * MS)

    return say


def measured(tape, question, limit: Limit = NONE) -> Measurement:
    tape.clock.run_until(30 * S)
    found = tape.ask(question, limit, 0)
    assert isinstance(found, Measurement)
    return found


THERE = "59 02 7F C1 21 81 2F"
NOTHING = "59 02 7F"


def test_only_lists_of_codes_with_their_status_are_lists(tape, bus) -> None:
    bus(1000, "22 F1 89", "62 F1 89 31")
    bus(2000, "19 02 FF", NOTHING)
    bus(3000, "19 01 FF", "59 01 7F 01 00 01")
    bus(4000, "19 02 FF")
    bus(5000, "19 02 FF", "7F 19 22")
    bus(6000, "19 0A", "59 0A 7F C1 21 81 50")
    tape.clock.run_until(9 * S)
    assert [(t.asked.t // MS, t.answered.t // MS, t.status) for t in told(tape, 0, 9 * S)] == [
        (2000, 2020, {}), (6000, 6020, {CODE: 0x50}),
    ]  # fmt: skip


@pytest.mark.parametrize(("first", "on"), [(THERE, False), (NOTHING, True)])
def test_a_bit_that_changes_is_between_two_answers(tape, bus, first: str, on: bool) -> None:
    bus(1995, "19 02 FF", THERE if on else NOTHING)  # before the instant
    bus(3000, "19 02 FF", first)
    bus(4000, "19 02 FF", THERE if on else NOTHING)
    question = changes("wheel_invalid", CODE, 0x01, on, AT, UNTIL, "dtc_maturing")
    found = measured(tape, question)
    assert tuple(found.value) == pytest.approx((2.02, 0.99, 2.03))
    assert found.detail == (f"wheel_invalid (0xC12181) testFailed {'set' if on else 'clear'} in the answer of 4.020 s")
    assert question.found == Stamp.exact(4020 * MS)
    assert question.sentence == f"wheel_invalid {'matures' if on else 'heals'}"


def test_a_code_that_nobody_lists_is_clear(tape, bus) -> None:
    bus(3000, "19 02 FF", "59 02 7F 93 00 11 2F")
    assert measured(tape, changes("wheel_invalid", CODE, 0x01, False, AT, UNTIL, "dtc_healing")).value.value == 1.02
    found = measured(tape, changes("wheel_invalid", CODE, 0x01, True, AT, UNTIL, "dtc_maturing"))
    assert found.detail == "wheel_invalid (0xC12181) testFailed set in none of 1 answers up to 10.000 s"


def test_wrong_bits_are_named_on_both_sides(tape, bus) -> None:
    bus(3000, "19 02 FF", "59 02 7F C1 21 81 51")
    bus(4000, "19 02 FF", THERE)
    found = measured(tape, status_is("wheel_invalid", CODE, "failing", AT, UNTIL))
    assert found.value == (6, 6, 6)
    assert "; missing " in found.detail
    assert "; should be clear " in found.detail
    right = measured(tape, status_is("wheel_invalid", CODE, "failing", Stamp.exact(3500 * MS), UNTIL))
    assert (right.value.value, "missing" in right.detail, "clear" in right.detail) == (0, False, False)


def test_codes_nobody_told_have_no_status_and_no_count(tape, bus) -> None:
    bus(1000, "19 02 FF", THERE)
    for question in (status_is("wheel_invalid", CODE, "failing", AT, UNTIL), stored({"x": CODE}, "now", AT, UNTIL)):
        found = measured(tape, question)
        assert (found.value, found.detail) == (None, "no trouble codes were told")


@pytest.mark.parametrize(("status", "count"), [(0x01, 1), (0x04, 1), (0x08, 1), (0x50, 0), (0x22, 0), (0x80, 0)])
def test_a_code_is_stored_that_failed_is_pending_or_confirmed(tape, bus, status: int, count: int) -> None:
    bus(3000, "19 02 FF", f"59 02 7F C1 21 81 {status:02X}")
    found = measured(tape, stored({"wheel_invalid": CODE, "button_stuck": OTHER}, "now", AT, UNTIL))
    assert found.value.value == count
    assert found.detail == (f"wheel_invalid 0x{status:02X}" if count else "none of 2 codes")


def test_codes_that_nobody_asked_for_are_not_counted(tape, bus) -> None:
    bus(3000, "19 02 FF", "59 02 7F 93 00 11 2F")
    assert measured(tape, stored({"wheel_invalid": CODE}, "now", AT, UNTIL)).value.value == 0


# --- buses


@pytest.fixture
def quiet(gs4: Vehicle) -> Vehicle:
    """A car whose unit sends nothing."""
    return replace(gs4, head_unit_nodes=frozenset())


def test_a_unit_without_cyclic_messages_neither_returns_nor_keeps_a_cycle(tape, quiet) -> None:
    tape.vehicle = quiet
    for question in (returns(AT, 3 * S), within_cycle(0.1, AT, UNTIL)):
        found = measured(tape, question)
        assert (found.value, found.detail) == (None, "the unit has no cyclic message")


def test_a_bus_on_which_the_unit_only_votes_need_not_return(tape, gs4) -> None:
    """Of its messages on the bus only network management is left."""
    network = gs4.role("network.head_unit")
    tape.bytes_on(network.bus, network.message.key, bytes(8), 3 * S)
    found = measured(tape, returns(AT, 3 * S))
    assert (found.value, found.detail) == (None, "nothing on infotainment to 5.010 s")


@pytest.mark.parametrize(("t", "count"), [(2010 * MS - 1, 0), (2010 * MS, 1), (5010 * MS, 1), (5010 * MS + 1, 0)])
def test_error_frames_at_the_edges_of_the_watch_count(tape, t: Ns, count: int) -> None:
    tape.error_on("body", t)
    found = measured(tape, error_frames(AT, 3 * S))
    assert (found.value.value, found.window) == (count, (2 * S, 5010 * MS))


def test_a_load_of_a_span_without_length_is_none_or_all(tape) -> None:
    tape.clock.run_until(1 * S)
    assert load(tape, "body", 5, 5) == 0.0
    tape.bytes_on("body", (0x123, False), bytes(8), 5)
    assert load(tape, "body", 5, 5) == 1.0


# --- accounts and calls


def test_messages_of_another_kind_are_passed_over(tape) -> None:
    for n, kind in enumerate(("text", "image", "voice", "voice")):
        tape.delivers("a", (3 + n) * S, kind)
    assert measured(tape, arrives("a", AT), Limit("s", high=9.0)).value.value == 3.0
    assert measured(tape, finished("a", AT, 8 * S, 2)).value.value == 1.0
    assert measured(tape, delivered("a", AT, 3 * S)).value.value == 3
    assert measured(tape, finished("a", AT, 8 * S, 4)).detail == (
        "2 message(s) reached a up to 10.010 s, the car's table means 4"
    )


def test_how_a_call_was_taken_is_told_of_each(tape) -> None:
    tape.called("a", (3 * S, "rings"), (4 * S, "answered"), (5 * S, "ended"), (6 * S, "answered"), media="video")
    found = measured(tape, with_picture("a", AT))
    assert (found.value, found.detail, found.window) == ((2, 2, 2), "taken as video, video", (2 * S, 6 * S))
    early = measured(tape, with_picture("a", Stamp.exact(5 * S)))
    assert early.value == (1, 1, 1)


def test_another_word_on_a_call_is_passed_over(tape) -> None:
    tape.called("a", (3 * S, "rings"), (4 * S, "answered"), (5 * S, "ended"))
    assert measured(tape, call_is("a", "answered", AT), Limit("s", high=9.0)).value.value == 2.0
    assert measured(tape, call_is("a", "ended", AT), Limit("s", high=9.0)).value.value == 3.0


@pytest.mark.parametrize(("outcome", "value"), [("accepted", 1.0), ("Accepted", 0.0), ("", 0.0)])
def test_only_what_the_phone_calls_accepted_is(tape, outcome: str, value: float) -> None:
    assert measured(tape, accepted(outcome, AT)).value == Interval.exact(value)


def test_sounds_that_are_none_and_doubles_are_passed_over_in_an_order(tape) -> None:
    rng = np.random.default_rng(3)
    said = {name: (rng.standard_normal(JUDGED_RATE) * 3000).astype(np.int16) for name in ("one", "two", "three")}
    tape.delivers("a", 2500 * MS)
    for n, name in enumerate(("one", "three", "two", "one")):
        tape.delivers("a", (3 + n) * S, samples=said[name], rate=JUDGED_RATE)
    found = measured(tape, arrive_in_order(said, "a", AT, 7 * S))
    assert (found.value.value, found.detail) == (1, "arrived: one at 3.000 s, three at 4.000 s, two at 5.000 s")
    turned = dict(reversed(said.items()))
    assert measured(tape, arrive_in_order(turned, "a", AT, 7 * S)).value.value == 1
    few = measured(tape, arrive_in_order(said, "a", AT, 2500 * MS))
    assert (few.value, few.detail) == (None, "two never reached a up to 4.510 s")


# --- states


APP = "head_unit.app"


def test_the_first_frame_with_a_state_counts_and_an_empty_one_has_none(tape) -> None:
    tape.says(APP, (0, "idle"), (3 * S, "listening"), (3500 * MS, "idle"), (4 * S, "listening"), until=9 * S)
    limit = Limit("s", high=5.0)
    assert measured(tape, reaches(APP, "listening", AT), limit).value.value == 1.0
    assert measured(tape, says(APP, "listening", Stamp.exact(3200 * MS)), limit).value.value == 0.0
    assert measured(tape, reaches(APP, "listening", Stamp.exact(3200 * MS)), limit).value.value == pytest.approx(0.8)
    nothing = measured(tape, reaches(APP, "listening", Stamp.exact(20 * S)), limit)
    assert nothing.detail.endswith("it was 'listening' all the time")


def test_of_a_silent_message_the_first_frame_ends_the_silence(tape) -> None:
    where = tape.vehicle.role("network.head_unit")
    for t in (1 * S, 4 * S, 5 * S):
        tape.bytes_on(where.bus, where.message.key, bytes(8), t)
    found = measured(tape, silent("network.head_unit", AT), Limit("s", low=5.0))
    assert tuple(found.value) == pytest.approx((2.0, 1.99, 2.01))


# --- contents


def leaks(tape, key: int, t: Ns, text: str = CANARY) -> None:
    d = tape.vehicle.diagnostics
    for n in range(0, len(text), 4):
        tape.bytes_on(d.bus, (key, False), b"\x21" + text[n : n + 4].encode(), t + n * MS)


@pytest.mark.parametrize(("by_unit", "count"), [(True, 1), (False, 0)])
def test_what_the_unit_answers_to_a_tester_is_its_own_and_the_question_is_not(tape, by_unit, count: int) -> None:
    d = tape.vehicle.diagnostics
    leaks(tape, d.response if by_unit else d.request, 3 * S)
    assert measured(tape, on_the_buses((CANARY,), AT, UNTIL)).value.value == count


@pytest.mark.parametrize(("t", "count"), [(2 * S - 1, 0), (2 * S, 1), (UNTIL - 8 * MS, 1), (UNTIL - 8 * MS + 1, 0)])
def test_contents_count_from_the_instant_to_the_end(tape, t: Ns, count: int) -> None:
    leaks(tape, tape.vehicle.diagnostics.response, t)
    assert measured(tape, on_the_buses((CANARY,), AT, UNTIL)).value.value == count
    tape.print(CANARY.encode(), t if t <= 2 * S else t + 8 * MS)
    assert measured(tape, on_the_console((CANARY,), AT, UNTIL)).value.value == count


def test_a_report_names_five_hits_by_their_length_and_place(tape, tmp_path) -> None:
    many = tuple(f"secret-{n:03}-{'x' * n}" for n in range(7))
    answers = {0x2000 + n: one.encode() for n, one in enumerate(many)}
    found = measured(tape, in_answers(many, answers, AT, UNTIL))
    assert found.value.value == 7
    assert found.detail == "; ".join(f"one of {11 + n} characters in DID 0x{0x2000 + n:04X}" for n in range(5))
    nothing = measured(tape, in_answers(("other",), answers, AT, UNTIL))
    assert nothing.detail == "no canary in 7 readable identifiers from 2.000 s to 10.000 s"
    (tmp_path / "restricted").mkdir()
    (tmp_path / "restricted" / "a.log").write_text(many[0])
    (tmp_path / "b.log").write_text("nothing")
    tape.show(np.zeros((80, 80, 3), np.uint8), 0)
    assert measured(tape, in_files(many, tmp_path, AT, UNTIL)).detail == (
        "no canary in 1 files of ours from 2.000 s to 10.000 s"
    )


def test_a_code_on_a_picture_is_none_once_it_is_masked(tape, tmp_path, gs4) -> None:
    from harness.headunit.render import Style, View, picture

    icons = tuple(sorted(gs4.screens.items()))
    tape.show(picture(View("code", code="weixin://HIL-0417-TEST"), Style(0, "zh", icons)), 1 * S)
    assert measured(tape, in_files((CANARY,), tmp_path, AT, UNTIL)).value.value == 0

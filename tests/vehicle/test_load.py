"""What a car's author gets wrong is told with its line, its value and the remedy; all of it at once."""

# ruff: noqa: E501 - a table of mistakes reads best with one on each line
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.vehicle.load import load_vehicle

Spoil = Callable[..., list[BadInput]]


def line_of(folder: Path, text: str, file: str = "vehicle.yaml") -> int:
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    return next(i for i, line in enumerate(lines, 1) if text in line)


YAML_MISTAKES = [
    # (what stands there, what is written instead, found on the line with, value, problem, remedy)
    ("name: A small car", "nmae: A small car", "nmae", "nmae", "unknown key", "'name'"),
    ("bitrate: 250 kbit/s", "bitrate: 250", "bitrate: 250", "250", "unit is missing", "500 kbit/s"),
    ("bitrate: 250 kbit/s", "bitrate: 250 ms", "bitrate: 250", "250 ms", "is in s", "500 kbit/s"),
    ("nm: false", "nm: perhaps", "perhaps", "perhaps", "boolean", "type"),
    ("wheel.messaging:", "wheel.mesaging:", "wheel.mesaging", "wheel.mesaging", "no such role", "'wheel.messaging'"),
    ("small.dbc", "smal.dbc", "smal.dbc", "smal.dbc", "no such file", "'small.dbc'"),
    ("signal: only/Body.Seat,", "", "seat.driver", "seat.driver", "role without signal", "bus/Message.Signal"),
    ("signal: only/Body.Seat", "signal: only/Body", "seat.driver", "only/Body", "role without signal", "Seat"),
    ("only/Body.Seat", "only/Body.Saet", "seat.driver", "only/Body.Saet", "no signal 'Saet'", "'Seat'"),
    ("only/Body.Seat", "only/Bodi.Seat", "seat.driver", "only/Bodi.Seat", "no message 'Bodi'", "'Body'"),
    ("only/Body.Seat", "olny/Body.Seat", "seat.driver", "olny/Body.Seat", "no bus 'olny'", "'only'"),
    ("only/Body.Seat", "Body.Seat", "seat.driver", "Body.Seat", "names no bus", "BUS/Body.Seat"),
    ("empty: 0", "empty: 2", "seat.driver", "empty = 2", "not in the value table", "0 Empty"),
    ("empty: 0", "empty: 4", "seat.driver", "empty = 4", "outside Seat", "0 to 3"),
    ("occupied: Occupied", "occupied: Occupid", "seat.driver", "Occupid", "no such label", "'Occupied'"),
    ("empty: 0", "empty: 1", "seat.driver", "empty = 1", "same raw value 1 as 'occupied'", "own value"),
    ("{off: 0, acc: 1, on: 2, ", "{off: 0, acc: 1, ", "ignition: {signal", "ignition", "'on' has no value", "values"),
    ("unit: km/h", "unit: m/s", "speed: {signal", "m/s", "must be in km/h", "unit: km/h"),
    ("kind: button.event", "kind: button.evnt", "wheel.messaging", "button.evnt", "not a kind", "'button.event'"),
    ("code: 7, ", "", "wheel.messaging", "wheel.messaging", "without code", "code"),
    ("sequence: Seq", "sequence: Sek", "wheel.messaging", "Sek", "no signal 'Sek'", "'Seq'"),
    ("seat.driver: empty, mark", "seat.drver: empty, mark", "driver_leaves", "empty", "no such role or line", "'seat.driver'"),
    ("seat.driver: empty, mark", "belt.driver: open, mark", "driver_leaves", "open", "car has no such role", "Did you mean"),
    ("{ignition: off}, {wait", "{ignition: of}, {wait", "driver_leaves", "of", "no such state", "'off'"),
    ("wait: 500 ms", "wait: 500", "driver_leaves", "500", "unit is missing", "250 ms"),
    (", mark: left", "", "driver_leaves", "driver_leaves", "no marked step", "exactly one"),
    ("{gear: R}, ", "{gear: R, ignition: off}, ", "reverse_in", "", "does one thing", "{wait: 500 ms}"),
    ("{reverse: on, mark", "{reverse: 1, mark", "reverse_in", "1", "on or off", "on or off"),
    ("counter: Cnt", "counter: Count", "only/Wheel: {profile", "Count", "no signal 'Count'", "'Cnt'"),
    ("counter: Cnt", "counter: Tiny", "only/Wheel: {profile", "only/Wheel", "3 bits cannot count 15", "Tiny is 3 bits"),
    ("profile: E2E-P01", "profile: E2E-P10", "only/Wheel: {profile", "E2E-P10", "no such profile", "Did you mean"),
    ("only/Wheel: {profile", "only/Weel: {profile", "only/Weel", "only/Weel", "no message 'Weel'", "'Wheel'"),
    ("lines: [KL30, KL15]", "lines: [KL30, KL16]", "KL16", "KL16", "no such line", "'KL15'"),
    ("frames: [Body]", "frames: [Bodi]", "Bodi", "Bodi", "no such message", "'Body'"),
    ("note: made", "note: TODO made", "note", "note", "not filled in yet", "Made for the tests"),
    ("protection:\n", "cycles: {only/Whel: 20 ms}\nprotection:\n", "only/Whel", "only/Whel", "no message 'Whel'", "'Wheel'"),
    ("protection:\n", "cycles: {olny/Wheel: 20 ms}\nprotection:\n", "olny/Wheel", "20 ms", "no bus 'olny'", "'only'"),
    ("protection:\n", "cycles: {only/Body: 20 ms}\nprotection:\n", "only/Body: 20", "20 ms", "gives 50 ms", "Remove the line"),
    ("  SLEEP: {lines: [KL30], frames: none, nm: false}\n", "", "modes:", "modes", "mode SLEEP is missing", "Add SLEEP"),
    ("head_unit_nodes: [HU]", "head_unit_nodes: [HV]", "head_unit_nodes", "HV", "no such node", "HU"),
    ("bus: only", "bus: olny", "diagnostics", "olny", "no such bus", "'only'"),
    ("response: 0x708", "response: 0x700", "diagnostics", "diagnostics", "stands twice", "own"),
    ("request: 0x700", "request: 0x200", "diagnostics", "512", "Body has this id and is cyclic", "own"),
    ("idle: {press", "idel: {press", "idel", "idel", "no such context", "'idle'"),
    ("press: listen@press", "prss: listen@press", "prss", "prss", "no such gesture", "'press'"),
    ("listen@press", "lisen@press", "lisen", "lisen@press", "unknown action 'lisen'", "'listen'"),
    ("listen@press", "listen", "idle: {press", "listen", "no moment", "listen@press"),
    ("present: [{seat.driver: occupied}]", "present: [{seat.driver: there}]", "present", "there", "no such state", "occupied"),
    ("{gear: N, standstill: 3 s}", "{gear: N, standstill: 3}", "parked", "3", "valid string", "type"),
    ("slow: 4.99 m/s", "slow: 6 m/s", "thresholds", "thresholds", "do not rise", "standstill <= slow"),
    ("IDLING:", "IDLNG:", "IDLNG", "IDLNG", "PARKED", "type"),
    ("long_press: 900 ms,", "long_pres: 900 ms,", "long_pres", "long_pres", "no such figure", "'long_press'"),
    ("long_press: 900 ms,", "long_press: 900 msec,", "msec", "900 msec", "unknown unit 'msec'", "250 ms"),
    ("long_press: 900 ms,", "long_press: 1 s,", "long_press: 1 s", "1 s", "outside 900 ms +/- 50 ms", "Correct"),
    ("debounce_frames: 1", "debounce_frames: 1 ms", "debounce", "1 ms", "whole number", "without a unit"),
    ("sleep_current: 3 mA", "sleep_current: 3", "sleep_current", "3", "unit is missing", "1.5 A"),
    ("tolerance: 50 ms", "tolerance: 50", "BTN-02", "50", "unit is missing", "250 ms"),
    ("tolerance: 50 ms", "tolerance: 50 mV", "BTN-02", "BTN-02.long_press", "mixes the units", "one"),
    ("witnesses: [console]", "witnesses: [konsole]", "konsole", "konsole", "no such witness", "'console'"),
    ("witnesses: [console]", "witnesses: [screen]", "witnesses", "witnesses", "no screens", "Add screens"),
    ("witnesses: [console]", "witnesses: []\nsounds: {chime: c.flac}", "sounds", "c.flac", "no such file", "small.dbc"),
    ("schema: 1", "schema: 2", "schema", "2", "written for schema 2", "Update"),
    ("schema: 1\n", "", "name", "", "schema number is missing", "schema: 1"),
    ("note: made", "name: made", "made for", "name", "stands twice", "one of them"),
    ("  only: {dbc", "  only: dbc", "only: dbc", "", "not YAML", "colons"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "marker", "value", "problem", "remedy"), YAML_MISTAKES)
def test_a_mistake_is_told_with_line_value_and_remedy(
    spoiled: Spoil, folder: Path, old: str, new: str, marker: str, value: str, problem: str, remedy: str
) -> None:
    errors = spoiled(old, new)
    line = line_of(folder, marker)
    hits = [e for e in errors if problem in e.problem]
    assert hits, [str(e) for e in errors]
    error = hits[0]
    assert error.where == folder / "vehicle.yaml"
    assert error.line == line
    assert value in error.value
    assert remedy in error.remedy


def test_all_mistakes_are_told_at_once(spoiled: Spoil, folder: Path) -> None:
    spoiled("only/Body.Seat", "only/Body.Saet")
    errors = spoiled("frames: [Body]", "frames: [Bodi]")
    told = " ".join(e.problem for e in errors)
    assert "no signal 'Saet'" in told
    assert "no such message" in told


def test_a_missing_folder_is_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        load_vehicle(tmp_path / "nowhere")


def test_a_role_the_wrong_node_sends_is_refused(spoiled: Spoil) -> None:
    errors = spoiled("signal: only/Unit.App", "signal: only/Wheel.Code")
    assert [e.problem for e in errors] == ["Wheel is sent by CAR"]
    errors = spoiled("signal: only/Wheel.Code", "signal: only/Unit.App")
    assert errors == []


class TestDbc:
    def test_a_broken_line_is_told_with_its_place(self, spoiled: Spoil, folder: Path) -> None:
        errors = spoiled("SG_ Ign : 5|3@0+", "SG_ Ign : 5|3@0", "small.dbc")
        assert [e.where for e in errors] == [folder / "small.dbc"]
        assert errors[0].line == line_of(folder, "SG_ Ign", "small.dbc")

    def test_overlapping_signals_are_told_with_their_place(self, spoiled: Spoil, folder: Path) -> None:
        errors = spoiled("SG_ Ign : 5|3@0+", "SG_ Ign : 6|3@0+", "small.dbc")
        assert errors
        assert errors[0].where == folder / "small.dbc"
        assert errors[0].remedy

    def test_an_id_that_stands_twice_is_refused(self, spoiled: Spoil, folder: Path) -> None:
        errors = spoiled("BO_ 768 Unit", "BO_ 512 Unit", "small.dbc")
        assert any(e.where == folder / "small.dbc" and e.line for e in errors)

    def test_one_file_on_two_buses_is_refused(self, spoiled: Spoil) -> None:
        line = "  only: {dbc: small.dbc, bitrate: 250 kbit/s}\n"
        errors = spoiled(line, line + line.replace("only", "other"))
        assert [e.problem for e in errors] == ["the same file as bus 'only'"]

    def test_a_message_of_a_gateway_has_its_name_on_both_buses(self, spoiled: Spoil, folder: Path) -> None:
        (folder / "other.dbc").write_text((folder / "small.dbc").read_text())
        line = "  only: {dbc: small.dbc, bitrate: 250 kbit/s}\n"
        assert spoiled(line, line + "  other: {dbc: other.dbc, bitrate: 250 kbit/s}\n") == []

    def test_a_role_in_a_message_that_nobody_sends_is_refused(self, spoiled: Spoil) -> None:
        (error,) = spoiled('BA_ "GenMsgCycleTime" BO_ 512 50;\n', "", "small.dbc")
        assert "sent neither in a cycle" in error.problem
        assert "only/Body: 100 ms" in error.remedy

    def test_a_message_longer_than_a_frame_is_refused(self, spoiled: Spoil, folder: Path) -> None:
        errors = spoiled("BO_ 768 Unit: 8 HU", "BO_ 768 Unit: 10 HU", "small.dbc")
        assert ("a CAN frame cannot have 10 bytes", line_of(folder, "BO_ 768", "small.dbc")) in [
            (e.problem, e.line) for e in errors
        ]


def test_several_errors_read_as_several_lines(spoiled: Spoil, folder: Path) -> None:
    spoiled("only/Body.Seat", "only/Body.Saet")
    spoiled("witnesses: [console]", "witnesses: [konsole]")
    with pytest.raises(SeveralBadInputs) as caught:
        load_vehicle(folder)
    assert len(str(caught.value).splitlines()) == len(caught.value.errors) > 1


def test_a_cycle_on_a_bus_whose_database_is_missing_hides_no_other(folder: Path) -> None:
    path = folder / "vehicle.yaml"
    text = path.read_text(encoding="utf-8")
    bus = "  only: {dbc: small.dbc, bitrate: 250 kbit/s}\n"
    assert bus in text
    text = text.replace(bus, bus + bus.replace("only", "other").replace("small.dbc", "none.dbc"))
    path.write_text("cycles: {other/Wheel: 20 ms, only/Whel: 20 ms}\n" + text, encoding="utf-8")
    with pytest.raises(SeveralBadInputs) as caught:
        load_vehicle(folder)
    problems = " ".join(str(error) for error in caught.value.errors)
    assert "none.dbc" in problems
    assert "no message 'Whel'" in problems
    assert "no bus" not in problems

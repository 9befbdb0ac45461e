"""Meeting a unit: the whole embedded rig is listened to while the button is pressed, and what reacts is named."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cantools
import pytest
import yaml

from harness.audio.stimuli import Library
from harness.bench.car import Car
from harness.bench.head_unit import HeadUnit
from harness.bench.people import DRIVER
from harness.bench.phones import Phone
from harness.bench.routines import boots
from harness.bench.world import World
from harness.can.port import Frame, Heard
from harness.foundation.errors import BadInput, NotOffered
from harness.foundation.journal import Journal
from harness.foundation.units import MS, Ns, S
from harness.judging.requirements import load_requirements
from harness.rig.learn import guess_role, learn
from harness.rig.learn_folder import Recording, read_marks, read_recording, write_recording
from harness.rig.learn_live import listen
from harness.rig.learn_propose import proposals
from harness.rig.load import load_rig
from harness.rig.rig import open_rig
from harness.vehicle.load import load_vehicle
from harness.vehicle.vehicle import Vehicle

ROOT = Path(__file__).resolve().parents[2]
ACTION = "press the messaging button"
TIMES = 6


class Ears:
    """Nothing but the ears of a port: whatever else is asked for fails."""

    def __init__(self, port: Any, *names: str) -> None:
        for name in names:
            setattr(self, name, getattr(port, name))


def recorded(folder: Path, vehicle: Vehicle, button: str | None) -> tuple[Recording, list[str]]:
    """A unit that is on and logged in, listened to as an engineer would; ``button`` None: nobody acts."""
    ports = open_rig(load_rig(ROOT / "rigs" / "virtual.yaml"), vehicle, random.Random(5))
    catalogue = load_requirements(ROOT / "scenarios" / "requirements").for_vehicle(vehicle)
    library = Library.load(ROOT / "scenarios" / "stimuli")
    world = World(ports, catalogue, library, Journal(folder / "journal.jsonl"), random.Random(6))
    hand, said = random.Random(7), []
    try:
        boots(world, Car(world))
        HeadUnit(world).logs_in(Phone(world, DRIVER.account))
        clock, first = ports.clock, ports.clock.now() + 6 * S
        marks: list[Ns | None] = []
        for n in range(TIMES):
            down = first + n * 7 * S + hand.randrange(900) * MS
            marks += [down - hand.randrange(100, 400) * MS, down + hand.randrange(300, 500) * MS]
            if button is not None:
                clock.at(down, lambda: world.drive(button, "pressed") and None, name="finger")
                clock.at(down + 120 * MS, lambda: world.drive(button, "released") and None, name="finger")
        marks.append(None)

        def enters() -> Sequence[Ns | None]:
            due = [m for m in marks if m is not None and m <= clock.now()]
            del marks[: len(due)]
            return due if len(marks) > 1 else [*due, *marks]

        buses = {name: Ears(port, "listen") for name, port in ports.can.items()}
        audio, screen = Ears(ports.audio, "heard", "seen_to"), Ears(ports.screen, "frames", "seen_to")
        return listen(clock, buses, audio, screen, enters, said.append, ACTION), said  # type: ignore[arg-type]
    finally:
        world.close()
        world.journal.close()
        ports.close()


@pytest.fixture(scope="module")
def vehicle() -> Vehicle:
    return load_vehicle(ROOT / "dbc" / "gs4")


@pytest.fixture(scope="module")
def presses(tmp_path_factory: pytest.TempPathFactory, vehicle: Vehicle) -> Recording:
    return recorded(tmp_path_factory.mktemp("presses"), vehicle, "wheel.messaging")[0]


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory, vehicle: Vehicle) -> Recording:
    return recorded(tmp_path_factory.mktemp("nothing"), vehicle, None)[0]


def test_the_button_comes_first_then_what_answers_it(presses: Recording, vehicle: Vehicle) -> None:
    found = learn(presses, vehicle)
    first = found.reactions[0]
    assert (first.name, first.role, first.what) == ("SWC_Buttons.SWC_Msg", "wheel.messaging", "released -> pressed")
    assert first.where == "body 0x1A0 byte 2 bit 6"
    assert first.association.hits == TIMES
    roles = [r.role for r in found.reactions if r.kind == "bits"]
    assert roles[:2] == ["wheel.messaging", "head_unit.app"]
    assert set(roles) <= {"wheel.messaging", "head_unit.app", "head_unit.view", "head_unit.audio"}
    assert {r.kind for r in found.reactions} == {"bits", "sound", "screen"}


def test_the_profile_is_held_against_what_reacted(presses: Recording, vehicle: Vehicle) -> None:
    found = learn(presses, vehicle)
    assert (found.about, found.agrees) == ("wheel.messaging", True)
    wrong = learn(presses, vehicle, role="wheel.next")
    assert wrong.agrees is False
    assert "wheel.next (body/SWC_Buttons.SWC_Next) does not react" in wrong.check
    assert "SWC_Buttons.SWC_Msg" in wrong.check
    assert proposals(found) == []


def test_a_recording_without_the_action_claims_nothing(nothing: Recording, vehicle: Vehicle) -> None:
    for car in (vehicle, None):
        found = learn(nothing, car)
        assert found.reactions == ()
        assert proposals(found) == []
    assert learn(nothing, vehicle).agrees is False


def test_of_an_unknown_car_roles_and_messages_are_proposed(presses: Recording, tmp_path: Path) -> None:
    found = learn(presses, None)
    lines = proposals(found)
    text = "\n".join(lines)
    profile, _, dbc = text.partition("# DBC\n")
    role = yaml.safe_load(profile)["roles"]["wheel.messaging"]
    assert role == {"kind": "button.level", "signal": "body/X1A0.B2_6", "values": {"pressed": 1, "released": 0}}
    assert "?" in profile
    (tmp_path / "found.dbc").write_text('VERSION ""\n\nBU_: Vector__XXX\n\n' + dbc + "\n")
    message = cantools.database.load_file(tmp_path / "found.dbc").get_message_by_name("X1A0")
    pressed = next(
        h.frame.data for h in presses.buses["body"] if h.frame and h.frame.id == 0x1A0 and h.frame.data[2] >> 6 & 1
    )
    assert message.decode(pressed)["B2_6"] == 1
    assert "counter: Counter_B1_0_3, checksum: Checksum_B0_0_7" in profile


def test_counters_and_checksums_are_left_out_and_named(presses: Recording, vehicle: Vehicle) -> None:
    aside = "\n".join(learn(presses, vehicle).aside)
    assert "body 0x1A0 SWC_Buttons: counter byte 1 bits 0..3, checksum byte 0 (CRC-8 SAE J1850)" in aside


def test_a_missing_witness_is_named_and_the_others_are_told(presses: Recording, vehicle: Vehicle) -> None:
    told = dict(learn(presses, vehicle).witnesses)
    assert told["head_unit.app on CAN"] == "reacted: idle -> listening"
    less = replace(vehicle, roles={n: r for n, r in vehicle.roles.items() if n != "head_unit.app"})
    told = dict(learn(presses, less).witnesses)
    assert told["head_unit.app on CAN"].startswith("missing")
    assert told["speaker"].startswith("reacted: amp.front_left")
    assert told["screen"].startswith("reacted")
    deaf = replace(presses, sounds={}, pictures=[])
    assert dict(learn(deaf, less).witnesses)["speaker"] == "not recorded, or silent"


def test_what_was_written_is_read_again(presses: Recording, vehicle: Vehicle, tmp_path: Path) -> None:
    write_recording(tmp_path / "kept", presses)
    again = read_recording([tmp_path / "kept"])
    assert (again.action, again.windows) == (ACTION, presses.windows)
    one, other = learn(replace(presses, span=again.span), vehicle), learn(again, vehicle)
    assert [(r.where, r.what, r.association) for r in one.reactions] == [
        (r.where, r.what, r.association) for r in other.reactions
    ]


def test_codes_on_recorded_pictures_are_blacked_out(vehicle: Vehicle, tmp_path: Path) -> None:
    import numpy as np
    import segno

    from harness.foundation.stamps import Stamp
    from harness.judging.views import codes_on
    from harness.screen.port import Picture

    code = np.array([list(row) for row in segno.make("hil://login/1", micro=False).matrix], np.uint8)
    pixels = np.kron(1 - np.pad(code, 4), np.full((8, 8), 255)).astype(np.uint8)
    picture = Picture(Stamp.exact(0), np.repeat(pixels[:, :, None], 3, axis=2))
    assert codes_on(picture)
    write_recording(tmp_path / "kept", Recording((0, S), {}, {}, [picture], "", [(0, S)]))
    kept = read_recording([tmp_path / "kept"]).pictures
    assert len(kept) == 1
    assert not codes_on(kept[0])


def test_a_message_that_comes_with_the_action_is_proposed_as_an_event(nothing: Recording) -> None:
    frames = list(nothing.buses["body"])
    for n, (begin, _) in enumerate(nothing.windows):
        for k in range(3):
            t = begin + (20 + 20 * k) * MS
            frames.append(Heard(t, t, t, "data", Frame(0x320, bytes([0, 7, n, 1]))))
    buses = {**nothing.buses, "body": sorted(frames, key=lambda h: h.t)}
    found = learn(replace(nothing, buses=buses), None)
    assert [(r.kind, r.where) for r in found.reactions] == [("message", "body 0x320")]
    lines = proposals(found)
    role = yaml.safe_load("\n".join(lines).partition("# DBC")[0])["roles"]["wheel.messaging"]
    assert role == {"kind": "button.event", "message": "body/X320", "code": 7, "repeat": 3}
    assert any("code is byte 1 of every first frame" in line for line in lines)
    assert "BO_ 800 X320: 4 Vector__XXX" in lines


def test_ears_that_a_rig_lacks_are_said_and_left_out(vehicle: Vehicle) -> None:
    from harness.foundation.clock import VirtualClock

    class Deaf:
        def heard(self, *_: object) -> Any:
            raise NotOffered("this rig has no sound")

        def seen_to(self) -> Ns:
            return 1 << 62

    said: list[str] = []
    clock, turns = VirtualClock(), iter([[1 * S], [None]])
    found = listen(clock, {}, Deaf(), None, lambda: next(turns), said.append, "")
    assert found.sounds == {}
    assert any("this rig has no sound" in line for line in said)
    assert any("has no end and is left out" in line for line in said)
    assert found.windows == []


def test_a_recording_that_is_all_action_is_refused(presses: Recording, vehicle: Vehicle) -> None:
    begin, end = presses.span
    with pytest.raises(BadInput, match="nothing to compare it with"):
        learn(replace(presses, windows=[(begin, end)]), vehicle)
    with pytest.raises(BadInput, match="outside the recording"):
        learn(replace(presses, windows=[(end + S, end + 2 * S)]), vehicle)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("schema: 1\nmarks: []\n", "no action was done"),
        ("schema: 1\nmarks:\n  - {from: 2 s}\n", ":3.*a mark has a beginning and an end"),
        ("schema: 1\nmarks:\n  - {from: 2 s, to: 1 s}\n", "ends before it begins"),
        ("schema: 1\nmarks:\n  - {from: 2, to: 3 s}\n", "not a number with a unit"),
        ("- 1\n", "no marks file"),
    ],
)
def test_bad_marks_are_told_with_their_line(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "marks.yaml").write_text(text)
    with pytest.raises(BadInput, match=problem):
        read_marks(tmp_path / "marks.yaml")


def test_a_candump_of_several_buses_is_read_by_channel(tmp_path: Path) -> None:
    (tmp_path / "trace.log").write_text("(1.000000) can0 100#00\n(2.500000) can1 200#01\n")
    (tmp_path / "marks.yaml").write_text("schema: 1\nmarks: [{from: 1.2 s, to: 1.3 s}]\n")
    found = read_recording([tmp_path / "trace.log"], tmp_path / "marks.yaml")
    assert sorted(found.buses) == ["can0", "can1"]
    assert found.span == (1 * S, 2500 * MS)
    with pytest.raises(BadInput, match="nothing says when"):
        read_recording([tmp_path / "trace.log"])


@pytest.mark.parametrize(
    ("action", "role"),
    [
        ("press the messaging button", "wheel.messaging"),
        ("open the driver's door", "door.driver"),
        ("fasten the driver's belt", "belt.driver"),
        ("the driver presses the messaging button", "wheel.messaging"),
        ("press the brake pedal", "brake"),
        ("the driver gets up", ""),
        ("whistle", ""),
    ],
)
def test_the_role_is_guessed_from_the_action(action: str, role: str) -> None:
    assert guess_role(action) == role

"""The car with event-type wheel switches: its shape, its frames by hand, its own recipes against its own rules."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import soundfile
from PIL import Image
from scipy.ndimage import sobel
from scipy.signal import fftconvolve

from harness.can.protection import Protector
from harness.foundation.errors import BadInput, HarnessError, SeveralBadInputs
from harness.foundation.units import MS
from harness.vehicle.driving import DrivingState, metres_per_second
from harness.vehicle.load import load_vehicle
from harness.vehicle.roles import ROLES
from harness.vehicle.vehicle import Vehicle

ROOT = Path(__file__).parents[2]
GKUI = ROOT / "dbc" / "gkui"
ALIKE = 0.4
States = dict[str, str | float]


@pytest.fixture(scope="module")
def gkui() -> Vehicle:
    return load_vehicle(GKUI)


@pytest.fixture(scope="module")
def tool() -> Iterator[ModuleType]:
    """tools/make_gkui.py, beside whose file lies what it imports."""
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        spec = importlib.util.spec_from_file_location("make_gkui", ROOT / "tools" / "make_gkui.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module
    finally:
        sys.path.remove(str(ROOT / "tools"))
        sys.modules.pop("make_icons", None)


def protected(gkui: Vehicle, role_name: str, counter: int, **values: float | str) -> bytes:
    role = gkui.role(role_name)
    protector = Protector(role.message, gkui.protection[(role.bus, role.message.name)])
    return protector.apply(role.message.encode(values), counter)


class TestFrames:
    """Sum of the bytes of the data id and of all other bytes, modulo 256, as one adds it on paper."""

    def test_a_short_press(self, gkui: Vehicle) -> None:
        # 0x2A5, Intel. Number 5 in bits 0..3, Short = 1 in bits 4..6: 15. Talk = 48 = 30. Id A5 + 02 = A7.
        # A7 + 15 = BC, + 30 = EC
        data = protected(gkui, "wheel.messaging", 0, SwSeq=5, SwKind="Short", SwCode="Talk")
        assert data == bytes.fromhex("1530 0000 0000 00EC")

    def test_a_long_press(self, gkui: Vehicle) -> None:
        # Number 9, Long = 2: 29. Held 1200 ms / 10 = 120 = 78, 12 bits from bit 16: byte 2 = 78, byte 3 = 00.
        # A7 + 29 = D0, + 30 = 1 00, + 78 = 78
        data = protected(gkui, "wheel.messaging", 0, SwSeq=9, SwKind="Long", SwCode="Talk", SwHeld=1200)
        assert data == bytes.fromhex("2930 7800 0000 0078")

    def test_the_state_of_the_unit(self, gkui: Vehicle) -> None:
        # 0x321, Motorola. Active = 8 in the high nibble of byte 0, Listening = 2 in the low one: 82. Waiting 3: 03.
        # Ducked = 2 in the first three bits of byte 2, Ready = 1 in the next two: 010 01 000 = 48. Counter 13: D0.
        # Id 21 + 03 = 24; + 82 = A6, + 03 = A9, + 48 = F1, + D0 = 1 C1
        values = {"SesSt": "Active", "MsgSt": "Listening", "Waiting": 3, "SndSt": "Ducked", "BootSt": "Ready"}
        data = protected(gkui, "head_unit.app", 13, **values)
        assert data == bytes.fromhex("8203 4800 0000 D0C1")

    def test_a_network_management_pdu(self, gkui: Vehicle) -> None:
        # node id 26 = 1A in byte 0, nothing in the control bit vector: id 0x520 + 1A
        message = gkui.role("network.head_unit").message
        assert (message.id, message.start_data()) == (0x53A, bytes.fromhex("1A00 0000 0000 0000"))
        assert message.network_management


class TestShape:
    def test_both_buses_are_classic_and_of_other_byte_orders(self, gkui: Vehicle) -> None:
        orders = {bus.name: {s.little_endian for m in bus.database.messages.values() for s in m.signals.values()} for bus in gkui.buses.values()}  # fmt: skip  # noqa: E501
        assert orders == {"body": {True}, "infotainment": {False}}
        assert all(bus.data_bitrate is None for bus in gkui.buses.values())
        assert sum(len(bus.database.messages) for bus in gkui.buses.values()) >= 40

    def test_files_say_whose_they_are(self, gkui: Vehicle) -> None:
        for bus in gkui.buses.values():
            text = bus.path.read_text(encoding="utf-8")
            assert "Written by this project" in text
            assert "no data of any car maker" in text
        assert "not the maker's" in gkui.note

    def test_it_has_every_role_but_the_mat_of_the_drivers_seat(self, gkui: Vehicle) -> None:
        assert set(ROLES) - set(gkui.roles) == {"seat.driver"}
        ours = {n for n, r in gkui.roles.items() if gkui.head_unit_nodes & set(r.message.senders)}
        assert ours == {n for n in gkui.roles if n.startswith("head_unit.")} | {"network.head_unit"}

    def test_what_it_offers_and_what_it_does_not(self, gkui: Vehicle) -> None:
        for need in ("button.event", "button.on_can", "button.checksum", "head_unit.cluster", "key | seat.driver"):
            assert gkui.has(need)
        for need in ("button.level", "button.counter", "seat.driver"):
            assert not gkui.has(need)

    def test_a_vote_is_a_pdu_whatever_is_in_it(self, gkui: Vehicle) -> None:
        vote = gkui.role("network.vehicle_awake")
        assert vote.by_presence
        assert vote.read(bytes(8)) == vote.read(b"\xff" * 8) == "awake"
        assert vote.read(b"\0") is None


class TestWheel:
    def test_a_frame_is_read_as_a_kind_of_its_own_button_only(self, gkui: Vehicle) -> None:
        talk, mute = gkui.role("wheel.messaging"), gkui.role("wheel.mute")
        data = talk.message.encode({"SwCode": "Talk", "SwKind": "Double", "SwSeq": 15})
        assert talk.read(data) == "double"
        assert mute.read(data) is None
        assert talk.event is not None
        assert (talk.event.number(data), talk.event.numbers, talk.event.repeat) == (15, 16, 3)
        assert talk.read(data[:4]) is None
        assert talk.event.number(b"") is None

    def test_an_event_that_is_written_is_read_back(self, gkui: Vehicle) -> None:
        event = gkui.role("wheel.messaging").event
        assert event is not None
        for kind, number in itertools.product(event.kinds, (0, 7, 15)):
            data = event.message.encode(event.values(kind, number))
            assert (event.kind(data), event.number(data)) == (kind, number)

    def test_it_has_no_cycle_to_count_with(self, gkui: Vehicle) -> None:
        with pytest.raises(HarnessError, match="no cycle time"):
            gkui.period("wheel.messaging")
        assert gkui.role("wheel.messaging").message.fast_cycle == 20 * MS

    @pytest.mark.parametrize(
        ("old", "new", "problem"),
        [
            ("kinds: {short: Short, long: Long, double: Double", "kinds: {short: Short, lng: Long", "'long'"),
            ("kinds: {short: Short, long: Long, double: Double", "kinds: {short: Shrt", "'Short'"),
            ("sequence: SwSeq", "sequence: SwSqe", "'SwSeq'"),
            ("code: 48", "code: 300", "0 to 255"),
            ("checksum: SwSum}", "checksum: SwSmu}", "'SwSum'"),
            (", checksum: SwSum}", "}", "protects nothing"),
        ],
    )
    def test_a_slip_in_its_data_is_named(self, tmp_path: Path, old: str, new: str, problem: str) -> None:
        folder = tmp_path / "car"
        folder.mkdir()
        for path in [*GKUI.glob("*.dbc"), *GKUI.glob("s*/*")]:
            link = folder / path.relative_to(GKUI)
            link.parent.mkdir(exist_ok=True)
            link.symlink_to(path)
        text = (GKUI / "vehicle.yaml").read_text(encoding="utf-8")
        assert old in text
        (folder / "vehicle.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises((BadInput, SeveralBadInputs), match=problem):
            load_vehicle(folder)


def played(vehicle: Vehicle, *events: str) -> Iterator[tuple[str | None, States]]:
    """States of all roles after each step of ``events``, from the initial state on, with the step's mark."""
    states: States = dict(vehicle.initial)
    for event in events:
        for step in vehicle.event(event):
            if step.what in vehicle.roles:
                states = {**states, step.what: step.value}
            yield step.mark, states


class TestRecipes:
    def test_a_case_begins_present_parked_and_on(self, gkui: Vehicle) -> None:
        start = gkui.initial
        assert gkui.presence.is_present(start)
        assert not gkui.presence.has_left(start)
        assert gkui.driving.state(metres_per_second(start["speed"]), {"gear": "P"}, 0) is DrivingState.PARKED

    @pytest.mark.parametrize("event", ["driver_leaves", "driver_leaves_engine_running", "lock_outside"])
    def test_leaving_is_met_at_the_mark_not_before_and_stays_met(self, gkui: Vehicle, event: str) -> None:
        steps = list(played(gkui, event))
        at = next(i for i, (mark, _) in enumerate(steps) if mark)
        left = [gkui.presence.has_left(states) for _, states in steps]
        assert left == [i >= at for i in range(len(steps))]

    @pytest.mark.parametrize(
        "event",
        ["engine_stop_start", "passenger_leaves", "passenger_sits", "driver_door_opens_seated", "ignition_off_seated",
         "seat_invalid"],
    )  # fmt: skip
    def test_what_is_no_leaving_never_meets_the_rule(self, gkui: Vehicle, event: str) -> None:
        assert not any(gkui.presence.has_left(states) for _, states in played(gkui, event))

    @pytest.mark.parametrize("event", ["seat_flickers", "driver_leaves_and_returns_in_time"])
    def test_a_short_absence_meets_the_rule_for_less_than_the_confirm_time(self, gkui: Vehicle, event: str) -> None:
        gone, states = 0, dict(gkui.initial)
        for step in gkui.event(event):
            if step.what == "wait" and gkui.presence.has_left(states):
                gone += int(step.value)
            elif step.what in gkui.roles:
                states = {**states, step.what: step.value}
        assert 0 < gone < int(gkui.unit["confirm_leave"])

    def test_locking_counts_where_the_key_says_nothing(self, gkui: Vehicle) -> None:
        assert list(played(gkui, "seat_invalid", "lock_outside"))[-1][1]["key"] == "invalid"
        assert gkui.presence.has_left(list(played(gkui, "seat_invalid", "lock_outside"))[-1][1])

    def test_presence_is_still_told_with_the_ignition_off(self, gkui: Vehicle) -> None:
        needed = {gkui.role(r).message.name for r in gkui.presence.roles() if r != "engine"}
        assert all(gkui.modes["OFF"].sends(name) for name in needed)
        assert gkui.modes["OFF"].sends(gkui.role("network.vehicle_awake").message.name)


class TestLooksAndSounds:
    def test_the_tool_draws_what_is_in_the_tree(self, gkui: Vehicle, tool: ModuleType, tmp_path: Path) -> None:
        tool.draw(tmp_path)
        assert set(gkui.screens) == set(tool.ICONS)
        for name, path in gkui.screens.items():
            drawn = np.asarray(Image.open(tmp_path / f"{name}.png"), dtype=int)
            assert np.abs(drawn - np.asarray(Image.open(path), dtype=int)).mean() < 1.0

    def test_no_two_icons_look_alike(self, gkui: Vehicle) -> None:
        found = {name: edges(path) for name, path in gkui.screens.items() if name != "keyboard"}
        alike = {
            (a, b): round(score, 2)
            for a, b in itertools.combinations(found, 2)
            if (score := max(best_match(found[a], found[b]), best_match(found[b], found[a]))) > ALIKE
        }
        assert alike == {}

    def test_the_tool_plays_what_is_in_the_tree(self, gkui: Vehicle, tool: ModuleType) -> None:
        assert set(gkui.sounds) == set(tool.SOUNDS)
        for name, path in gkui.sounds.items():
            assert np.abs(soundfile.read(path, dtype="int16")[0].astype(int) - tool.SOUNDS[name][0]).max() <= 1

    def test_no_two_sounds_are_alike(self, gkui: Vehicle) -> None:
        sounds = {name: soundfile.read(path)[0] for name, path in gkui.sounds.items()}
        for one, other in itertools.combinations(sounds.values(), 2):
            peak = np.abs(fftconvolve(one, other[::-1])).max()
            assert peak / np.linalg.norm(one) / np.linalg.norm(other) < ALIKE


def edges(path: Path) -> np.ndarray:
    pixels = np.asarray(Image.open(path).convert("L"), dtype=float)
    return np.hypot(sobel(pixels, 0), sobel(pixels, 1))


def best_match(icon: np.ndarray, field: np.ndarray) -> float:
    """Highest normalised cross-correlation of ``icon`` anywhere within ``field`` (padded by a quarter)."""
    field = np.pad(field, icon.shape[0] // 4)
    centred = icon - icon.mean()
    cross = fftconvolve(field, centred[::-1, ::-1], mode="valid")
    total = fftconvolve(field, np.ones_like(icon), mode="valid")
    square = fftconvolve(field**2, np.ones_like(icon), mode="valid")
    spread = np.sqrt(np.maximum(square - total**2 / icon.size, 1e-9))
    return float((cross / (spread * np.linalg.norm(centred))).max())

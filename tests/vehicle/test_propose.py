"""What a database is taken to say: which signal is which role, how sure, and what nothing is said of."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from harness.vehicle.load import load_vehicle
from harness.vehicle.propose import LEAST, Candidate, Proposal, head_unit_nodes, propose
from harness.vehicle.propose_coded import coded_buttons
from harness.vehicle.propose_protection import guarded
from harness.vehicle.propose_source import Source, read_source, read_sources
from harness.vehicle.propose_words import ROLE_WORDS, met, parts
from harness.vehicle.roles import ROLES

ROOT = Path(__file__).parents[2]
FOREIGN = Path(__file__).parent / "data" / "opendbc"
OWN = sorted(path.parent for path in (ROOT / "dbc").glob("*/vehicle.yaml"))
Read = Callable[[str], Source]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A bus from the text of its messages and what follows them."""

    def made(text: str) -> Source:
        path = tmp_path / "car.dbc"
        path.write_text('VERSION ""\nNS_ :\nBS_:\nBU_: BCM SWM HU\n' + text, encoding="utf-8")
        return read_source(path, "body")

    return made


def proposals(source: Source) -> dict[str, Proposal]:
    return propose([source], head_unit_nodes([source]))


@cache
def of_a_file(name: str) -> dict[str, Proposal]:
    return proposals(read_source(FOREIGN / f"{name}.dbc", "x"))


def signal(name: str, bits: int = 2, comment: str = "", values: str = "", message: str = "Body_1") -> str:
    lines = [f"BO_ 512 {message}: 8 BCM", f' SG_ {name} : 0|{bits}@1+ (1,0) [0|3] "" HU']
    lines += [f'CM_ SG_ 512 {name} "{comment}";'] if comment else []
    return "\n".join([*lines, f"VAL_ 512 {name} {values} ;" if values else "", ""])


NAMES = [
    # English, German, pinyin, Chinese
    ("DrvSeatOccupied", "seat.driver"),
    ("VCLEFT_frontOccupancySwitch", "seat.driver"),
    ("SiBelegung_FS", "seat.driver"),
    ("ZhuJia_ZuoYi_ZhanYong", "seat.driver"),
    ("PassSeatOccSts", "seat.passenger"),
    ("AB_Gurtschloss_FA", "belt.driver"),
    ("ZhuJia_AnQuanDai", "belt.driver"),
    ("DoorAjarFL", "door.driver"),
    ("Tuerkontakt_FT_Fahrer", "door.driver"),
    ("ZhuJia_CheMen", "door.driver"),
    ("BeifahrerTuer", "door.passenger"),
    ("ZAS_Kl_15", "ignition"),
    ("IgnSwSts", "ignition"),
    ("DianHuo_KaiGuan", "ignition"),
    ("GE_Waehlhebel", "gear"),
    ("DangWei", "gear"),
    ("SWC_Voice", "wheel.messaging"),
    ("MFL_Sprachbedienung", "wheel.messaging"),
    ("FangXiangPan_YuYin", "wheel.messaging"),
    ("SteWhl_VolUp_Sw", "wheel.volume_up"),
    ("FangXiangPan_JingYin", "wheel.mute"),
    ("BremspedalStatus", "brake"),
    ("ShaChe_TaBan", "brake"),
    ("ZV_verriegelt_Status", "lock"),
    ("PEPS_KeyPosition", "key"),
]


@pytest.mark.parametrize(("name", "role"), NAMES)
def test_names_as_cars_have_them(read: Read, name: str, role: str) -> None:
    found = proposals(read(signal(name)))
    assert [r for r, p in found.items() if p.best is not None] == [role]


NOT_WHAT_THEY_SOUND_LIKE = [
    "DrvSeatHeatReq", "DrvSeatBeltWarnLamp", "RearLeftDoorAjar", "DriverDoorLockCmd", "IgnitionCoilTemp",
    "GearOilTemp", "ParkBrakeApplied", "WheelSpeedFL", "SteeringAngleValid", "DriverWindowSw", "EngineFanSpeed",
]  # fmt: skip


@pytest.mark.parametrize("name", NOT_WHAT_THEY_SOUND_LIKE)
def test_what_only_sounds_like_a_role_is_not_written_as_one(read: Read, name: str) -> None:
    found = proposals(read(signal(name)))
    assert [r for r, p in found.items() if p.best is not None] == []


REAL = [
    ("tesla_model3_vehicle", "seat.driver", "VCLEFT_switchStatus.VCLEFT_frontOccupancySwitch",
     {"occupied": "SWITCH_ON", "empty": "SWITCH_OFF", "invalid": "SWITCH_SNA"}),
    ("tesla_model3_vehicle", "door.driver", "VCLEFT_doorStatus.VCLEFT_frontLatchStatus",
     {"open": "LATCH_OPENED", "closed": "LATCH_CLOSED", "invalid": "LATCH_FAULT"}),
    ("tesla_model3_party", "ignition", "VCFRONT_LVPowerState.VCFRONT_vehiclePowerState",
     {"off": "VEHICLE_POWER_STATE_OFF", "acc": "VEHICLE_POWER_STATE_ACCESSORY", "on": "VEHICLE_POWER_STATE_DRIVE"}),
    ("tesla_model3_party", "speed", "ESP_B.ESP_vehicleSpeed", {"invalid": "ESP_VEHICLE_SPEED_SNA"}),
    ("hyundai_2015_ccan", "wheel.hangup", "GW_SWRC_PE.C_BTPhoneHangUpSW", {}),
    ("hyundai_2015_ccan", "belt.driver", "CGW1.CF_Gway_DrvSeatBeltSw", {}),
    ("hyundai_2015_mcan", "door.driver", "GW_DDM_PE.C_DRVDoorStatus", {}),
    ("volvo_v60_2015_pt", "door.driver", "Doors.DriverDoorClosed", {"closed": 1, "open": 0}),
    ("volvo_v60_2015_pt", "brake", "Brake_Info.BrakePedal", {"pressed": "Pressed", "released": "Not Pressed"}),
    ("toyota_prius_2010_pt", "gear", "GEAR_PACKET.GEAR", {"P": "P", "R": "R", "N": "N", "D": "D"}),
    ("bmw_e9x_e8x", "wheel.messaging", "SteeringButtons.VoiceControl", {}),
    ("bmw_e9x_e8x", "gear", "GearSelectorSwitch.ShifterPosition", {"P": "P", "R": "R", "N": "N", "D": "D"}),
    ("ford_cgea1_2_bodycan_2011", "wheel.messaging", "MS_Steering_Data.SteWhlCtl_Voice_PTT", {}),
    ("ford_cgea1_2_bodycan_2011", "door.driver", "Ajar_Stat.DF_Door_Ajar_Status", {"open": 1, "closed": 0}),
    ("mazda_rx8", "speed", "speed.VehicleSpeed", {}),
]  # fmt: skip


@pytest.mark.parametrize(("file", "role", "place", "states"), REAL, ids=[f"{f}-{r}" for f, r, _, _ in REAL])
def test_roles_of_real_cars(file: str, role: str, place: str, states: dict[str, object]) -> None:
    best = of_a_file(file)[role].best
    assert best is not None
    assert best.place == f"x/{place}"
    assert best.states == states
    assert set(best.lacking) == ROLES[role].states - set(states)


@pytest.mark.parametrize("folder", OWN, ids=lambda folder: folder.name)
def test_of_a_car_that_is_known_nothing_wrong_is_proposed(folder: Path) -> None:
    """Words were chosen by looking at cars, so the share that is found proves little; that nothing is wrong does."""
    car = load_vehicle(folder)
    sources = [read_source(bus.path, bus.name) for bus in car.buses.values()]
    unit = head_unit_nodes(sources)
    assert set(unit) == car.head_unit_nodes
    found = propose(sources, unit)
    best = {role: p.best.place for role, p in found.items() if p.best is not None}
    known = {role: car.roles[role].place for role in best if role in car.roles and car.roles[role].signal}
    assert {role: best[role] for role in known} == known
    assert len(known) >= 12


class TestStates:
    def test_a_negation_is_the_other_state(self, read: Read) -> None:
        values = '0 "nicht_verbaut" 1 "nicht_gesteckt" 2 "gesteckt" 3 "Fehler"'
        best = proposals(read(signal("Gurtschloss_FA", values=values)))["belt.driver"].best
        assert best is not None
        assert best.states == {"fastened": "gesteckt", "open": "nicht_gesteckt", "invalid": "Fehler"}

    def test_without_a_value_table_nothing_is_said(self, read: Read) -> None:
        best = proposals(read(signal("DrvSeatOccSts")))["seat.driver"].best
        assert best is not None
        assert best.states == {}
        assert set(best.lacking) == {"occupied", "empty"}

    def test_a_bit_named_after_a_state_carries_it_as_1(self, read: Read) -> None:
        best = proposals(read(signal("DriverDoorClosed", 1)))["door.driver"].best
        assert best is not None
        assert best.states == {"closed": 1, "open": 0}

    def test_a_label_that_stands_twice_is_a_number(self, read: Read) -> None:
        values = '0 "Empty" 1 "Occupied" 2 "Occupied" 3 "SNA"'
        best = proposals(read(signal("DrvSeatOccSts", values=values)))["seat.driver"].best
        assert best is not None
        assert best.states == {"occupied": 1, "empty": "Empty", "invalid": "SNA"}


class TestConfidence:
    def test_the_reasons_say_which_word_stands_where(self, read: Read) -> None:
        best = proposals(read(signal("Occ_1", comment="Driver seat occupied")))["seat.driver"].best
        assert best is not None
        assert "its comment has 'driver'" in best.reasons
        assert "its name has 'occ'" in best.reasons

    def test_a_name_a_value_table_and_a_receiver_each_make_surer(self, read: Read) -> None:
        values = '0 "Empty" 1 "Occupied"'
        weak = proposals(read(signal("Occ_1", comment="Driver seat")))["seat.driver"].best
        named = proposals(read(signal("DrvSeatOcc")))["seat.driver"].best
        tabled = proposals(read(signal("DrvSeatOcc", values=values)))["seat.driver"].best
        unheard = proposals(read(signal("DrvSeatOcc", values=values).replace('"" HU', '"" BCM')))["seat.driver"].best
        assert weak
        assert named
        assert tabled
        assert unheard
        assert LEAST <= weak.confidence < named.confidence < tabled.confidence
        assert unheard.confidence < tabled.confidence

    def test_a_signal_is_proposed_for_one_role_only(self, read: Read) -> None:
        found = proposals(read(signal("SWC_VoiceNextVolUp")))
        assert len([p for p in found.values() if p.best is not None]) == 1

    def test_what_the_head_unit_sends_is_no_input(self, read: Read) -> None:
        found = proposals(read(signal("DrvSeatOccupied").replace("8 BCM", "8 HU")))
        assert found["seat.driver"].best is None

    def test_counters_and_checksums_are_no_roles(self, read: Read) -> None:
        found = proposals(
            read(signal("VehicleSpeedCrc", 8) + signal("Ign_Cnt", 4).replace("512", "513").replace("_1:", "_2:"))
        )
        assert [r for r, p in found.items() if p.best is not None] == []


class TestCodedButtons:
    TABLE = '0 "None" 1 "Volume_Up" 2 "Volume_Down" 3 "Talk" 4 "Mute"'

    def test_a_level_names_its_buttons_and_its_rest(self, read: Read) -> None:
        found = coded_buttons([read(signal("SWC_Key", 4, values=self.TABLE))], ["HU"])
        states = {role: dict(c.states) for role, c in found.items()}
        assert states == {
            "wheel.volume_up": {"pressed": 1, "released": 0}, "wheel.volume_down": {"pressed": 2, "released": 0},
            "wheel.messaging": {"pressed": 3, "released": 0}, "wheel.mute": {"pressed": 4, "released": 0},
        }  # fmt: skip

    def test_a_kind_beside_it_makes_events(self, read: Read) -> None:
        more = ' SG_ How : 4|2@1+ (1,0) [0|3] "" HU\n SG_ EvtSeq : 8|4@1+ (1,0) [0|15] "" HU\n'
        text = signal("SWC_Key", 4, values=self.TABLE).replace("VAL_", more + "VAL_")
        found = coded_buttons([read(text + 'VAL_ 512 How 0 "None" 1 "Short" 2 "Long" 3 "SNA" ;\n')], ["HU"])
        event = found["wheel.messaging"].event
        assert event is not None
        assert (event.code, event.code_signal, event.kind_signal, event.sequence) == (3, "SWC_Key", "How", "EvtSeq")
        assert event.kinds == {"short": 1, "long": 2, "invalid": 3}

    def test_a_table_of_other_things_is_none(self, read: Read) -> None:
        table = '0 "None" 1 "Next" 2 "Previous"'
        assert coded_buttons([read(signal("TrackChange", 2, values=table))], ["HU"]) == {}


class TestProtection:
    TEXT = """BO_ 300 Wheel: 8 SWM
 SG_ Wheel_CRC : 0|8@1+ (1,0) [0|255] "" HU
 SG_ Wheel_AliveCounter : 8|4@1+ (1,0) [0|15] "" HU
 SG_ Wheel_Counter_Of_Presses : 16|16@1+ (1,0) [0|9] "" HU
BA_DEF_ BO_ "E2E_DataID" INT 0 65535;
BA_DEF_DEF_ "E2E_DataID" 0;
BA_ "E2E_DataID" BO_ 300 419;
"""

    def test_by_name_width_and_attribute(self, read: Read) -> None:
        one = guarded([read(self.TEXT)])["body/Wheel"]
        assert (one.counter, one.checksum, one.data_id) == ("Wheel_AliveCounter", "Wheel_CRC", 419)
        assert one.profile is None
        assert "E2E_DataID 419" in one.reason

    def test_sixteen_and_eight_bits_are_profile_5(self, read: Read) -> None:
        text = self.TEXT.replace("0|8@1+", "0|16@1+").replace("8|4@1+", "24|8@1+").replace("16|16@1+", "32|16@1+")
        assert guarded([read(text)])["body/Wheel"].profile == "E2E-P05"

    def test_a_counter_alone_is_none(self, read: Read) -> None:
        assert (
            guarded([read(self.TEXT.replace("Wheel_CRC", "Wheel_Torque").replace("E2E", "X").replace("DataID", "Y"))])
            == {}
        )


class TestSource:
    def test_the_bitrate_is_the_files_or_assumed(self, read: Read) -> None:
        text = 'BA_DEF_ "Baudrate" INT 0 1000000;\nBA_DEF_DEF_ "Baudrate" 0;\nBA_ "Baudrate" 125000;\n'
        told, not_told = read(signal("A") + text), read(signal("A"))
        assert (told.bitrate, told.told, told.data_bitrate) == (125_000, True, None)
        assert (not_told.bitrate, not_told.told) == (500_000, False)

    def test_buses_are_named_without_what_all_begin_with(self, tmp_path: Path) -> None:
        for name in ("My-Car_body.dbc", "My-Car_media.dbc"):
            (tmp_path / name).write_text('VERSION ""\nNS_ :\nBS_:\nBU_: A\n' + signal("A"))
        names = [s.bus for s in read_sources(sorted(tmp_path.glob("*.dbc")))]
        assert names == ["body", "media"]
        assert [s.bus for s in read_sources([tmp_path / "My-Car_body.dbc"])] == ["my_car_body"]


def test_every_role_with_states_has_its_words() -> None:
    assert set(ROLES) - set(ROLE_WORDS) == {"network.head_unit"}  # a message, known by its sender


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("VCLEFT_frontLatch15", ("vcleft", "front", "latch", "15")),
        ("SiBelegungFS", ("si", "belegung", "fs")),
        ("HTTPServer", ("http", "server")),
        ("主驾座椅Occ", ("主驾座椅", "occ")),
    ],
)
def test_a_name_falls_into_its_words(name: str, words: tuple[str, ...]) -> None:
    assert parts(name) == words


def test_short_words_stand_alone_and_long_ones_anywhere() -> None:
    assert met({"si"}, "SiBelegung") == "si"
    assert met({"si"}, "Position") is None
    assert met({"buckle"}, "SeatbuckleState") == "buckle"
    assert met({"volup"}, "Vol_Up") == "volup"


def test_a_candidate_knows_its_place(read: Read) -> None:
    best = proposals(read(signal("DrvSeatOccupied")))["seat.driver"].best
    assert isinstance(best, Candidate)
    assert best.place == "body/Body_1.DrvSeatOccupied"

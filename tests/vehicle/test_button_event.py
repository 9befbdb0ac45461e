"""Events of a button whose module decides, and cycle times that a car adds to its database."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.can.database import Database, load_dbc
from harness.foundation.units import MS
from harness.vehicle.button_event import DOUBLE, INVALID, KINDS, LONG, SHORT, ButtonEvent
from harness.vehicle.cycles import with_cycles

TEXT = """VERSION ""
NS_ :
BS_:
BU_: Car Unit

BO_ 291 Switches: 3 Car
 SG_ Code : 0|8@1+ (2,1) [0|0] "" Unit
 SG_ Kind : 8|4@1+ (1,0) [0|0] "" Unit
 SG_ Number : 12|4@1+ (1,0) [0|0] "" Unit

BO_ 292 Given: 1 Car

BA_DEF_ BO_ "GenMsgCycleTime" INT 0 65535;
BA_DEF_DEF_ "GenMsgCycleTime" 0;
BA_ "GenMsgCycleTime" BO_ 292 20;
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    path: Path = tmp_path_factory.mktemp("dbc") / "switches.dbc"
    path.write_text(TEXT)
    return load_dbc(path)


def event(database: Database, numbered: bool = True) -> ButtonEvent:
    message = database.by_name("Switches")
    code, kind, number = (message.signals[name] for name in ("Code", "Kind", "Number"))
    return ButtonEvent(message, 7, code, kind, {SHORT: 1, LONG: 2, INVALID: 15}, number if numbered else None, 3)


@pytest.mark.parametrize(("data", "kind", "number"), [
    (b"\x07\x51\x00", "short", 5), (b"\x07\xf2\x00", "long", 15), (b"\x07\x0f\x00", "invalid", 0),
    (b"\x07\x53\x00", None, 5), (b"\x08\x51\x00", None, 5), (b"\x07\x51", None, None), (b"\x07\x51\0\0", None, None),
])  # fmt: skip
def test_an_event_is_this_buttons_by_its_code(database: Database, data: bytes, kind: str | None, number: int) -> None:
    assert (event(database).kind(data), event(database).number(data)) == (kind, number)
    assert (event(database, False).kind(data), event(database, False).number(data)) == (kind, None)


def test_a_frame_is_written_as_it_is_read(database: Database) -> None:
    button = event(database)
    assert button.values(LONG, 9) == {"Code": 15, "Kind": 2, "Number": 9}
    data = button.message.encode(button.values(LONG, 9))
    assert (button.kind(data), button.number(data)) == (LONG, 9)
    assert event(database, False).values(SHORT, 9) == {"Code": 15, "Kind": 1}
    assert (button.numbers, event(database, False).numbers) == (16, 1)
    with pytest.raises(KeyError):
        button.values(DOUBLE, 1)
    assert KINDS == ("short", "long", "double", "invalid")


def test_a_cycle_is_added_where_the_database_gives_none(database: Database) -> None:
    found = with_cycles(database, {"Switches": 100 * MS, "Given": 20 * MS})
    assert {m.name: m.cycle for m in found.messages.values()} == {"Switches": 100 * MS, "Given": 20 * MS}
    assert found.by_name("Switches").cycle == 100 * MS
    assert (found.path, found.nodes, set(found.messages)) == (database.path, database.nodes, set(database.messages))
    assert database.by_name("Switches").cycle is None
    assert with_cycles(database, {"Switches": 1}).by_name("Switches").cycle == 1


@pytest.mark.parametrize(("name", "cycle", "told"), [
    ("Given", 10 * MS, "the database gives 20 ms. Remove the line"),
    ("Switches", 0, "a cycle is longer than nothing. Write it such as '100 ms'"),
    ("Switches", -1, "a cycle is longer than nothing. Write it such as '100 ms'"),
])  # fmt: skip
def test_a_cycle_that_cannot_be_is_told(database: Database, name: str, cycle: int, told: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
        with_cycles(database, {name: cycle})


def test_a_cycle_of_a_message_that_is_not_there_is_a_key_error(database: Database) -> None:
    with pytest.raises(KeyError):
        with_cycles(database, {"Nothing": 1})

"""A small database of our own, with every kind of signal, for the tests of the CAN room."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.can.database import Database, load_dbc

SMALL = """
VERSION ""
NS_ :
BS_:
BU_: Wheel Body Unit

BO_ 419 Buttons: 8 Wheel
 SG_ Crc : 0|8@1+ (1,0) [0|255] "" Unit
 SG_ Counter : 8|4@1+ (1,0) [0|14] "" Unit
 SG_ Msg : 12|2@1+ (1,0) [0|3] "" Unit
 SG_ Torque : 23|12@0- (0.1,0) [-200|200] "Nm" Unit

BO_ 256 Speed: 8 Body
 SG_ Sum : 63|8@0+ (1,0) [0|255] "" Unit
 SG_ Alive : 48|4@1+ (1,0) [0|15] "" Unit
 SG_ Speed : 7|16@0+ (0.01,0) [0|300] "km/h" Unit
 SG_ Temp : 16|8@1+ (1,-40) [-40|215] "degC" Unit

BO_ 2147483904 SpeedX: 4 Body
 SG_ Level : 0|32@1- (1,0) [0|0] "" Unit

BO_ 512 Pages: 8 Body
 SG_ Page M : 0|8@1+ (1,0) [0|2] "" Unit
 SG_ A m0 : 8|16@1+ (1,0) [0|0] "" Unit
 SG_ B m1 : 8|8@1+ (1,0) [0|0] "" Unit
 SG_ C : 56|8@1+ (1,0) [0|0] "" Unit

BO_ 768 Door: 2 Body
 SG_ Driver : 0|2@1+ (1,0) [0|3] "" Unit
 SG_ Count : 8|8@1+ (1,0) [0|0] "" Unit

BO_ 769 Wiper: 1 Body
 SG_ On : 0|1@1+ (1,0) [0|1] "" Unit

BO_ 770 Lights: 1 Body
 SG_ Beam : 0|2@1+ (1,0) [0|3] "" Unit

BO_ 1024 Status: 16 Unit
 SG_ State : 0|8@1+ (1,0) [0|255] "" Body
 SG_ Real : 32|32@1- (1,0) [0|0] "" Body

CM_ BO_ 419 "The steering wheel buttons.";
BA_DEF_ BO_ "GenMsgCycleTime" INT 0 65535;
BA_DEF_ BO_ "GenMsgCycleTimeFast" INT 0 65535;
BA_DEF_ BO_ "GenMsgNrOfRepetition" INT 0 100;
BA_DEF_ BO_ "GenMsgSendType" ENUM "Cyclic","OnChange","OnWrite","IfActive","CyclicAndTriggered","NoMsgSendType";
BA_DEF_ SG_ "GenSigStartValue" INT 0 65535;
BA_DEF_DEF_ "GenMsgCycleTime" 0;
BA_DEF_DEF_ "GenMsgCycleTimeFast" 0;
BA_DEF_DEF_ "GenMsgNrOfRepetition" 0;
BA_DEF_DEF_ "GenMsgSendType" "NoMsgSendType";
BA_DEF_DEF_ "GenSigStartValue" 0;
BA_ "GenMsgCycleTime" BO_ 419 10;
BA_ "GenMsgSendType" BO_ 419 0;
BA_ "GenMsgCycleTime" BO_ 256 20;
BA_ "GenMsgSendType" BO_ 256 0;
BA_ "GenMsgCycleTime" BO_ 512 100;
BA_ "GenMsgCycleTime" BO_ 768 500;
BA_ "GenMsgCycleTimeFast" BO_ 768 20;
BA_ "GenMsgNrOfRepetition" BO_ 768 2;
BA_ "GenMsgSendType" BO_ 768 4;
BA_ "GenMsgCycleTime" BO_ 769 50;
BA_ "GenMsgSendType" BO_ 769 3;
BA_ "GenMsgSendType" BO_ 770 1;
BA_ "GenMsgNrOfRepetition" BO_ 770 1;
BA_ "GenMsgCycleTime" BO_ 1024 100;
BA_ "GenSigStartValue" SG_ 419 Msg 3;
BA_ "GenSigStartValue" SG_ 256 Temp 60;
VAL_ 419 Msg 0 "Released" 1 "Pressed" 3 "SNA" ;
VAL_ 768 Driver 0 "Closed" 1 "Open" 3 "SNA" ;
SIG_VALTYPE_ 1024 Real : 1;
"""


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The database above."""
    path = tmp_path_factory.mktemp("dbc") / "small.dbc"
    path.write_text(SMALL, encoding="utf-8")
    return load_dbc(path)


@pytest.fixture
def dbc_file(tmp_path: Path) -> Callable[[str], Path]:
    """Write messages (and what follows them) into a DBC file whose first BO_ is on line 5."""

    def write(body: str) -> Path:
        path = tmp_path / "written.dbc"
        path.write_text('VERSION ""\nNS_ :\nBS_:\nBU_: Car Unit\n' + textwrap.dedent(body).strip() + "\n")
        return path

    return write

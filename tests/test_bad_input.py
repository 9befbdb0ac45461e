# ruff: noqa: E501 - a table of mistakes reads best with one on each line
"""Every kind of file a person writes: each kind of mistake gives one message with file, line, value and remedy.

A kind of file is a copy of the real one in a temporary folder, and the function that reads it. A mistake changes one
place of it. What is specific to one kind has its own tests beside that part; here all kinds are held to the same.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.audio.stimuli import Library
from harness.evidence.deviations import load_deviations
from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.judging.requirements import load_requirements
from harness.rig.load import load_rig
from harness.vehicle.load import load_vehicle

ROOT = Path(__file__).parents[1]
SMALL = ROOT / "tests" / "vehicle" / "cars" / "small"
DEVIATIONS = """\
schema: 1
deviations:
  - case: scenarios/logout/test_leaving.py::test_leaving_logs_out[gs4]
    ticket: HU-4711
    approver: QA lead
    expires: "2027-03-31"
    software: ">= 1.4"
"""


@dataclass(frozen=True)
class Kind:
    """``lay`` puts a right file into a folder and returns it; ``read`` reads it as the harness does."""

    lay: Callable[[Path], Path]
    read: Callable[[Path], object]


def copied(source: Path) -> Callable[[Path], Path]:
    def lay(folder: Path) -> Path:
        shutil.copytree(source.parent, folder / source.parent.name)
        return folder / source.parent.name / source.name

    return lay


def written(name: str, text: str) -> Callable[[Path], Path]:
    def lay(folder: Path) -> Path:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        return path

    return lay


KINDS = {
    "car": Kind(copied(SMALL / "vehicle.yaml"), lambda path: load_vehicle(path.parent)),
    "dbc": Kind(copied(SMALL / "small.dbc"), lambda path: load_vehicle(path.parent)),
    "requirements": Kind(
        copied(ROOT / "scenarios" / "requirements" / "btn.yaml"), lambda path: load_requirements(path.parent)
    ),
    "rig": Kind(copied(ROOT / "rigs" / "virtual.yaml"), load_rig),
    "stimuli": Kind(copied(ROOT / "scenarios" / "stimuli" / "stimuli.yaml"), lambda path: Library.load(path.parent)),
    "deviations": Kind(written("deviations.yaml", DEVIATIONS), load_deviations),
}

# kind, mistake, what stands there, what is written instead, what the message says
MISTAKES = [
    ("car", "unknown key", "name: A small car", "naem: A small car", "naem.*unknown key.*'name'"),
    ("car", "wrong type", "nm: false", "nm: [1]", "nm.*boolean"),
    ("car", "missing key", "note: made for the tests; its wheel module decides what a gesture is\n", "", "note.*is missing"),
    ("car", "missing file", "small.dbc", "tall.dbc", "tall.dbc.*no such file.*small.dbc"),
    ("car", "role without signal", "signal: only/Body.Seat, ", "", "seat.driver.*role without signal.*bus/Message.Signal"),
    ("car", "signal not in the DBC", "only/Body.Seat", "only/Body.Chair", "only/Body.Chair.*no signal 'Chair'"),
    ("car", "duplicate key", "schema: 1", "schema: 1\nschema: 1", "schema.*stands twice"),
    ("car", "limit without unit", "{value: 900 ms, tol", "{value: 900, tol", "BTN-02.long_press.*900.*unit is missing.*250 ms"),
    ("car", "newer schema", "schema: 1", "schema: 2", "schema = 2.*schema 2.*Update"),
    ("car", "no schema", "schema: 1\n", "", "schema number is missing.*schema: 1"),
    ("car", "not YAML", "events:", "events: [", "not YAML"),
    ("dbc", "broken line", "SG_ Ign : 5|3@0+", "SG_ Ign : 5|3@+", "small.dbc:"),
    ("dbc", "duplicate id", "BO_ 768 Unit", "BO_ 512 Unit", "small.dbc:.*512|small.dbc:.*0x200"),
    ("dbc", "overlap", "SG_ Ign : 5|3@0+", "SG_ Ign : 6|3@0+", "small.dbc:.*Ign|small.dbc:.*Seat"),
    ("dbc", "beyond the message", "SG_ Tiny : 32|3@1+", "SG_ Tiny : 62|3@1+", "small.dbc:.*Tiny"),
    ("requirements", "unknown key", "rationale: A driver who", "rationael: A driver who", "rationael.*unknown key.*'rationale'"),
    ("requirements", "wrong type", "version: 1", "version: one", "version = 'one'.*integer"),
    ("requirements", "limit without unit", "{max: 250 ms,", "{max: 250,", "latency.max = 250.*unit is missing.*250 ms"),
    ("requirements", "duplicate id", "  BTN-02:", "  BTN-01:", "BTN-01.*stands twice"),
    ("requirements", "newer schema", "schema: 1", "schema: 3", "schema = 3.*schema 3.*Update"),
    ("requirements", "unknown status", "status: active", "status: acive", "status = 'acive'.*draft"),
    ("rig", "unknown key", "supply:", "suply:", "suply.*unknown key.*'supply'"),
    ("rig", "wrong type", "clock: virtual", "clock: sundial", "clock = 'sundial'.*virtual"),
    ("rig", "unknown driver", "supply:  {driver: memory}", "supply:  {driver: memroy}", "supply.*memroy.*'memory'"),
    ("rig", "newer schema", "schema: 1", "schema: 2", "schema = 2.*schema 2.*Update"),
    ("rig", "duplicate key", "\nio: ", "\nphone: ", "phone.*stands twice"),
    ("deviations", "unknown key", "ticket:", "tikcet:", "tikcet.*unknown key.*'ticket'"),
    ("deviations", "missing key", "    approver: QA lead\n", "", "approver.*is missing"),
    ("deviations", "newer schema", "schema: 1", "schema: 2", "schema = 2.*schema 2.*Update"),
    ("stimuli", "newer schema", "schema: 1", "schema: 2", "schema = 2.*schema 2.*Update"),
    ("stimuli", "missing file", "on_my_way.zh.flac", "on_your_way.zh.flac", "on_your_way.zh.flac"),
]  # fmt: skip


def told(read: Callable[[], object]) -> list[BadInput]:
    try:
        read()
    except BadInput as why:
        return [why]
    except SeveralBadInputs as why:
        return why.errors
    return []


@pytest.mark.parametrize("kind", KINDS)
def test_the_right_file_is_read(kind: str, tmp_path: Path) -> None:
    path = KINDS[kind].lay(tmp_path)
    assert told(lambda: KINDS[kind].read(path)) == []


@pytest.mark.parametrize(("kind", "mistake", "old", "new", "message"), MISTAKES, ids=lambda v: str(v)[:25])
def test_a_mistake_gives_one_message_with_file_line_value_and_remedy(
    kind: str, mistake: str, old: str, new: str, message: str, tmp_path: Path
) -> None:
    path = KINDS[kind].lay(tmp_path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    changed = text.replace(old, new, 1)
    path.write_text(changed, encoding="utf-8")

    errors = told(lambda: KINDS[kind].read(path))

    fitting = [e for e in errors if re.search(message, str(e), re.DOTALL)]
    assert len(fitting) == 1, [str(e) for e in errors]
    error = fitting[0]
    assert str(error).startswith(f"{path}:{error.line}: " if error.value else f"{path}:{error.line}")
    assert error.line is not None
    assert 1 <= error.line <= len(changed.splitlines()) + 1
    assert error.problem
    assert error.remedy
    assert "\n" not in str(error)
    assert "Traceback" not in str(error)


@pytest.mark.parametrize("kind", ["car", "rig", "stimuli", "deviations"])
def test_a_missing_file_is_told_with_its_name(kind: str, tmp_path: Path) -> None:
    path = KINDS[kind].lay(tmp_path)
    path.unlink()
    errors = told(lambda: KINDS[kind].read(path))
    assert [e.where for e in errors] == [path]
    assert errors[0].problem == "no such file"
    assert errors[0].remedy


@pytest.mark.parametrize("kind", ["car", "dbc", "requirements", "rig", "stimuli", "deviations"])
def test_what_is_no_text_is_refused(kind: str, tmp_path: Path) -> None:
    path = KINDS[kind].lay(tmp_path)
    path.write_bytes(b"\xff\xfe\x00 not text \x80")
    errors = told(lambda: KINDS[kind].read(path))
    assert [e.where for e in errors] == [path]
    assert errors[0].remedy

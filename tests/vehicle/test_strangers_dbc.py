"""Databases that nobody here wrote: codec and rest-bus come up, or an error names file and line. Never a traceback."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def _benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("strangers", ROOT / "benchmarks" / "strangers.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["strangers"] = module  # NamedTuple looks its annotations up there
    spec.loader.exec_module(module)
    return module


strangers = _benchmark()
FILES = strangers.files(strangers.FOREIGN)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_it_comes_up_or_the_error_names_file_and_line(path: Path) -> None:
    outcome = strangers.bring_up(path)
    if outcome.what == strangers.COMES_UP:
        assert outcome.messages == len(messages_in(path))
        assert outcome.frames >= outcome.messages
        return
    assert outcome.what == strangers.REFUSED, [str(e) for e in outcome.why]
    lines = path.read_bytes().decode("utf-8", errors="replace").splitlines()
    for error in outcome.why:
        assert error.line <= len(lines)
        names = re.findall(r"[A-Za-z_]\w+", error.value) or [""]
        assert any(name in lines[error.line - 1] for name in names), (str(error), lines[error.line - 1])


def messages_in(path: Path) -> list[str]:
    """Names of the messages as their lines in the file have them."""
    text = path.read_bytes().decode("cp1252", errors="replace")
    return re.findall(r"^\s*BO_\s+(?!3221225472\b)\d+\s+(\w+)", text, re.MULTILINE)


def test_both_outcomes_are_tried_with_real_cars() -> None:
    outcomes = [strangers.bring_up(path, draws=0).what for path in FILES if path.parent.name == "opendbc"]
    assert min(outcomes.count(strangers.COMES_UP), outcomes.count(strangers.REFUSED)) >= 10


def test_every_unmarked_extended_id_is_told_at_once() -> None:
    path = ROOT / "tests/vehicle/data/opendbc/gm_global_a_lowspeed.dbc"
    errors = strangers.bring_up(path).why
    assert len(errors) > 5
    first = errors[0]
    assert "11 bits" in first.problem
    number = int(re.findall(r"BO_ (\d+)", first.value)[0])
    assert str(number | 1 << 31) in first.remedy


def test_a_value_table_of_no_signal_is_told_with_its_own_line() -> None:
    path = ROOT / "tests/vehicle/data/opendbc/rivian_primary_actuator.dbc"
    (error,) = strangers.bring_up(path).why
    assert path.read_text(encoding="utf-8").splitlines()[error.line - 1].startswith("VAL_ 352 ACM_VehicleHoldRequired")


def test_a_message_that_is_no_can_frame_is_refused_by_the_rest_bus_only() -> None:
    path = ROOT / "tests/can/data/cantools/variable_dlc.dbc"
    database = strangers.load_dbc(path)
    assert [e.line for e in database.unsendable()]
    assert all(m.decode(m.start_data()) for m in database.messages.values() if m.signals)

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.evidence.case import read_case
from harness.evidence.exhibits import exhibits
from harness.foundation.journal import Journal


@pytest.mark.parametrize("named", ["mic.wav", "restricted/mic.wav"])
def test_what_is_restricted_is_named_and_not_shown(tmp_path: Path, named: str) -> None:
    (tmp_path / "restricted").mkdir()
    (tmp_path / "restricted" / "mic.wav").write_bytes(b"RIFF of a person's voice")
    journal = Journal(tmp_path / "journal.jsonl")
    journal.write("case", 0, id="case", runner="pytest", title="T", requirements=[], behaviour=[], vehicle="gs4")
    journal.write("attach", 0, name="microphone", file=named, type="audio/wav")
    journal.write("verdict", 0, verdict="FAIL", reason="", prerequisite=False)
    journal.close()
    shown: list[Any] = list(exhibits(read_case(tmp_path)))
    assert [exhibit.name for exhibit in shown] == ["microphone (missing)"]
    assert b"it is restricted" in shown[0].body

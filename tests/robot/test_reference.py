"""The page of keywords says what the library is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "robot-keywords.html"


def test_the_page_is_current(tmp_path: Path) -> None:
    made = tmp_path / "keywords.html"
    tool = ROOT / "tools" / "make_robot_reference.py"
    subprocess.run([sys.executable, "-P", str(tool), str(made)], cwd=ROOT, check=True, timeout=60)
    assert made.read_bytes() == PAGE.read_bytes(), "run: python tools/make_robot_reference.py"


def test_the_page_names_no_folder_of_its_maker() -> None:
    assert str(ROOT).encode() not in PAGE.read_bytes()

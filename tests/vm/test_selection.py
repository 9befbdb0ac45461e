"""The unit as a process of its own on SocketCAN: a right one passes, ten wrong ones are red, nothing is BLOCKED.

In a kernel that is emulated Python runs some fifteen times slower, so this is a few minutes of work for two cores; the
budget is ten. What it measures there is that the way from the button to the verdict holds, not how fast it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SELECTION = Path(__file__).with_name("selection.py")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    kept = os.environ.get("HIL_VM_KEEP")
    folder = Path(kept) / "selection" if kept else tmp_path_factory.mktemp("selection")
    folder.mkdir(exist_ok=True)
    done = subprocess.run([sys.executable, "-P", str(SELECTION), str(folder)], stdout=sys.stderr, check=False)
    assert done.returncode in (0, 3, 10)
    rows: list[dict[str, Any]] = json.loads((folder / "table.json").read_text("utf-8"))
    return list({(row["unit"], row["case"]): row for row in rows}.values())  # the last attempt decides


def test_a_right_unit_passes_every_scenario_of_the_selection(table: list[dict[str, Any]]) -> None:
    right = {row["case"]: (row["verdict"], row["reason"]) for row in table if row["unit"] == "right"}
    assert len(right) == 5
    assert {case: told for case, told in right.items() if told[0] != "PASS"} == {}


def test_each_of_ten_wrong_units_is_red(table: list[dict[str, Any]]) -> None:
    wrong = {row["unit"]: (row["verdict"], row["reason"]) for row in table if row["unit"] != "right"}
    assert len(wrong) == 10
    assert {unit: told for unit, told in wrong.items() if told[0] != "FAIL"} == {}

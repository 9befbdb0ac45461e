"""A small car that a test may spoil, and the real ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.vehicle.load import load_vehicle
from harness.vehicle.vehicle import Vehicle

HERE = Path(__file__).parent
GS4 = HERE.parents[1] / "dbc" / "gs4"


@pytest.fixture(scope="session")
def gs4() -> Vehicle:
    return load_vehicle(GS4)


@pytest.fixture(scope="session")
def small() -> Vehicle:
    return load_vehicle(HERE / "cars" / "small")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HERE / "cars" / "small", tmp_path / "small"))


@pytest.fixture
def spoiled(folder: Path) -> Callable[..., list[BadInput]]:
    """``spoiled(old, new, file="vehicle.yaml")``: change the small car's text, load it, and return what was wrong."""

    def spoil(old: str, new: str, file: str = "vehicle.yaml") -> list[BadInput]:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        try:
            load_vehicle(folder)
        except BadInput as why:
            return [why]
        except SeveralBadInputs as why:
            return why.errors
        return []

    return spoil

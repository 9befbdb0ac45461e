"""Dialects are data: read with their lines, each with its manual, wrong ones told with a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.supply.dialect import FOLDER, known, load_meter, load_supply

SUPPLIES = [name for name in known() if not name.startswith("meter-")]


@pytest.mark.parametrize("name", SUPPLIES)
def test_each_supply_dialect_names_its_manual_and_its_limits(name: str) -> None:
    dialect = load_supply(name)
    assert dialect.manual
    assert "{volts" in dialect.over_voltage.set[0]
    assert dialect.over_current is not None


@pytest.mark.parametrize("name", [name for name in known() if name.startswith("meter-")])
def test_each_meter_dialect_names_its_manual(name: str) -> None:
    assert load_meter(name).manual


def test_there_are_three_families_and_one_of_them_feeds_a_head_unit() -> None:
    families = [load_supply(name) for name in SUPPLIES if name != "generic"]
    assert len(families) >= 3
    assert any("10 A" in f.delivers for f in families)


def test_an_unknown_dialect_gets_a_suggestion() -> None:
    with pytest.raises(BadInput, match="rigol-dp800"):
        load_supply("rigol-dp80")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("set_voltage: ", "set_volts: ", "set_volts"),
        ("{volts:.3f}", "{volt:.3f}", "no command template"),
        ("takes_effect: 50 ms", "takes_effect: 50", "needs its unit"),
        ("takes_effect: 50 ms", "takes_effect: soon", "soon"),
        ('identification: ".+"', 'identification: "("', "no regular expression"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = (FOLDER / "generic.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises((BadInput, SeveralBadInputs), match=told) as raised:
        load_supply(str(path))
    assert "mine.yaml:" in str(raised.value)

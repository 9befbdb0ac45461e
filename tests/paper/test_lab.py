"""The laboratory's file: what is wrong in it is told with file, line, value and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.evidence.paper.lab import Lab, read_lab
from harness.foundation.errors import BadInput, SeveralBadInputs

EXAMPLE = Path(__file__).resolve().parents[2] / "reports" / "lab.yaml"


def written(folder: Path, text: str) -> Path:
    path = folder / "lab.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_everything_is_empty() -> None:
    assert read_lab(None) == Lab(schema=1)
    assert not read_lab(None).example


def test_our_example_is_marked_as_one_and_names_nobody() -> None:
    lab = read_lab(EXAMPLE)
    assert lab.example
    assert lab.laboratory.name == "Example laboratory"
    assert not any((lab.customer.name, lab.authorises.name, lab.ran, lab.instruments, lab.item.serial))


def test_our_example_shows_every_key() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for name, field in Lab.model_fields.items():
        assert f"{field.alias or name}:" in text
        for inner in getattr(field.annotation, "model_fields", {}):
            assert f"{inner}:" in text, f"{name}.{inner}"


def test_numbers_are_taken_as_they_stand(tmp_path: Path) -> None:
    lab = read_lab(written(tmp_path, "schema: 1\nitem: {serial: 2031}\nmethod: {version: 3.1}\n"))
    assert (lab.item.serial, lab.method.version) == ("2031", "3.1")


@pytest.mark.parametrize(
    ("text", "line", "value", "remedy"),
    [
        ("schema: 1\nlaboratry: {name: x}\n", 2, "laboratry", "laboratory"),
        ("schema: 1\n\nitem: {serail: x}\n", 3, "item.serail = 'x'", "serial"),
        ("schema: 1\nitem: {received: 2.11.2026}\n", 2, "item.received = '2.11.2026'", "value of that type"),
        ("schema: 1\nitem:\n  received: 2026-13-01\n", 3, "item.received = '2026-13-01'", "value of that type"),
        ("schema: 1\ninstruments:\n  - {type: x}\n", 3, "instruments.0.name", "Add 'name'"),
        ("schema: 1\nran: Wang Fang\n", 2, "ran = 'Wang Fang'", "value of that type"),
        ("schema: 2\n", 1, "schema = 2", "Update the harness"),
        ("example: true\n", 1, "schema", "schema: 1"),
        ("schema: 1\nplace: [a\n", 3, "", "indentation"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, line: int, value: str, remedy: str) -> None:
    with pytest.raises(BadInput) as told:
        read_lab(written(tmp_path, text))
    assert told.value.line == line
    assert told.value.value == value
    assert remedy in str(told.value)


def test_several_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SeveralBadInputs) as told:
        read_lab(written(tmp_path, "schema: 1\nplaice: x\ncustomer: {nmae: y}\n"))
    assert sorted(one.line or 0 for one in told.value.errors) == [2, 3]

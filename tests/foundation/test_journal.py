"""A journal that was changed or torn is found out."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.journal import BrokenChain, Journal, canonical, read_journal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def written(path: Path) -> bytes:
    journal = Journal(path)
    journal.write("case", 0, id="a", title="按下 press")
    journal.write("step", 5, name="boots", depth=0)
    journal.write("verdict", 9, verdict="PASS", reason="")
    journal.close()
    return path.read_bytes()


def test_records_come_back_in_order(path: Path) -> None:
    written(path)
    records = list(read_journal(path))
    assert [(r["n"], r["t"], r["kind"]) for r in records] == [(0, 0, "case"), (1, 5, "step"), (2, 9, "verdict")]
    assert records[0]["title"] == "按下 press"


def test_a_line_is_on_disk_as_soon_as_it_is_written(path: Path) -> None:
    journal = Journal(path)
    journal.write("step", 1, name="under way", depth=0)
    assert [r["name"] for r in read_journal(path)] == ["under way"]
    journal.close()
    journal.close()


def test_the_same_records_are_the_same_bytes(path: Path, tmp_path: Path) -> None:
    assert written(path) == written(tmp_path / "again.jsonl")


def test_a_journal_that_is_there_is_never_overwritten(path: Path) -> None:
    before = written(path)
    with pytest.raises(FileExistsError):
        Journal(path)
    assert path.read_bytes() == before


def test_canonical_form_is_sorted_and_refuses_nan() -> None:
    assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
    with pytest.raises(ValueError):
        canonical({"x": float("nan")})


def test_an_empty_journal_has_no_records(path: Path) -> None:
    Journal(path).close()
    assert list(read_journal(path)) == []


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_flipped_byte_anywhere_is_found(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.mktemp("flip") / "journal.jsonl"
    raw = bytearray(written(path))
    head = hashlib.sha256(raw.splitlines()[-1]).hexdigest()
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(raw)
    with pytest.raises(BrokenChain):
        list(read_journal(path, head=head))


def test_the_head_holds_the_last_line_too(path: Path) -> None:
    journal = Journal(path)
    journal.write("verdict", 9, verdict="FAIL", reason="")
    journal.close()
    assert [r["verdict"] for r in read_journal(path, head=journal.head)] == ["FAIL"]
    path.write_bytes(path.read_bytes().replace(b"FAIL", b"PASS"))
    with pytest.raises(BrokenChain, match="does not end"):
        list(read_journal(path, head=journal.head))


@pytest.mark.parametrize("gone", [0, 1])
def test_a_missing_line_is_found_where_the_chain_breaks(path: Path, gone: int) -> None:
    lines = written(path).splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:gone] + lines[gone + 1 :]))
    with pytest.raises(BrokenChain) as why:
        list(read_journal(path))
    assert why.value.line == gone + 1


def test_swapped_lines_are_found(path: Path) -> None:
    one, two, three = written(path).splitlines(keepends=True)
    path.write_bytes(one + three + two)
    with pytest.raises(BrokenChain):
        list(read_journal(path))


def test_the_same_content_in_another_form_is_found(path: Path) -> None:
    lines = written(path).splitlines()
    lines[-1] = json.dumps(json.loads(lines[-1])).encode()
    path.write_bytes(b"\n".join(lines) + b"\n")
    with pytest.raises(BrokenChain, match="canonical"):
        list(read_journal(path))


@pytest.mark.parametrize("keep", [1, 10, 40])
def test_a_torn_end_is_reported_unless_a_kill_is_admitted(path: Path, keep: int) -> None:
    lines = written(path).splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1] + lines[2][:keep])
    with pytest.raises(BrokenChain) as why:
        list(read_journal(path))
    assert why.value.line == 3
    assert [r["n"] for r in read_journal(path, torn_end=True)] == [0, 1]


def test_a_tear_in_the_middle_is_never_admitted(path: Path) -> None:
    lines = written(path).splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1][:20] + b"\n" + lines[2])
    with pytest.raises(BrokenChain):
        list(read_journal(path, torn_end=True))


@pytest.mark.parametrize("line", [b"[]", b"null", b"7", b'"text"', b"\xff\xfe", b""])
def test_a_line_that_is_no_record_is_found(path: Path, line: bytes) -> None:
    path.write_bytes(written(path) + line + b"\n")
    with pytest.raises(BrokenChain) as why:
        list(read_journal(path))
    assert why.value.line == 4

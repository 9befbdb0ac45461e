"""A planted secret is found in every spelling and in every kind of file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from harness.evidence.canary.known import known_secrets
from harness.evidence.canary.search import check, search
from harness.foundation.errors import BadInput
from harness.foundation.spellings import further, spelled

TOKEN, NAME = "HVK7DIAKS3JV7XQ4FBS7SMFDWY", "林悦小明"
Kinds = Mapping[str, Callable[[bytes], bytes]]


def spellings(text: str) -> dict[str, bytes]:
    """One of each name."""
    return {name: spelling for spelling, name in sorted({**spelled(text), **further(text)}.items(), reverse=True)}


def test_a_token_is_found_in_every_spelling(run: Path, kinds: Kinds, kind: str) -> None:
    planted = dict(enumerate(sorted(spellings(TOKEN).items())))
    for number, (_, told) in planted.items():
        (run / f"{number:02d}").mkdir()
        (run / f"{number:02d}" / kind).write_bytes(kinds[kind](told))
    found = search(run, known_secrets(run))
    assert {f.kind for f in found} == {"token"}
    missed = {name for number, (name, _) in planted.items() if not any(f.file[:2] == f"{number:02d}" for f in found)}
    assert missed == set()


def test_a_chinese_name_is_found_in_every_spelling(run: Path) -> None:
    planted = dict(enumerate(sorted(spellings(NAME).items())))
    for number, (_, told) in planted.items():
        (run / f"{number:02d}.txt").write_bytes(b"hello " + told + b" there")
    found = search(run, known_secrets(run))
    assert [f.file for f in found] == [f"{number:02d}.txt" for number in planted]
    assert {f.kind for f in found} == {"name"}


def test_a_file_of_each_kind_without_a_secret_is_clean(run: Path, kinds: Kinds, kind: str) -> None:
    (run / kind).write_bytes(kinds[kind](b"QWERTYUIOPASDFGHJKLZXCVBNM"))
    check(run)


def test_restricted_folders_may_hold_secrets(run: Path, kinds: Kinds, kind: str) -> None:
    (run / "cases" / "login.1" / "restricted" / kind).write_bytes(kinds[kind](TOKEN.encode()))
    check(run)


def test_the_refusal_names_file_place_kind_and_encoding(run: Path) -> None:
    (run / "summary.html").write_bytes(b"<p>" + TOKEN.encode().hex().encode() + b"</p>")
    with pytest.raises(BadInput, match=r"summary\.html at byte 3: token-[0-9a-f]{10} \(token\) as hex of utf-8"):
        check(run)

"""verify: what holds, what is refused and at which file, and what is told as not checked."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from harness.evidence.pack.write import zip_of
from harness.evidence.seal.seal import seal
from harness.evidence.seal.tamper.sample import sample
from harness.evidence.seal.verify import verify
from harness.foundation.errors import BadInput


def test_an_unpacked_zip_holds_like_the_folder_it_was_made_of(sealed: Path, keys: Any, tmp_path: Path) -> None:
    shutil.unpack_archive(zip_of(sealed), tmp_path / "unpacked")
    assert verify(tmp_path / "unpacked", keys.checking).holds


def test_a_pack_that_was_never_sealed_is_refused(tmp_path: Path, keys: Any) -> None:
    sample(tmp_path / "a", Random(1))
    for pack in (tmp_path / "a", tmp_path / "a.zip"):
        assert [str(r) for r in verify(pack, keys.checking).refusals] == [
            "seal/statement.dsse.json: is missing: this pack is not sealed"
        ]


def test_another_key_than_the_sealers_is_refused_and_both_are_named(
    sealed: Path, keys: Any, make_keys: Callable[..., Any]
) -> None:
    for kind in ("ed25519", "p256"):
        other = make_keys(f"other-{kind}", kind)
        told = str(verify(sealed, other.checking).refusals[0])
        assert keys.checking.fingerprint in told
        assert other.checking.fingerprint in told


def test_a_forged_key_id_does_not_help(sealed: Path, keys: Any, make_keys: Callable[..., Any]) -> None:
    other = make_keys("other", keys.checking.kind)
    seal(sealed, other.signing)
    envelope = sealed / "seal/statement.dsse.json"
    forged = envelope.read_bytes().replace(other.checking.fingerprint.encode(), keys.checking.fingerprint.encode())
    envelope.write_bytes(forged)
    assert [str(r) for r in verify(sealed, keys.checking).refusals] == [
        "seal/statement.dsse.json: the signature does not hold"
    ]


def test_everything_that_is_wrong_is_named_at_once(sealed: Path, keys: Any) -> None:
    (sealed / "run/run.json").write_bytes(b"{}")
    (sealed / "README.md").unlink()
    (sealed / "extra.txt").write_text("x")
    (sealed / "empty").mkdir()
    (sealed / "link").symlink_to("extra.txt")
    refused = {r.file for r in verify(sealed, keys.checking).refusals}
    assert refused == {"run/run.json", "README.md", "extra.txt", "empty", "link"}


def test_hard_links_and_times_and_modes_do_not_matter(sealed: Path, keys: Any, tmp_path: Path) -> None:
    (tmp_path / "beside").hardlink_to(sealed / "README.md")
    (sealed / "README.md").chmod(0o600)
    (sealed / "pack.json").touch()
    assert verify(sealed, keys.checking).holds


def test_a_seal_over_a_pack_json_that_says_otherwise_is_refused(sealed: Path, keys: Any) -> None:
    """Only the sealer could make it; whoever reads pack.json would be misled."""
    from harness.evidence.pack.contents import CONTENTS
    from harness.evidence.pack.hashing import digest_of
    from harness.evidence.seal.envelope import sign
    from harness.evidence.seal.statement import Subject, statement

    listed = (sealed / CONTENTS).read_text().replace('"name": "README.md"', '"name": "READ.md"')
    (sealed / CONTENTS).write_text(listed)
    names = [p.relative_to(sealed).as_posix() for p in sealed.rglob("*") if p.is_file()]
    subjects = [Subject(n, digest_of(sealed / n).sha256, "0" * 64) for n in names if not n.startswith("seal/")]
    (sealed / "seal/statement.dsse.json").write_bytes(sign(statement(subjects, {}), keys.signing))
    assert {r.file for r in verify(sealed, keys.checking).refusals} == {"README.md", "READ.md"}


def test_no_pack_at_all_is_wrong_use(tmp_path: Path, keys: Any) -> None:
    with pytest.raises(BadInput, match="no such pack"):
        verify(tmp_path / "none", keys.checking)


def test_a_file_that_is_no_zip_is_refused_by_its_name(tmp_path: Path, keys: Any) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")
    assert [r.file for r in verify(tmp_path / "x.zip", keys.checking).refusals] == ["x.zip"]

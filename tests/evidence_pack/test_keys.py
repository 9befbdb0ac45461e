"""Keys: made once, kept from others, read from files and from the environment."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.seal.keys import generate, load_public, load_signing
from harness.foundation.errors import BadInput


def test_the_private_half_is_its_owners_alone(keys: Any) -> None:
    assert keys.secret.stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE" not in keys.public.read_bytes()


@pytest.mark.parametrize("half", ["key", "pub"])
def test_a_key_is_never_written_over(tmp_path: Path, half: str) -> None:
    (tmp_path / f"lab.{half}").write_text("mine")
    with pytest.raises(BadInput, match="never written over"):
        generate(tmp_path / "lab")
    assert [p.name for p in tmp_path.iterdir()] == [f"lab.{half}"]
    assert (tmp_path / f"lab.{half}").read_text() == "mine"


def test_openssl_reads_both_halves_and_computes_the_same_fingerprint(keys: Any) -> None:
    from_private = _openssl("pkey", "-in", keys.secret, "-pubout", "-outform", "DER")
    from_public = _openssl("pkey", "-pubin", "-in", keys.public, "-outform", "DER")
    assert from_private == from_public
    assert hashlib.sha256(from_public).hexdigest() == keys.checking.fingerprint


def test_a_key_from_the_environment_is_the_same_key(keys: Any) -> None:
    found = load_signing(None, {"HIL_EVIDENCE_KEY": keys.secret.read_text()})
    assert found.public.fingerprint == keys.checking.fingerprint


def test_a_key_with_a_password_takes_it_from_the_environment(keys: Any, tmp_path: Path) -> None:
    locked = tmp_path / "locked.key"
    _openssl("pkcs8", "-topk8", "-in", keys.secret, "-out", locked, "-passout", "pass:open sesame")
    found = load_signing(locked, {"HIL_EVIDENCE_KEY_PASSWORD": "open sesame"})
    assert found.public.fingerprint == keys.checking.fingerprint
    with pytest.raises(BadInput, match="HIL_EVIDENCE_KEY_PASSWORD"):
        load_signing(locked, {})
    with pytest.raises(BadInput, match="no private key"):
        load_signing(locked, {"HIL_EVIDENCE_KEY_PASSWORD": "wrong"})


def test_no_key_at_all_says_how_to_name_one() -> None:
    with pytest.raises(BadInput, match="HIL_EVIDENCE_KEY"):
        load_signing(None, {})


def test_a_private_key_is_not_taken_for_a_public_one(make_keys: Callable[..., Any]) -> None:
    keys = make_keys()
    with pytest.raises(BadInput, match="private key"):
        load_public(keys.secret)
    with pytest.raises(BadInput, match="no private key"):
        load_signing(keys.public, {})


@pytest.mark.parametrize("kind", ["rsa", "secp384r1"])
def test_keys_of_other_kinds_are_refused(tmp_path: Path, kind: str) -> None:
    words = ["-algorithm", "RSA"] if kind == "rsa" else ["-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{kind}"]
    _openssl("genpkey", *words, "-out", tmp_path / "x.key")
    with pytest.raises(BadInput, match="ed25519 or P-256"):
        load_signing(tmp_path / "x.key", {})


@pytest.mark.parametrize(
    "content", [b"", b"text", b"\x00\xff", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"]
)
def test_what_is_no_key_is_said_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.pub").write_bytes(content)
    with pytest.raises(BadInput, match="no public key"):
        load_public(tmp_path / "x.pub")


def _openssl(*words: Any) -> bytes:
    return subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True).stdout

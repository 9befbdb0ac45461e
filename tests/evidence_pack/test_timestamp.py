"""A time-stamp over the seal, by a small authority that openssl plays."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from harness.evidence.pack.write import zip_of
from harness.evidence.seal.seal import add_timestamp, seal
from harness.evidence.seal.tamper.attack import flip
from harness.evidence.seal.verify import verify
from harness.foundation.errors import BadInput

CONFIG = """\
[tsa]
default_tsa = here
[here]
dir = {place}
serial = {place}/serial
signer_cert = {place}/tsa.pem
signer_key = {place}/tsa.key
certs = {place}/ca.pem
signer_digest = sha256
digests = sha256
default_policy = 1.2.3.4.1
ess_cert_id_chain = no
"""


@dataclass
class Authority:
    """``certificates`` is what a verifier is given."""

    place: Path
    certificates: Path

    def stamp(self, data: Path, *options: str) -> Path:
        request, answer = self.place / "request.tsq", self.place / "answer.tsr"
        openssl("ts", "-query", "-data", data, "-sha256", "-cert", "-out", request, *options)
        openssl("ts", "-reply", "-config", self.place / "tsa.cnf", "-queryfile", request, "-out", answer)
        return answer


def openssl(*words: object) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return _authority(tmp_path_factory.mktemp("tsa"))


def _authority(place: Path) -> Authority:
    (place / "tsa.cnf").write_text(CONFIG.format(place=place))
    (place / "serial").write_text("01\n")
    (place / "ext").write_text("extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n")
    new = ("req", "-newkey", "rsa:2048", "-nodes", "-sha256")
    openssl(*new, "-x509", "-days", "3650", "-subj", "/CN=Root", "-keyout", place / "ca.key", "-out", place / "ca.pem")
    openssl(*new, "-subj", "/CN=Time", "-keyout", place / "tsa.key", "-out", place / "tsa.csr")
    signed_by = ("-CA", place / "ca.pem", "-CAkey", place / "ca.key", "-days", "3650", "-set_serial", "2")
    openssl("x509", "-req", "-in", place / "tsa.csr", *signed_by, "-extfile", place / "ext", "-out", place / "tsa.pem")
    return Authority(place, place / "ca.pem")


def test_a_token_over_the_seal_is_kept_and_checked_in_folder_and_zip(
    sealed: Path, keys: Any, authority: Authority
) -> None:
    add_timestamp(sealed, authority.stamp(sealed / "seal/statement.dsse.json"), keys.signing)
    for pack in (sealed, zip_of(sealed)):
        found = verify(pack, keys.checking, authority=authority.certificates)
        assert found.holds, found.refusals
        assert found.time.endswith("GMT")
        assert found.unchecked == ()


def test_without_the_authoritys_certificates_it_is_told_as_not_checked(
    sealed: Path, keys: Any, authority: Authority
) -> None:
    add_timestamp(sealed, authority.stamp(sealed / "seal/statement.dsse.json"), keys.signing)
    found = verify(sealed, keys.checking)
    assert (found.holds, found.time) == (True, "")
    assert ["seal/timestamp.tsr" in sentence for sentence in found.unchecked] == [True]


def test_openssl_alone_checks_it_as_the_readme_says(sealed: Path, keys: Any, authority: Authority) -> None:
    add_timestamp(sealed, authority.stamp(sealed / "seal/statement.dsse.json"), keys.signing)
    command = next(
        line.strip() for line in (sealed / "README.md").read_text().splitlines() if line.startswith("    openssl ts")
    )
    shutil.copy(authority.certificates, sealed / "tsa-ca.pem")
    done = subprocess.run(["sh", "-c", command], cwd=sealed, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "Verification: OK")


def test_a_token_for_something_else_is_not_taken(sealed: Path, keys: Any, authority: Authority) -> None:
    with pytest.raises(BadInput, match="made for something else"):
        add_timestamp(sealed, authority.stamp(sealed / "pack.json"), keys.signing)
    (sealed / "junk.tsr").write_bytes(b"junk")
    with pytest.raises(BadInput, match="no answer of a time-stamp authority"):
        add_timestamp(sealed, sealed / "junk.tsr", keys.signing)


def test_a_pack_that_is_not_sealed_takes_no_token(sealed: Path, keys: Any, authority: Authority) -> None:
    token = authority.stamp(sealed / "seal/statement.dsse.json")
    shutil.rmtree(sealed / "seal")
    with pytest.raises(BadInput, match="not sealed"):
        add_timestamp(sealed, token, keys.signing)


def test_sealing_again_drops_a_token_that_speaks_of_the_old_seal(sealed: Path, keys: Any, authority: Authority) -> None:
    add_timestamp(sealed, authority.stamp(sealed / "seal/statement.dsse.json"), keys.signing)
    seal(sealed, keys.signing)
    assert not (sealed / "seal/timestamp.tsr").exists()
    assert verify(zip_of(sealed), keys.checking).unchecked == ()


@pytest.mark.parametrize("name", ["timestamp.tsr", "timestamp.dsse.json"])
def test_a_token_put_there_or_taken_away_without_the_key_is_refused(
    sealed: Path, keys: Any, authority: Authority, name: str
) -> None:
    add_timestamp(sealed, authority.stamp(sealed / "seal/statement.dsse.json"), keys.signing)
    content = (sealed / "seal" / name).read_bytes()
    (sealed / "seal" / name).unlink()
    assert f"seal/{name}" in {r.file for r in verify(sealed, keys.checking).refusals}
    (sealed / "seal" / name).write_bytes(content[:-1])
    assert {r.file for r in verify(sealed, keys.checking).refusals} <= {
        "seal/timestamp.tsr",
        "seal/timestamp.dsse.json",
    }


def test_only_the_sealers_key_lays_a_token_beside_the_seal(
    sealed: Path, make_keys: Callable[..., Any], authority: Authority
) -> None:
    token = authority.stamp(sealed / "seal/statement.dsse.json")
    with pytest.raises(BadInput, match="Give the key that it was sealed with"):
        add_timestamp(sealed, token, make_keys("other").signing)


def test_another_authority_is_refused(sealed: Path, keys: Any, authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = _authority(tmp_path / "other")
    add_timestamp(sealed, authority.stamp(sealed / "seal/statement.dsse.json"), keys.signing)
    found = verify(sealed, keys.checking, authority=other.certificates)
    assert [r.file for r in found.refusals] == ["seal/timestamp.tsr"]


def test_a_seal_without_a_token_is_refused_where_one_was_asked_for(
    sealed: Path, keys: Any, authority: Authority
) -> None:
    found = verify(sealed, keys.checking, authority=authority.certificates)
    assert [str(r) for r in found.refusals] == ["seal/timestamp.tsr: is missing: the seal bears no time"]


def test_certificates_that_are_not_there_are_wrong_use(sealed: Path, keys: Any, authority: Authority) -> None:
    add_timestamp(sealed, authority.stamp(sealed / "seal/statement.dsse.json"), keys.signing)
    with pytest.raises(BadInput, match="no such file"):
        verify(sealed, keys.checking, authority=sealed / "none.pem")


def test_any_flipped_bit_of_a_token_is_refused_with_or_without_certificates(
    sealed: Path, keys: Any, authority: Authority
) -> None:
    """Half of a token (status, certificates) is not covered by the authority's own signature."""
    add_timestamp(sealed, authority.stamp(sealed / "seal/statement.dsse.json"), keys.signing)
    token = sealed / "seal/timestamp.tsr"
    for bit in Random(3).sample(range(8 * token.stat().st_size), 40):
        flip(token, bit)
        assert [r.file for r in verify(sealed, keys.checking).refusals] == ["seal/timestamp.tsr"], bit
        flip(token, bit)
    assert verify(sealed, keys.checking, authority=authority.certificates).holds

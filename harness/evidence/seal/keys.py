"""Keys that seal packs: ed25519, or ECDSA on P-256 where a laboratory's token or policy asks for it.

A key is a PEM file (PKCS#8, SubjectPublicKeyInfo), so openssl reads it too. Its id in an envelope is its fingerprint:
the SHA-256 of the public key's DER form, which anyone can recompute:

    openssl pkey -pubin -in lab.pub -outform DER | sha256sum

A key that comes along with what it signed proves nothing; hence no public key is ever read from a pack.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness.foundation.errors import BadInput

if TYPE_CHECKING:
    from securesystemslib.signer import CryptoSigner, SSlibKey  # type: ignore[attr-defined]

KINDS = ("ed25519", "p256")
KEY_VARIABLE = "HIL_EVIDENCE_KEY"
PASSWORD_VARIABLE = "HIL_EVIDENCE_KEY_PASSWORD"  # noqa: S105 - a variable's name
_REMEDY = "It must be a PEM key, ed25519 or P-256; hil evidence keygen makes one."


@dataclass(frozen=True)
class PublicKey:
    """What a seal is checked with. ``fingerprint`` is its id, ``kind`` one of KINDS, ``raw`` its DER form."""

    fingerprint: str
    kind: str
    raw: bytes
    library: SSlibKey


@dataclass(frozen=True)
class SigningKey:
    """What a seal is made with."""

    public: PublicKey
    signer: CryptoSigner


def generate(prefix: Path, kind: str = "ed25519") -> PublicKey:
    """Write ``prefix.key`` (readable by its owner alone) and ``prefix.pub``. BadInput where one of them is there."""
    from cryptography.hazmat.primitives import serialization as forms
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    private = ed25519.Ed25519PrivateKey.generate() if kind == "ed25519" else ec.generate_private_key(ec.SECP256R1())
    secret, open_ = Path(f"{prefix}.key"), Path(f"{prefix}.pub")
    if os.path.lexists(open_):
        raise _there(open_)
    no_password = forms.NoEncryption()
    _write_new(secret, private.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, no_password), 0o600)
    pem = private.public_key().public_bytes(forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo)
    _write_new(open_, pem, 0o644)
    return load_public(open_)


def load_public(path: Path) -> PublicKey:
    """The public key in a PEM file. BadInput for anything else, a private key included."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    text = _read(path)
    if b"PRIVATE KEY" in text:
        remedy = f"Name the public half, such as {path.with_suffix('.pub').name}, and keep this one to yourself."
        raise BadInput(path, None, "", "this is a private key", remedy)
    try:
        return _public(load_pem_public_key(text), path)
    except (ValueError, UnsupportedAlgorithm) as why:
        raise BadInput(path, None, "", "no public key that can check a seal", _REMEDY) from why


def load_signing(path: Path | None, environment: Mapping[str, str]) -> SigningKey:
    """The private key in ``path``, or else in the variable HIL_EVIDENCE_KEY (the PEM text itself). A key with a
    password takes it from HIL_EVIDENCE_KEY_PASSWORD. BadInput where there is none or it cannot be read."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]

    where: str | Path = path if path is not None else f"environment variable {KEY_VARIABLE}"
    if path is not None:
        text = _read(path)
    elif environment.get(KEY_VARIABLE):
        text = environment[KEY_VARIABLE].encode()
    else:
        remedy = f"Add --key PREFIX.key, or put the PEM text into {KEY_VARIABLE}."
        raise BadInput("command line", None, "", "no key to seal with", remedy)
    password = environment.get(PASSWORD_VARIABLE)
    try:
        private = load_pem_private_key(text, password.encode() if password and b"ENCRYPTED" in text else None)
        public = _public(private.public_key(), where)
    except TypeError as why:  # the library's word for a password that is missing
        raise BadInput(where, None, "", "this key has a password", f"Put it into {PASSWORD_VARIABLE}.") from why
    except (ValueError, UnsupportedAlgorithm) as why:
        raise BadInput(where, None, "", "no private key that can make a seal", _REMEDY) from why
    return SigningKey(public, CryptoSigner(private, public.library))


def _public(key: object, where: str | Path) -> PublicKey:
    from cryptography.hazmat.primitives import serialization as forms
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]

    if isinstance(key, ed25519.Ed25519PublicKey):
        kind = "ed25519"
    elif isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        kind = "p256"
    else:
        raise BadInput(where, None, type(key).__name__, "no key of a kind that seals are made with", _REMEDY)
    raw = key.public_bytes(forms.Encoding.DER, forms.PublicFormat.SubjectPublicKeyInfo)
    fingerprint = hashlib.sha256(raw).hexdigest()
    return PublicKey(fingerprint, kind, raw, SSlibKey.from_crypto(key, keyid=fingerprint))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as why:
        raise BadInput(path, None, "", f"the key cannot be read: {why.strerror}", _REMEDY) from why


def _write_new(path: Path, content: bytes, mode: int) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
    except FileExistsError as why:
        raise _there(path) from why
    except OSError as why:
        raise BadInput(path, None, "", f"cannot be written: {why.strerror}", "Name another place.") from why


def _there(path: Path) -> BadInput:
    return BadInput(path, None, "", "is there already, and a key is never written over", "Name another --out.")

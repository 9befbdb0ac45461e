"""The DSSE envelope round a statement or a time-stamp token: signed bytes, the signature, and nothing else.

Format: DSSE v1 (https://github.com/secure-systems-lab/dsse), one signature, the key's fingerprint as its id, JSON in
canonical form on one line. Signing and checking are securesystemslib's; what it leaves open is closed here: white
space, base64 slack, further fields (it takes any within a signature), further signatures, and ECDSA's second form of
each signature (n - s for s).
"""

from __future__ import annotations

import json

from harness.evidence.seal.keys import PublicKey, SigningKey
from harness.evidence.seal.statement import canonical

IN_TOTO = "application/vnd.in-toto+json"
TIME_REPLY = "application/timestamp-reply"
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class BadSeal(Exception):
    """The envelope is not a seal by that key; the text says why."""


def sign(payload: bytes, key: SigningKey, type_: str = IN_TOTO) -> bytes:
    """The envelope's bytes."""
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import Signature  # type: ignore[attr-defined]

    envelope = Envelope(payload, type_, {})
    made = envelope.sign(key.signer)
    if key.public.kind == "p256":
        low = _low(bytes.fromhex(made.signature)).hex()
        envelope.signatures[made.keyid] = Signature(made.keyid, low)
    return canonical(envelope.to_dict())


def open_(text: bytes, key: PublicKey, type_: str = IN_TOTO) -> bytes:
    """The payload, of that type, of a seal made with ``key``. BadSeal for anything else, however slight."""
    from securesystemslib.dsse import Envelope
    from securesystemslib.exceptions import VerificationError

    try:
        envelope = Envelope.from_dict(json.loads(text))
        signatures = [{"keyid": s["keyid"], "sig": s["sig"]} for s in envelope.to_dict()["signatures"]]
        same = canonical({**envelope.to_dict(), "signatures": signatures}) == text
    except Exception as why:  # the library's own errors have no common base
        raise BadSeal(f"no DSSE envelope ({why!r})") from why
    if not same:
        raise BadSeal("the envelope's bytes are not in their canonical form")
    if envelope.payload_type != type_:
        raise BadSeal(f"the envelope holds {envelope.payload_type!r}, not {type_!r}")
    if len(envelope.signatures) != 1:
        raise BadSeal(f"{len(envelope.signatures)} signatures, one is expected")
    signature = next(iter(envelope.signatures.values()))
    if signature.keyid != key.fingerprint:
        raise BadSeal(f"sealed with the key {signature.keyid}, not with {key.fingerprint}")
    if key.kind == "p256" and _low(bytes.fromhex(signature.signature)) != bytes.fromhex(signature.signature):
        raise BadSeal("the signature is not in its canonical form")
    try:
        envelope.verify([key.library], 1)
    except VerificationError as why:
        raise BadSeal("the signature does not hold") from why
    return bytes(envelope.payload)


def _low(signature: bytes) -> bytes:
    """The form of an ECDSA signature with the smaller s, in DER. What is no signature comes back as it is."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

    try:
        r, s = decode_dss_signature(signature)
    except ValueError:
        return signature
    return encode_dss_signature(r, min(s, _P256_ORDER - s))

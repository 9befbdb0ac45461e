"""``hil evidence seal`` and ``verify``."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

from harness.evidence.pack.names import ENVELOPE
from harness.evidence.seal.keys import load_public, load_signing
from harness.evidence.seal.seal import add_timestamp, seal
from harness.evidence.seal.verify import Verified, verify

REFUSED = 1


def run_seal(pack: Path, key: Path | None, timestamp: Path | None) -> int:
    """Seal, or lay a time-stamp beside the seal. BadInput (exit code 2) where that cannot be."""
    signing = load_signing(key, os.environ)
    if timestamp is not None:
        add_timestamp(pack, timestamp, signing)
        print(f"{pack}: time-stamp token laid beside the seal")
        return 0
    made = seal(pack, signing)
    print(f"{pack}: {made.number}, {made.files} files sealed, {made.zip.name} too")
    print(f"fingerprint: {signing.public.fingerprint}")
    print(f"for a time-stamp: openssl ts -query -data {pack / ENVELOPE} -sha256 -cert -out request.tsq")
    return 0


def run_verify(pack: Path, key: Path, authority: Path | None, *, as_json: bool) -> int:
    """Exit code 0: the seal holds; 1: refused, with the file. BadInput (2) for wrong use."""
    found = verify(pack, load_public(key), authority=authority)
    if as_json:
        print(json.dumps({"schema": 1, "holds": found.holds, **asdict(found)}, ensure_ascii=False, indent=1))
    else:
        _print(found)
    return 0 if found.holds else REFUSED


def _print(found: Verified) -> None:
    for refusal in found.refusals:
        print(f"REFUSED {refusal}")
    if found.holds:
        size = f"{found.files} files, {found.size / 1e6:.1f} MB"
        print(f"{found.pack}: the seal holds: {found.number}, {found.edition}, {size}")
    else:
        print(f"{found.pack}: refused")
    print(f"key: {found.fingerprint} (compare with what the laboratory publishes)")
    if found.time:
        print(f"stamped: {found.time}")
    for sentence in found.unchecked:
        print(f"not checked: {sentence} (--tsa-ca)")

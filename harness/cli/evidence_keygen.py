"""``hil evidence keygen``: a pair of keys, and what to do with each half."""

from __future__ import annotations

from pathlib import Path

from harness.evidence.seal.keys import generate


def keygen(prefix: Path, kind: str) -> int:
    """Write both halves. BadInput (exit code 2) where one of them is there already."""
    public = generate(prefix, kind)
    print(f"{prefix}.key: {kind}, readable by you alone; whoever has it can seal in your name")
    print(f"{prefix}.pub: for whoever verifies; publish it, or its fingerprint, where no pack comes from")
    print(f"fingerprint: {public.fingerprint}")
    return 0

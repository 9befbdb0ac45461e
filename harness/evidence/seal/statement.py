"""What a seal says: an in-toto statement that a test was made, of which every file of the pack is a subject.

Formats: in-toto Statement v1 and predicate test-result v0.1 (both https://in-toto.io/attestation), JSON in canonical
form (sorted keys, no white space, UTF-8), so that one content has one byte form and ``sed`` can read it.

A subject's annotation ``zip`` is the digest of the file's bytes as they lie in the zip, header included: two deflated
streams can unpack to one content, and a zip is to be what was sealed to the last bit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.evidence.pack.names import clashes, problem_of

STATEMENT = "https://in-toto.io/Statement/v1"
TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
_CONFIGURATION = ("requirements/", "rig/", "scenarios/", "vehicle/")


@dataclass(frozen=True)
class Subject:
    """A file: SHA-256 of its content and of its bytes in the zip, in hex."""

    name: str
    sha256: str
    zipped: str


def canonical(value: Any) -> bytes:
    """The one byte form of a JSON value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def statement(subjects: Sequence[Subject], run: Mapping[str, Any]) -> bytes:
    """The statement's bytes; ``run`` is the content of ``run.json``."""
    ordered = sorted(subjects, key=lambda s: s.name)
    return canonical(
        {
            "_type": STATEMENT,
            "predicate": {
                **_result(run),
                "configuration": [
                    {"digest": {"sha256": s.sha256}, "name": s.name}
                    for s in ordered
                    if s.name.startswith(_CONFIGURATION)
                ],
            },
            "predicateType": TEST_RESULT,
            "subject": [
                {"annotations": {"zip": s.zipped}, "digest": {"sha256": s.sha256}, "name": s.name} for s in ordered
            ],
        }
    )


def subjects_of(payload: bytes) -> tuple[Subject, ...]:
    """The files a statement names. ValueError, with a sentence, for anything but the form written above."""
    try:
        data = json.loads(payload)
        if canonical(data) != payload:
            raise ValueError("the statement is not in its canonical form")
        if data["_type"] != STATEMENT or data["predicateType"] != TEST_RESULT:
            raise ValueError("the statement is of another type")
        told = tuple(
            Subject(one["name"], one["digest"]["sha256"], one["annotations"]["zip"]) for one in data["subject"]
        )
        forms = [{"annotations": {"zip": s.zipped}, "digest": {"sha256": s.sha256}, "name": s.name} for s in told]
    except (LookupError, TypeError, AttributeError, RecursionError) as why:
        raise ValueError(f"the statement is not what a seal says ({why!r})") from why
    if forms != data["subject"] or not all(_hex(s.sha256) and _hex(s.zipped) for s in told):
        raise ValueError("the statement names files in another form")
    for name in (s.name for s in told):
        if problem := problem_of(name):
            raise ValueError(f"the statement names {name!r}: {problem}")
    names = [s.name for s in told]
    if names != sorted(names) or clashes(names):
        raise ValueError("the statement names a file twice, or not in order")
    return told


def _result(run: Mapping[str, Any]) -> dict[str, Any]:
    cases = run.get("cases") or []
    covered = [str(c["id"]) for c in cases if c.get("deviation") and c["verdict"] == "FAIL"]
    by = {
        verdict: [str(c["id"]) for c in cases if c["verdict"] == verdict] for verdict in {c["verdict"] for c in cases}
    }
    failed = [*by.get("FAIL", ()), *by.get("ERROR", ())]
    unsure = [*by.get("BLOCKED", ()), *by.get("INCONCLUSIVE", ()), *covered]
    result = "FAILED" if run.get("exit_code") != 0 else "WARNED" if covered else "PASSED"
    return {
        "failedTests": sorted({name for name in failed if name not in covered}),
        "passedTests": sorted(set(by.get("PASS", ()))),
        "result": result,
        "warnedTests": sorted(set(unsure)),
    }


def _hex(text: object) -> bool:
    return isinstance(text, str) and len(text) == 64 and set(text) <= set("0123456789abcdef")

"""A time-stamp token (RFC 3161) over a seal: somebody else's word that the seal was there at that time.

It is asked for outside (``openssl ts -query -data seal/statement.dsse.json -sha256 -cert``) and laid beside the seal.
Here ``openssl ts`` checks it, as a stranger would; what it says is trusted only with the authority's certificates.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import tempfile
from pathlib import Path

from harness.foundation.errors import BadInput, RigFault

MOST_OF_A_TOKEN = 1 << 20
_TIME = re.compile(r"^Time stamp: (.+)$", re.MULTILINE)
_DUMP = re.compile(r"^ {4}[0-9a-f]{4,} - ((?:[0-9a-f]{2}[ -])+)", re.MULTILINE)
_REFUSED = re.compile(r"^Status: (?!Granted\.)(.+)$", re.MULTILINE)


def check_token(token: bytes, envelope: bytes, authority: Path) -> tuple[str, str]:
    """The time the token names, and what is wrong with it ("" when nothing is). BadInput for a bad ``authority``;
    RigFault where there is no openssl."""
    if not authority.is_file():
        raise BadInput(authority, None, "", "no such file", "Name the authority's certificates, PEM, root included.")
    with tempfile.TemporaryDirectory() as place:
        answer, data = Path(place, "token.tsr"), Path(place, "envelope")
        answer.write_bytes(token)
        data.write_bytes(envelope)
        done = _openssl("ts", "-verify", "-data", str(data), "-in", str(answer), "-CAfile", str(authority))
        if done.returncode != 0 or "Verification: OK" not in done.stdout:
            said = re.findall(r":([^:\n]+):[^:\n]*\.c:\d+", done.stderr) or [done.stderr.strip()[-200:]]
            return "", f"the time-stamp token does not hold ({', '.join(dict.fromkeys(said))})"
        return _text(answer)[0], ""


def imprint_problem(token: bytes, envelope: bytes) -> str:
    """What stands in the way of laying a token beside an envelope; "" when it was made for it."""
    with tempfile.TemporaryDirectory() as place:
        answer = Path(place, "token.tsr")
        answer.write_bytes(token)
        time, text = _text(answer)
    if refused := _REFUSED.search(text):
        return f"the authority refused it: {refused[1]}"
    if not time:
        return "this is no answer of a time-stamp authority"
    imprint = "".join("".join(line.replace("-", " ").split()) for line in _DUMP.findall(text.partition("Serial")[0]))
    if imprint != hashlib.sha256(envelope).hexdigest():
        return "this token was made for something else"
    return ""


def _text(answer: Path) -> tuple[str, str]:
    """The time in a token, and all that openssl tells about it."""
    done = _openssl("ts", "-reply", "-in", str(answer), "-text")
    found = _TIME.search(done.stdout)
    return (found[1] if found else ""), done.stdout


def _openssl(*words: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(["openssl", *words], capture_output=True, text=True, check=False)  # noqa: S607
    except FileNotFoundError as why:
        raise RigFault("time-stamp tokens are checked by openssl, and there is none; install it") from why

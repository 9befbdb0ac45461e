"""The pack's ``README.md``: what it is, what is missing, and how to check it with openssl and sha256sum alone.

The commands are in one block each, in the order to run them; a test cuts them out of a written README and runs them.
They need a POSIX shell with the usual text tools. Nothing in the text depends on where the pack lies.
"""

from __future__ import annotations

from harness.evidence.pack.contents import Contents
from harness.evidence.pack.names import CONTENTS, ENVELOPE, TIMESTAMP, TIMESTAMP_SEAL

CHECK = rf"""set -e
KEY=${{KEY:-../lab.pub}}                     # the laboratory's public key, from the laboratory
W=$(mktemp -d)
FINGERPRINT=$(openssl pkey -pubin -in "$KEY" -outform DER | sha256sum | cut -c1-64)
echo "compare with what the laboratory publishes: $FINGERPRINT"

sealed() {{   # envelope, type, where its content goes: the signature over it holds, and there is not a byte beside it
  sed 's/.*"payload":"\([^"]*\)".*/\1/' "$1" | tr -d '\n' | openssl base64 -d -A > "$3"
  sed 's/.*"sig":"\([^"]*\)".*/\1/' "$1" | tr -d '\n' | openssl base64 -d -A > "$W/signature"
  {{ printf 'DSSEv1 %d %s %d ' "${{#2}}" "$2" "$(wc -c < "$3")"; cat "$3"; }} > "$W/signed"
  openssl pkeyutl -verify -rawin -pubin -inkey "$KEY" -in "$W/signed" -sigfile "$W/signature"
  {{ printf '{{"payload":"'; openssl base64 -A -in "$3"
    printf '","payloadType":"%s","signatures":[{{"keyid":"%s","sig":"' "$2" "$FINGERPRINT"
    openssl base64 -A -in "$W/signature"; printf '"}}]}}'; }} | cmp - "$1"
}}

# 1. The seal; and the time-stamp token, where there is one
sealed {ENVELOPE} application/vnd.in-toto+json "$W/statement"
echo {ENVELOPE} > "$W/seal"
if [ -e {TIMESTAMP} ]; then
  sealed {TIMESTAMP_SEAL} application/timestamp-reply "$W/token"
  cmp "$W/token" {TIMESTAMP}
  echo {TIMESTAMP_SEAL} >> "$W/seal"; echo {TIMESTAMP} >> "$W/seal"
fi

# 2. The files: each as the statement names it
tr '{{' '\n' < "$W/statement" | sed -n 's/^"sha256":"\([0-9a-f]*\)"}},"name":"\([^"]*\)"}}.*/\1  \2/p' |
  LC_ALL=C sort -u > "$W/SHA256SUMS"
sha256sum --quiet --check --strict "$W/SHA256SUMS"

# 3. Nothing else: no further file, no link, no empty folder
{{ cut -c67- "$W/SHA256SUMS"; cat "$W/seal"; }} | LC_ALL=C sort > "$W/named"
find . -type f | cut -c3- | LC_ALL=C sort | cmp - "$W/named"
[ -z "$(find . ! -type f ! -type d; find . -type d -empty)" ]
rm -r "$W"
echo "the seal holds"
"""


def readme(contents: Contents) -> bytes:
    """The file. Of ``contents`` it needs all but the list of files."""
    run = contents.facts["run"]
    lines = [
        f"# Evidence of a test run: {contents.number}",
        "",
        "Everything that one run left: records, raw recordings, what it was judged by, and reports.",
        _edition(contents),
        "",
        "| | |",
        "|---|---|",
        f"| number | {contents.number} |",
        f"| began, ended | {run.get('started')}, {run.get('ended')} |",
        f"| command | `{run.get('command')}` |",
        f"| rig, clock | {run.get('rig')}, {run.get('clock')} |",
        f"| cars | {', '.join(sorted(contents.facts['vehicles'])) or 'none'} |",
        f"| software of the unit | {contents.facts['unit']['software'] or 'not read'} |",
        f"| verdicts | {', '.join(f'{n} {verdict}' for verdict, n in (run.get('totals') or {}).items()) or 'none'} |",
        "",
        f"`{CONTENTS}` lists every file with its size, digest and access class.",
        *_missing(contents),
        *_left_out(contents),
        "",
        "## Is it genuine, and whole?",
        f"`hil evidence verify . --key lab.pub` checks the seal `{ENVELOPE}` (DSSE round an in-toto statement that",
        "names every file). Without that program, in a POSIX shell in this folder, with openssl (3.0 or newer) and",
        "sha256sum; `KEY` names the public key of whoever sealed:",
        "",
        "```sh",
        CHECK.rstrip(),
        "```",
        "",
        "Take the key, or at least its fingerprint, from somewhere that this pack did not come from: the laboratory's",
        "site, its letterhead, a telephone. A pack that is checked with a key from beside it proves nothing.",
        "",
        f"`{TIMESTAMP}`, where it is there, is a time-stamp token (RFC 3161) over the seal, kept from change by",
        f"`{TIMESTAMP_SEAL}`. What time it names is to be believed with the authority's certificates (`tsa-ca.pem`):",
        "",
        f"    openssl ts -verify -data {ENVELOPE} -in {TIMESTAMP} -CAfile tsa-ca.pem",
        "",
        "A seal shows that these bytes are those somebody with that key sealed. It does not show that the run was not",
        "repeated until it was green: ask for the numbers of all runs, and look for attempts in `run/run.json`.",
        "",
    ]
    return "\n".join(lines).encode()


def _edition(contents: Contents) -> str:
    if contents.edition == "full":
        return "This is the full pack."
    return "This is the reduced pack: files of class *restricted* are left out."


def _missing(contents: Contents) -> list[str]:
    if not contents.missing:
        return []
    return ["", "## What is missing", *(f"- {one.what}: {one.why}" for one in contents.missing)]


def _left_out(contents: Contents) -> list[str]:
    if not contents.left_out:
        return []
    told = (f"- `{one.name}` ({one.access}): {one.why}; SHA-256 {one.sha256}" for one in contents.left_out)
    return ["", "## What is left out", *told]

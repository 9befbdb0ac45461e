"""What can be done to a pack's folder without the key."""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from harness.evidence.pack.names import CONTENTS, ENVELOPE, SEAL, TIMESTAMP, TIMESTAMP_SEAL
from harness.evidence.seal.statement import canonical
from harness.evidence.seal.tamper.attack import Attack, attack, flip, with_


def flips(folder: Path, random: Random, count: int) -> Iterator[Attack]:
    """``count`` single-bit flips: half in a file chosen by lot (so small ones and the seal get their share), half in a
    byte chosen by lot."""
    sizes = {n: (folder / n).stat().st_size for n in _files(folder)}
    names = sorted(name for name, size in sizes.items() if size)
    for number in range(count):
        name = random.choice(names) if number % 2 else random.choices(names, [sizes[n] for n in names])[0]
        bit = random.randrange(8 * sizes[name])
        kind = "bit of the seal" if name.startswith(SEAL) else "bit of a file"
        change = with_(_flip, name, bit)
        yield Attack(kind, f"{name}, bit {bit}", frozenset({name}), change, undo=change)


def others(folder: Path, random: Random, strange: bytes) -> Iterator[Attack]:
    """Everything else, for each file. ``strange``: a genuine envelope by the same key over another pack."""
    files = _files(folder)
    payload = [name for name in files if not name.startswith(SEAL)]
    for name in files:
        yield attack("removed", name, with_(_remove, name), name)
        yield attack("renamed", name, with_(_move, name, f"{name}x"), name, f"{name}x")
        if (folder / name).stat().st_size:
            yield attack("cut off", name, with_(_cut, name), name)
        yield attack("lengthened", name, with_(_append, name), name)
        yield attack("replaced by a link", name, with_(_link, name), name)
        if name != name.upper():
            yield attack("case of a name", name, with_(_move, name, name.upper()), name, name.upper())
        yield attack("replaced by a folder", name, with_(_as_folder, name), name, f"{name}/{Path(name).name}")
    for name in payload:
        yield attack("added beside", name, with_(_add, f"{name}.bak"), f"{name}.bak")
        other = random.choice([n for n in payload if n != name])
        if (folder / name).read_bytes() != (folder / other).read_bytes():
            yield attack("swapped", f"{name} and {other}", with_(_swap, name, other), name, other)
            yield attack("replaced by another", f"{name} by {other}", with_(_copy, other, name), name)
    for place in sorted({"", *(f"{parent}/" for n in payload for parent in _parents(n))}):
        yield attack("empty folder", place, with_(_make_folder, f"{place}empty"), f"{place}empty")
        yield attack("hidden file", place, with_(_add, f"{place}.x"), f"{place}.x")
        yield attack("pipe", place, with_(_pipe, f"{place}pipe"), f"{place}pipe")
        yield attack("dangling link", place, with_(_dangling, f"{place}l"), f"{place}l")
        if place:
            yield attack("folder replaced by a link", place, with_(_link, place.rstrip("/")), place.rstrip("/"))
    for name in (f"{SEAL}{n}" for n in ("x", "statement.dsse.json.sig", "lab.pub", "timestamp.tsr.old")):
        yield attack("unknown in seal", name, with_(_add, name), name)
    yield attack("no token", TIMESTAMP, with_(_add, TIMESTAMP), TIMESTAMP)
    yield attack("token of nobody", TIMESTAMP_SEAL, with_(_write, TIMESTAMP_SEAL, strange), TIMESTAMP_SEAL)
    yield attack("seal of another pack", ENVELOPE, with_(_write, ENVELOPE, strange), *payload)
    for what, change in _ENVELOPES.items():
        yield attack("envelope", what, with_(_reshape, change), ENVELOPE)


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _parents(name: str) -> list[str]:
    return [parent.as_posix() for parent in Path(name).parents if parent != Path(".")]


def _remove(pack: Path, name: str) -> None:
    (pack / name).unlink()


def _write(pack: Path, name: str, content: bytes) -> None:
    (pack / name).write_bytes(content)


def _add(pack: Path, name: str) -> None:
    (pack / name).write_bytes(b"x")


def _cut(pack: Path, name: str) -> None:
    (pack / name).write_bytes((pack / name).read_bytes()[:-1])


def _append(pack: Path, name: str) -> None:
    (pack / name).write_bytes((pack / name).read_bytes() + b"\n")


def _make_folder(pack: Path, name: str) -> None:
    (pack / name).mkdir()


def _pipe(pack: Path, name: str) -> None:
    os.mkfifo(pack / name)


def _dangling(pack: Path, name: str) -> None:
    (pack / name).symlink_to("none")


def _move(pack: Path, name: str, to: str) -> None:
    (pack / to).parent.mkdir(parents=True, exist_ok=True)
    (pack / name).rename(pack / to)


def _copy(pack: Path, name: str, to: str) -> None:
    shutil.copyfile(pack / name, pack / to)


def _swap(pack: Path, one: str, other: str) -> None:
    a, b = (pack / one).read_bytes(), (pack / other).read_bytes()
    (pack / one).write_bytes(b)
    (pack / other).write_bytes(a)


def _link(pack: Path, name: str) -> None:
    """The same bytes are found there, but the place may change tomorrow."""
    outside = pack.with_name(f"{pack.name}.outside")
    (pack / name).rename(outside)
    (pack / name).symlink_to(outside)


def _as_folder(pack: Path, name: str) -> None:
    content = (pack / name).read_bytes()
    (pack / name).unlink()
    (pack / name).mkdir()
    (pack / name / Path(name).name).write_bytes(content)


def _flip(pack: Path, name: str, bit: int) -> None:
    flip(pack / name, bit)


def _reshape(pack: Path, change: Callable[[dict[str, Any]], bytes]) -> None:
    envelope = pack / ENVELOPE
    envelope.write_bytes(change(json.loads(envelope.read_bytes())))


def _with(envelope: dict[str, Any], **changes: Any) -> bytes:
    return canonical({**envelope, **changes})


def _signature(envelope: dict[str, Any], **changes: Any) -> bytes:
    return _with(envelope, signatures=[{**envelope["signatures"][0], **changes}])


def _slack(envelope: dict[str, Any]) -> bytes:
    """Base64 of a length not divisible by three has bits that decode to nothing."""
    sig = envelope["signatures"][0]["sig"]
    at = len(sig.rstrip("=")) - 1
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return _signature(envelope, sig=sig[:at] + letters[letters.index(sig[at]) ^ 1] + sig[at + 1 :])


def _payload(envelope: dict[str, Any], old: bytes, new: bytes) -> bytes:
    changed = base64.b64decode(envelope["payload"]).replace(old, new)
    return _with(envelope, payload=base64.b64encode(changed).decode())


def _high_s(envelope: dict[str, Any]) -> bytes:
    """ECDSA's other signature of the same statement; of ed25519, S + L."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

    raw = base64.b64decode(envelope["signatures"][0]["sig"])
    if len(raw) == 64:
        order = 2**252 + 27742317777372353535851937790883648493
        other = raw[:32] + (int.from_bytes(raw[32:], "little") + order).to_bytes(32, "little")
    else:
        r, s = decode_dss_signature(raw)
        order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
        other = encode_dss_signature(r, order - s)
    return _signature(envelope, sig=base64.b64encode(other).decode())


_ENVELOPES: dict[str, Callable[[dict[str, Any]], bytes]] = {
    "a line end behind it": lambda e: canonical(e) + b"\n",
    "spaces within": lambda e: json.dumps(e, sort_keys=True).encode(),
    "indented": lambda e: json.dumps(e, sort_keys=True, indent=1).encode(),
    "other order of keys": lambda e: json.dumps(dict(reversed(e.items())), separators=(",", ":")).encode(),
    "a byte order mark": lambda e: b"\xef\xbb\xbf" + canonical(e),
    "UTF-16": lambda e: canonical(e).decode().encode("utf-16"),
    "a key twice": lambda e: canonical(e)[:-1] + b',"payloadType":"application/vnd.in-toto+json"}',
    "a key twice, the other first": lambda e: b'{"payload":"e30=",' + canonical(e)[1:],
    "escaped letters": lambda e: canonical(e).replace(b'"payload"', b'"p\\u0061yload"'),
    "another field": lambda e: _with(e, comment="x"),
    "another field in the signature": lambda e: _signature(e, cert="x"),
    "another type": lambda e: _with(e, payloadType="application/json"),
    "no signature": lambda e: _with(e, signatures=[]),
    "the signature twice": lambda e: _with(e, signatures=e["signatures"] * 2),
    "a second signature": lambda e: _with(e, signatures=[*e["signatures"], {"keyid": "0" * 64, "sig": "AAAA"}]),
    "a signature before it": lambda e: _with(e, signatures=[{"keyid": "0" * 64, "sig": "AAAA"}, *e["signatures"]]),
    "no key id": lambda e: _signature(e, keyid=""),
    "a key id in capitals": lambda e: _signature(e, keyid=e["signatures"][0]["keyid"].upper()),
    "another key id": lambda e: _signature(e, keyid="0" * 64),
    "slack of base64": _slack,
    "base64 of the web": lambda e: _signature(
        e, sig=e["signatures"][0]["sig"].replace("+", "-").replace("/", "_") + "\n"
    ),
    "base64 without its end": lambda e: _signature(e, sig=e["signatures"][0]["sig"].rstrip("=")),
    "line ends in base64": lambda e: _with(e, payload=e["payload"][:64] + "\n" + e["payload"][64:]),
    "the other form of the signature": _high_s,
    "an empty signature": lambda e: _signature(e, sig=""),
    "zeros as signature": lambda e: _signature(e, sig=base64.b64encode(bytes(64)).decode()),
    "a file less": lambda e: _payload(e, CONTENTS.encode(), b"pack.jsom"),
    "no statement": lambda e: _with(e, payload=base64.b64encode(b"{}").decode()),
    "an empty payload": lambda e: _with(e, payload=""),
    "an empty file": lambda e: b"",
    "a list": lambda e: b"[" + canonical(e) + b"]",
    "a number": lambda e: b"1",
    "deeply nested": lambda e: b"[" * 100_000,
    "not JSON": lambda e: b"\x00\xff",
}
